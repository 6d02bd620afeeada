package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Workers that join a run which another process leads, whenever they come and however they or the leader end. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
@Timeout(180)
class WorkIT {
    private static final int DAYS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private TestDatabase from;
    private TestDatabase to;

    @BeforeEach
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        Migrations.fillReadings(from, DAYS);
    }

    private static FutureTask<WorkSummary> onAThread(Migration migration) {
        FutureTask<WorkSummary> work = new FutureTask<>(() -> migration.work(PATIENCE));
        Thread thread = new Thread(work, "test-work");
        thread.setDaemon(true);
        thread.start();
        return work;
    }

    private static WorkSummary end(FutureTask<WorkSummary> work) {
        try {
            return work.get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the worker did not end as it should", e);
        }
    }

    /** A leader whose one worker stands still after its first batch, in the first slice, and that says how many slices are done. */
    private Migration slowLeader(AtomicLong slicesDone, Runnable beforeRows) {
        return Migrations.between(from, to).parallelism(1).rateLimit(1).listener(event -> {
            if (event instanceof MigrationEvent.StepStarted step && step.step() instanceof Step.CopyData) {
                beforeRows.run();
            } else if (event instanceof MigrationEvent.Progress progress) {
                slicesDone.set(progress.slicesDone());
            }
        });
    }

    private long done() {
        return to.count("SELECT count(*) FROM hyperferry.slice WHERE done_at IS NOT NULL");
    }

    private void awaitLeaderInItsSlice() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(to.count("SELECT count(*) FROM pg_stat_activity WHERE datname ="
                                + " current_database() AND state = 'active' AND query LIKE 'COPY%'"))
                        .isEqualTo(1));
    }

    @Test
    void a_worker_that_was_there_first_copies_what_the_leader_saw() {
        AtomicLong seen = new AtomicLong();
        FutureTask<WorkSummary> work = onAThread(Migrations.between(from, to));
        // After the snapshot, in each chunk.
        MigrationRun run = slowLeader(
                        seen,
                        () -> from.execute("INSERT INTO readings SELECT time + INTERVAL '1 second', 99 FROM readings"
                                + " WHERE n = 30"))
                .start();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(seen).as("the leader's progress has them").hasValue(DAYS - 1));
        assertThat(Migrations.between(from, to).status().workers()).isEqualTo(1);
        assertThat(work).as("it waits for the leader's slice, too").isNotDone();

        run.liftRateLimit();

        MigrationReport report = run.await();
        WorkSummary summary = end(work);
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(summary.slices()).isEqualTo(DAYS - 1);
        assertThat(summary.rows()).isEqualTo((DAYS - 1) * 1440L);
        assertThat(summary.bytes()).isGreaterThan((DAYS - 1) * 1440L * 200);
        assertThat(report.tables()).singleElement().satisfies(it -> {
            assertThat(it.readings()).isEqualTo(Map.of("SNAPSHOT", (long) DAYS));
            assertThat(it.slicesNow()).isEqualTo(DAYS);
        });
        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(DAYS * 1440L);
        assertThat(Migrations.between(from, to).status().workers()).isZero();
        Migrations.awaitNoSession(from, to);
    }

    @Test
    void each_slice_needs_no_snapshot() {
        AtomicLong seen = new AtomicLong();
        MigrationRun run = slowLeader(
                        seen, () -> from.execute("INSERT INTO readings VALUES ('2026-01-05 12:00:30', 99)"))
                .consistency(Consistency.EACH_SLICE)
                .start();
        awaitLeaderInItsSlice();
        FutureTask<WorkSummary> work = onAThread(Migrations.between(from, to));
        await().atMost(Duration.ofSeconds(60)).until(() -> done() == DAYS - 1);

        run.liftRateLimit();

        assertThat(run.await().tables())
                .singleElement()
                .satisfies(it -> assertThat(it.readings()).isEqualTo(Map.of("EACH_SLICE", (long) DAYS)));
        assertThat(end(work).slices()).isEqualTo(DAYS - 1);
        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(DAYS * 1440L + 1);
    }

    @Test
    void without_its_leader_it_ends_its_slice_and_waits_for_the_next_one() throws SQLException {
        String second = from.value("SELECT c::text FROM show_chunks('readings') c ORDER BY c LIMIT 1 OFFSET 1");
        try (Connection blocker = from.connect();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            MigrationRun run = slowLeader(new AtomicLong(), () -> {
                        from.execute(
                                "INSERT INTO readings VALUES ('2026-01-02 12:00:30', 99), ('2026-01-06 12:00:30', 99)");
                        lock(statement, String.valueOf(second));
                    })
                    .start();
            awaitLeaderInItsSlice();
            FutureTask<WorkSummary> work =
                    onAThread(Migrations.between(from, to).parallelism(1));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> from.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                    + " AND application_name = 'hyperferry' AND wait_event_type = 'Lock'")
                            == 1);
            run.cancel();
            assertThatThrownBy(run::await).isInstanceOf(MigrationCancelledException.class);
            MigrationStatus status = Migrations.between(from, to).status();
            assertThat(status.running()).isFalse();
            assertThat(status.workers()).isEqualTo(1);
            MigrationException refused = catchThrowableOfType(
                    MigrationException.class, () -> Migrations.between(from, to).cleanUp());
            assertThat(refused.code()).isEqualTo(MigrationException.Code.ALREADY_RUNNING);
            assertThat(refused).hasMessageContaining("joined");

            blocker.rollback();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Migrations.between(from, to).status().workers() == 0);
            assertThat(done()).as("its own slice, and no other").isEqualTo(1);
            assertThat(to.value("SELECT reading || ' of attempt ' || attempt || ', rows ' || row_count"
                            + " FROM hyperferry.slice WHERE done_at IS NOT NULL"))
                    .as("still under the snapshot of the leader that is gone")
                    .isEqualTo("SNAPSHOT of attempt 1, rows 1440");
            assertThat(work).isNotDone();

            MigrationRun next = slowLeader(new AtomicLong(), () -> {}).start();
            await().atMost(Duration.ofSeconds(60)).until(() -> done() == DAYS - 1);
            next.liftRateLimit();
            MigrationReport report = next.await();
            assertThat(report.identical()).as(report.toText()).isTrue();
            assertThat(end(work).slices()).isEqualTo(DAYS - 1);
        }
        assertThat(to.count("SELECT count(*) FROM hyperferry.slice WHERE attempt = 2 AND reading = 'SNAPSHOT'"))
                .isEqualTo(DAYS - 1);
        assertThat(to.count("SELECT count(*) FROM readings WHERE n = 99"))
                .as("the second snapshot has what came after the first, but not in what was there already")
                .isEqualTo(1);
    }

    private static void lock(Statement statement, String chunk) {
        try {
            statement.execute("LOCK TABLE " + chunk + " IN ACCESS EXCLUSIVE MODE");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void when_nobody_leads_a_run_its_patience_ends() {
        Migration migration = Migrations.between(from, to);

        MigrationException nobody =
                catchThrowableOfType(MigrationException.class, () -> migration.work(Duration.ofSeconds(1)));

        assertThat(nobody.code()).isEqualTo(MigrationException.Code.NO_RUN);
        assertThat(nobody).hasMessageContaining("no run is under way: for PT1S");
        assertThat(Migrations.isUntouched(to)).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> migration.work(Duration.ofSeconds(-1)));
    }

    @Test
    void another_source_is_refused_and_the_run_goes_on() {
        TestDatabase other = from.createSibling("other");
        MigrationRun run = slowLeader(new AtomicLong(), () -> {}).start();
        awaitLeaderInItsSlice();

        PlanChangedException refused = catchThrowableOfType(
                PlanChangedException.class, () -> Migrations.between(other, to).work(PATIENCE));

        assertThat(refused.differences())
                .containsExactly("source database was " + from.name() + " when the run was started, and is "
                        + other.name() + " now");
        assertThat(done()).isZero();
        run.liftRateLimit();
        assertThat(run.await().identical()).isTrue();
    }

    @Test
    void when_all_rows_are_there_nothing_is_left_to_do() {
        assertThat(Migrations.between(from, to).run().identical()).isTrue();

        WorkSummary summary = Migrations.between(from, to).work(Duration.ZERO);

        assertThat(summary.slices()).isZero();
        assertThat(summary.rows()).isZero();
        assertThat(summary.bytes()).isZero();
    }

    @Test
    void an_interrupt_stops_it_in_time_and_costs_its_slices_only() throws InterruptedException {
        MigrationRun run = slowLeader(new AtomicLong(), () -> {}).start();
        awaitLeaderInItsSlice();
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                Migrations.between(from, to).parallelism(2).rateLimit(1).work(PATIENCE);
                ended.complete(new AssertionError("it ended by itself"));
            } catch (MigrationException e) {
                ended.complete(e);
            }
        });
        thread.start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> to.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND state = 'active' AND query LIKE 'COPY%'")
                        == 3);
        long start = System.nanoTime();

        thread.interrupt();

        assertThat(ended.join()).isInstanceOf(MigrationCancelledException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        thread.join();
        assertThat(done()).isZero();
        run.liftRateLimit();
        assertThat(run.await().identical()).isTrue();
    }
}
