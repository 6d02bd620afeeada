package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A run that stops half-way goes on where it stopped, and leaves nothing behind but its ledger. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class ResumeIT {
    private static final int DAYS = 20;

    private TestDatabase from;
    private TestDatabase to;

    @BeforeEach
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        from.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, n int, note text)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, extract(minute FROM t), repeat('x', 200)"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01', TIMESTAMPTZ '2026-01-01' + INTERVAL '" + DAYS
                        + " days' - INTERVAL '1 minute', '1 minute') t",
                "CREATE TABLE small (id int PRIMARY KEY)",
                "INSERT INTO small SELECT generate_series(1, 10)");
    }

    /** Starts a migration in which the newest chunk cannot be read before the given connection lets it go. */
    private MigrationRun startAgainst(Connection blocker) throws SQLException {
        String chunk = from.value("SELECT c::text FROM show_chunks('readings') c ORDER BY c DESC LIMIT 1");
        blocker.setAutoCommit(false);
        return Migrations.between(from, to)
                .listener(event -> {
                    if (event instanceof MigrationEvent.StepStarted step && step.step() instanceof Step.CopyData) {
                        lock(blocker, String.valueOf(chunk));
                    }
                })
                .start();
    }

    private static void lock(Connection blocker, String chunk) {
        try (Statement statement = blocker.createStatement()) {
            statement.execute("LOCK TABLE " + chunk + " IN ACCESS EXCLUSIVE MODE");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_run_that_was_cancelled_goes_on_and_copies_no_slice_twice() throws SQLException {
        Migration migration = Migrations.between(from, to);
        try (Connection blocker = from.connect()) {
            MigrationRun run = startAgainst(blocker);
            // The other workers finish all they can while one waits for the lock.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() ->
                            to.count("SELECT count(*) FROM hyperferry.slice WHERE done_at IS NOT NULL") >= DAYS / 2);
            long start = System.nanoTime();
            run.cancel();
            assertThatThrownBy(run::await).isInstanceOf(MigrationCancelledException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            blocker.rollback();
        }
        Migrations.awaitNoSession(from, to);
        long done = to.count("SELECT count(*) FROM hyperferry.slice WHERE done_at IS NOT NULL");
        assertThat(migration.status().slicesDone()).isEqualTo(done);
        assertThat(migration.status().running()).isFalse();
        assertThat(to.count("SELECT count(*) FROM readings"))
                .as("rows and marks were committed together")
                .isEqualTo(to.count(
                        "SELECT coalesce(sum(row_count), 0) FROM hyperferry.slice WHERE relation = 'public.readings'"));

        MigrationReport report = migration.run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(report.attempts()).isEqualTo(2);
        assertThat(report.tables().stream()
                        .mapToInt(MigrationReport.TableResult::slicesNow)
                        .sum())
                .isEqualTo((int) (DAYS + 1 - done));
        assertThat(to.count("SELECT count(*) FROM hyperferry.slice WHERE attempt = 1"))
                .isEqualTo(done);
    }

    @Test
    void a_failure_after_the_rows_is_told_and_mended_by_the_next_run() {
        from.execute("ALTER TABLE small ADD CONSTRAINT little CHECK (id < 5) NOT VALID");
        Migration migration = Migrations.between(from, to);
        // The constraint is fine on the source, where it is not checked; on the target it is tried, and meanwhile
        // broken.
        from.execute("CREATE FUNCTION fails(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS"
                + " $$ BEGIN IF current_setting('hyperferry_test.broken', true) = 'yes'"
                + " THEN RAISE EXCEPTION 'broken on purpose'; END IF; RETURN $1; END $$");
        from.execute("CREATE INDEX breaks ON small (fails(id))");
        to.superuser().execute("ALTER DATABASE \"" + to.name() + "\" SET hyperferry_test.broken = 'yes'");

        MigrationException failure = catchThrowableOfType(MigrationException.class, migration::run);

        assertThat(failure.code()).isEqualTo(MigrationException.Code.STEP_FAILED);
        assertThat(failure).hasMessageContaining("INDEX public.breaks").hasMessageContaining("broken on purpose");
        Migrations.awaitNoSession(from, to);
        to.superuser().execute("ALTER DATABASE \"" + to.name() + "\" RESET hyperferry_test.broken");
        MigrationReport report = migration.run();
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(report.tables()).allMatch(it -> it.slicesNow() == 0);
    }

    @Test
    void another_plan_on_the_same_target_is_refused_with_what_differs() {
        Migrations.between(from, to).splitBy(Duration.ofDays(1)).run();

        PlanChangedException refused = catchThrowableOfType(
                PlanChangedException.class,
                () -> Migrations.between(from, to)
                        .splitBy(Duration.ofHours(1))
                        .exclude("small")
                        .run());

        assertThat(refused.differences())
                .containsExactly(
                        "splitBy was PT24H when the run was started, and is PT1H now",
                        "exclude was [] when the run was started, and is [small] now");
    }

    @Test
    void two_processes_cannot_lead_into_one_target_at_a_time() throws SQLException {
        try (Connection blocker = from.connect()) {
            MigrationRun first = startAgainst(blocker);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> Migrations.between(from, to).status().slicesDone() > 0);

            MigrationException refused = catchThrowableOfType(
                    MigrationException.class, () -> Migrations.between(from, to).run());

            assertThat(refused.code()).isEqualTo(MigrationException.Code.ALREADY_RUNNING);
            blocker.rollback();
            assertThat(first.await().identical()).isTrue();
        }
    }

    @Test
    void running_a_finished_migration_again_proves_it_again() {
        Migrations.between(from, to).run();
        MigrationReport again = Migrations.between(from, to).run();
        assertThat(again.tables()).allMatch(it -> it.slicesNow() == 0 && it.identical());

        to.execute("UPDATE readings SET n = n + 1 WHERE time = '2026-01-05 12:00:00'");

        VerificationException differs = catchThrowableOfType(
                VerificationException.class, () -> Migrations.between(from, to).run());
        assertThat(differs.report().tables())
                .filteredOn(it -> !it.identical())
                .singleElement()
                .satisfies(it -> assertThat(it.mismatches())
                        .singleElement()
                        .asString()
                        .contains("2026-01-05 00:00:00+00", "1440 rows on both sides"));
    }

    @Test
    void a_row_that_the_source_never_had_is_found_outside_of_every_slice() {
        Migrations.between(from, to).run();
        to.execute("INSERT INTO readings VALUES ('2031-01-01', 1, 'stray')");

        MigrationReport report = Migrations.between(from, to).verify();

        assertThat(report.identical()).isFalse();
        assertThat(report.summaryOfDifferences()).contains("0 rows on the source, 1 on the target");
    }

    @Test
    void a_table_and_a_column_that_the_target_lost_are_named() {
        Migrations.between(from, to).run();
        to.execute("DROP TABLE small", "ALTER TABLE readings DROP COLUMN note");

        MigrationReport report = Migrations.between(from, to).verify();

        assertThat(report.summaryOfDifferences())
                .contains("public.small (the target has no such table)")
                .contains("public.readings (the target's table has no column note)")
                .contains("column public.readings.note: source text, target (missing)");
    }

    private MigrationException refusal() {
        MigrationException refused = catchThrowableOfType(
                MigrationException.class, () -> Migrations.between(from, to).run());
        assertThat(refused.code()).isEqualTo(MigrationException.Code.LEDGER_VERSION);
        return refused;
    }

    @Test
    void a_ledger_of_another_version_is_refused_and_clean_up_removes_it_and_nothing_else() {
        Migrations.between(from, to).run();
        to.execute("UPDATE hyperferry.run SET plan = regexp_replace(plan, '(\"version\" *: *)[0-9]+', '\\1' || 99)");
        assertThat(refusal())
                .hasMessageContaining("not a plan of version")
                .hasMessageContaining("finish the run with the Hyperferry that started it");
        to.execute("UPDATE hyperferry.run SET ledger_version = 99");
        assertThat(refusal()).hasMessageContaining("the target's ledger has version 99");

        Migrations.between(from, to).cleanUp();

        assertThat(to.count("SELECT count(*) FROM pg_namespace WHERE nspname = 'hyperferry'"))
                .isZero();
        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(DAYS * 1440L);
        MigrationException gone = catchThrowableOfType(
                MigrationException.class, () -> Migrations.between(from, to).status());
        assertThat(gone.code()).isEqualTo(MigrationException.Code.NO_LEDGER);
    }
}
