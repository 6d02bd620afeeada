package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperferry.MigrationProgress.Amount;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Faults;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is told of a run, how far it is, and its pauses. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
@Timeout(240)
class EventsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int DAYS = 8;

    private TestDatabase from;
    private TestDatabase to;

    @BeforeEach
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        from.execute(
                "CREATE TABLE few (id int)",
                "INSERT INTO few VALUES (1), (2)",
                "CREATE TABLE readings (time timestamptz NOT NULL, n int, note text)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, extract(minute FROM t), repeat('x', 200)"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01', TIMESTAMPTZ '2026-01-01' + INTERVAL '" + DAYS
                        + " days' - INTERVAL '1 minute', '1 minute') t",
                "ANALYZE");
    }

    private long slicesDone() {
        return to.count("SELECT count(*) FROM hyperferry.slice WHERE done_at IS NOT NULL");
    }

    private static long sessions(TestDatabase database, String condition) {
        return database.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'hyperferry' AND " + condition);
    }

    private static long tableLocks(TestDatabase database) {
        return database.count("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                + " JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE l.locktype = 'relation' AND a.datname = current_database() AND a.application_name = 'hyperferry'"
                + " AND n.nspname IN ('public', '_timescaledb_internal', 'hyperferry')");
    }

    @Test
    void a_pause_finishes_what_is_under_way_and_holds_a_snapshot_and_nothing_else() {
        List<MigrationEvent> events = new CopyOnWriteArrayList<>();
        CountDownLatch copied = new CountDownLatch(1);
        MigrationRun run = Migrations.between(from, to)
                .parallelism(2)
                .rateLimit(200_000)
                .listener(event -> {
                    events.add(event);
                    if (event instanceof MigrationEvent.SliceCopied) {
                        copied.countDown();
                    }
                })
                .start();
        await().atMost(PATIENCE).until(() -> copied.getCount() == 0);

        run.pause();
        run.pause();

        await().atMost(PATIENCE).until(() -> sessions(to, "state <> 'idle'") == 0);
        long done = slicesDone();
        assertThat(done).isBetween(1L, DAYS - 1L);
        assertThat(sessions(to, "true")).as("two workers and the leader").isEqualTo(3);
        assertThat(sessions(from, "state = 'idle in transaction'"))
                .as("the snapshot")
                .isEqualTo(1);
        assertThat(tableLocks(from)).isZero();
        assertThat(tableLocks(to)).isZero();
        MigrationProgress progress = run.progress();
        assertThat(progress.paused()).isTrue();
        assertThat(progress.step()).contains("copy data");
        assertThat(progress.total().slicesDone()).isEqualTo(done);
        assertThat(progress.total().slices()).isEqualTo(DAYS + 1L);
        assertThat(progress.total().remaining())
                .hasValueSatisfying(it -> assertThat(it).isPositive());
        assertThat(progress.total().bytesPerSecond()).isBetween(1L, 2_000_000L);
        assertThat(progress.tables()).hasSize(2);
        Amount readings = progress.tables().get(0).amount();
        assertThat(readings.estimatedRows()).isBetween(DAYS * 1_000L, DAYS * 2_000L);
        assertThat(readings.rows()).isEqualTo(1_440L * readings.slicesDone());
        assertThat(progress.tables().stream()
                        .mapToLong(it -> it.amount().bytes())
                        .sum())
                .isEqualTo(progress.total().bytes());

        run.parallelism(1);
        await().atMost(PATIENCE).until(() -> sessions(to, "true") == 2);
        run.parallelism(2);
        await().atMost(PATIENCE).until(() -> sessions(to, "true") == 3);
        assertThat(slicesDone()).as("a new worker waits, too").isEqualTo(done);

        run.liftRateLimit();
        run.resume();
        run.resume();

        assertThat(run.await().identical()).isTrue();
        run.pause();
        MigrationProgress end = run.progress();
        assertThat(end.paused()).isFalse();
        assertThat(end.stepsDone()).isEqualTo(end.steps());
        assertThat(end.total().isDone()).isTrue();
        assertThat(end.total().fraction()).isEqualTo(1);
        assertThat(end.total().remaining()).contains(Duration.ZERO);
        assertThat(end.total().rows()).isEqualTo(DAYS * 1440L + 2);
        assertThat(events).filteredOn(MigrationEvent.Paused.class::isInstance).hasSize(1);
        assertThat(events).filteredOn(MigrationEvent.Resumed.class::isInstance).hasSize(1);
        assertThat(events)
                .filteredOn(MigrationEvent.SliceCopied.class::isInstance)
                .hasSize(DAYS + 1);
    }

    @Test
    void a_run_that_is_paused_before_rows_are_copied_begins_no_step_and_can_be_cancelled() {
        CountDownLatch known = new CountDownLatch(1);
        MigrationRun[] started = new MigrationRun[1];
        MigrationRun run = Migrations.between(from, to)
                .listener(event -> {
                    if (event instanceof MigrationEvent.Planned) {
                        awaitQuietly(known);
                        started[0].pause();
                    }
                })
                .start();
        started[0] = run;
        known.countDown();
        await().atMost(PATIENCE).until(() -> run.progress().paused());
        await().atMost(PATIENCE).until(() -> sessions(to, "state = 'idle'") == 1);
        assertThat(run.progress().stepsDone()).isZero();
        assertThat(run.progress().total().slices()).isEqualTo(DAYS + 1L);

        run.cancel();

        assertThatThrownBy(run::await).isInstanceOf(MigrationCancelledException.class);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_run_is_cancelled_in_time_while_it_is_paused() {
        CountDownLatch copied = new CountDownLatch(1);
        MigrationRun run = Migrations.between(from, to)
                .parallelism(1)
                .rateLimit(200_000)
                .listener(event -> {
                    if (event instanceof MigrationEvent.SliceCopied) {
                        copied.countDown();
                    }
                })
                .start();
        await().atMost(PATIENCE).until(() -> copied.getCount() == 0);
        run.pause();
        await().atMost(PATIENCE).until(() -> sessions(to, "state <> 'idle'") == 0);
        long start = System.nanoTime();

        run.cancel();

        assertThatThrownBy(run::await).isInstanceOf(MigrationCancelledException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(Migrations.between(from, to).run().identical()).isTrue();
    }

    /** One run meets them all, and ends well; but the one of a run that fails, which another does first. */
    @Test
    void every_kind_of_event_is_told_and_a_listener_that_throws_harms_nothing_and_is_logged_with_its_stack()
            throws SQLException {
        Set<Class<?>> told = ConcurrentHashMap.newKeySet();
        CountDownLatch copying = new CountDownLatch(1);
        MigrationListener throwing = event -> {
            told.add(event.getClass());
            if (event instanceof MigrationEvent.SliceCopied) {
                copying.countDown();
            } else if (event instanceof MigrationEvent.StepStarted step
                    && step.step() instanceof Step.Verify
                    && !told.contains(MigrationEvent.Restarting.class)) {
                Faults.terminateBackends(to, "hyperferry");
            }
            throw new AssertionError("listener of " + event.getClass().getSimpleName());
        };
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try (Connection blocker = from.connect();
                Statement lock = blocker.createStatement()) {
            Migration migration = Migrations.between(from, to)
                    .parallelism(1)
                    .lockPatience(Duration.ofMillis(600))
                    .listener(throwing);
            MigrationRun cancelled = migration.start();
            cancelled.cancel();
            assertThatThrownBy(cancelled::await).isInstanceOf(MigrationCancelledException.class);
            assertThat(told).contains(MigrationEvent.Failed.class);

            blocker.setAutoCommit(false);
            lock.execute("LOCK TABLE few IN ACCESS EXCLUSIVE MODE");
            MigrationRun run = migration.rateLimit(200_000).start();
            await().atMost(PATIENCE).until(() -> told.contains(MigrationEvent.WaitingForLock.class));
            blocker.rollback();
            await().atMost(PATIENCE).until(() -> copying.getCount() == 0);
            run.pause();
            run.resume();
            await().atMost(PATIENCE).until(() -> {
                to.value("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND query LIKE 'COPY % FROM STDIN%'");
                return told.contains(MigrationEvent.Retrying.class);
            });
            run.liftRateLimit();
            assertThat(run.await().identical()).isTrue();
        } finally {
            System.setErr(before);
        }

        assertThat(told).containsExactlyInAnyOrder(MigrationEvent.class.getPermittedSubclasses());
        String log = written.toString(StandardCharsets.UTF_8);
        for (Class<?> kind : told) {
            assertThat(log)
                    .as("the stack, from its first line to where the listener was told")
                    .containsPattern(
                            "the listener failed on " + kind.getSimpleName()
                                    + "\\R.*AssertionError: listener of " + kind.getSimpleName()
                                    + "\\R\\s+at .*EventsIT\\..*\\(EventsIT\\.java:\\d+\\)\\R(?:\\s+at .*\\R)*?\\s+at .*Events\\.send\\(");
        }
    }
}
