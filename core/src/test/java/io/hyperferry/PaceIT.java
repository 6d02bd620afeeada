package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Workers and the limit of a migration, while it is under way. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
@Timeout(180)
class PaceIT {
    private static final int DAYS = 8;

    private TestDatabase from;
    private TestDatabase to;

    @BeforeEach
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        Migrations.fillReadings(from, DAYS);
    }

    private static void awaitQueries(TestDatabase database, String like, int count) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(database.count("SELECT count(*) FROM pg_stat_activity WHERE datname ="
                                + " current_database() AND state = 'active' AND application_name = 'hyperferry'"
                                + " AND query LIKE '" + like + "'"))
                        .isEqualTo(count));
    }

    /** Starts, and says something to the run at the moment before rows are copied. */
    private MigrationRun startAndSay(Migration migration, Consumer<MigrationRun> what) {
        CompletableFuture<MigrationRun> started = new CompletableFuture<>();
        MigrationRun run = migration
                .listener(event -> {
                    if (event instanceof MigrationEvent.StepStarted step && step.step() instanceof Step.CopyData) {
                        what.accept(started.join());
                    }
                })
                .start();
        started.complete(run);
        return run;
    }

    @Test
    void both_can_be_changed_while_rows_are_copied() {
        // A worker stands still after its first batch: a chunk is larger.
        MigrationRun run =
                Migrations.between(from, to).parallelism(1).rateLimit(1).start();
        awaitQueries(to, "COPY%", 1);

        run.parallelism(3);
        awaitQueries(to, "COPY%", 3);
        assertThat(to.count("SELECT count(*) FROM hyperferry.slice WHERE done_at IS NOT NULL"))
                .isZero();
        run.parallelism(2);
        run.rateLimit(1L << 30);

        MigrationReport report = run.await();
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(DAYS * 1440L);
    }

    @Test
    void what_is_said_before_rows_are_copied_holds_from_the_first_one() {
        MigrationRun run = startAndSay(Migrations.between(from, to).parallelism(1), it -> {
            it.rateLimit(1);
            it.parallelism(2);
        });
        awaitQueries(to, "COPY%", 2);

        run.liftRateLimit();

        MigrationReport report = run.await();
        assertThat(report.identical()).as(report.toText()).isTrue();
    }

    @Test
    void steps_that_follow_begin_with_as_many_workers() throws SQLException {
        from.execute(
                "CREATE FUNCTION patient(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN i; END $$",
                "CREATE TABLE a (i int)",
                "INSERT INTO a VALUES (1)",
                "CREATE TABLE b (i int)",
                "INSERT INTO b VALUES (1)",
                "CREATE INDEX ON a (patient(i))",
                "CREATE INDEX ON b (patient(i))");
        try (Connection other = to.connect();
                Statement statement = other.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(42)");
            MigrationRun run = startAndSay(Migrations.between(from, to).parallelism(1), it -> it.parallelism(2));

            awaitQueries(to, "%CREATE INDEX%", 2);

            statement.execute("SELECT pg_advisory_unlock(42)");
            MigrationReport report = run.await();
            assertThat(report.identical()).as(report.toText()).isTrue();
        }
    }

    @Test
    void a_limited_run_is_cancelled_in_time_and_goes_on_without_a_limit() {
        Migration migration = Migrations.between(from, to);
        MigrationRun run = migration.rateLimit(1).start();
        awaitQueries(to, "COPY%", 3);
        long start = System.nanoTime();

        run.cancel();

        assertThatThrownBy(run::await).isInstanceOf(MigrationCancelledException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(migration.run().identical()).isTrue();
    }

    @Test
    void what_makes_no_sense_is_refused_and_the_run_goes_on() {
        MigrationRun run = Migrations.between(from, to).start();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> run.parallelism(0))
                .withMessage("parallelism must be at least 1, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run.rateLimit(-1))
                .withMessage("rateLimit must be at least 1 byte a second, not -1");

        assertThat(run.await().identical()).isTrue();
        run.parallelism(2);
        run.liftRateLimit();
    }
}
