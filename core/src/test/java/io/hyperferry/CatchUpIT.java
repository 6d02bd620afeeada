package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.CatchUpReport.Pass;
import io.hyperferry.RepairReport.Repair;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A catch-up follows what changed on the source, moves nothing else, and ends where both sides are the same. */
@ExtendWith(TimescaleExtension.class)
class CatchUpIT {
    private static final int DAYS = 12;

    private TestDatabase from;
    private TestDatabase to;
    private Migration migration;

    @BeforeEach
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        to.letTriggersRest();
        migration = Migrations.between(from, to);
        from.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, device int NOT NULL, level int)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '10 minutes', i % 3, i"
                        + " FROM generate_series(0, " + DAYS + " * 144 - 1) i",
                "CREATE TABLE devices (id int PRIMARY KEY, name text)",
                "INSERT INTO devices SELECT i, 'device ' || i FROM generate_series(1, 20) i",
                "CREATE TABLE alarms (id bigserial PRIMARY KEY, device int NOT NULL REFERENCES devices ON DELETE CASCADE)",
                "INSERT INTO alarms (device) SELECT i FROM generate_series(1, 20) i",
                // Read after devices, and before alarms, by their names and sizes.
                "CREATE TABLE \"Checks; done\" (device int REFERENCES devices ON DELETE CASCADE, note text)");
        if (from.server().community()) {
            from.execute(
                    "ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'device',"
                            + " timescaledb.compress_orderby = 'time')",
                    "SELECT compress_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-07 00:00+00') c");
        }
    }

    /** Only a superuser can state how far the target's aggregates are. */
    private boolean aggregatesFollow() {
        return from.server().community() && to.user().equals(to.superuser().user());
    }

    private void assertEqual() {
        MigrationReport report = migration.verify();
        assertThat(report.identical()).as(report.summaryOfDifferences()).isTrue();
        for (String table : List.of("readings", "devices", "alarms", "\"Checks; done\"")) {
            String digest = "SELECT count(*), sum(hash_record_extended(t, 0)) FROM " + table + " t";
            assertThat(to.rows(digest)).as(table).isEqualTo(from.rows(digest));
        }
        String sequence = "SELECT last_value, is_called FROM alarms_id_seq";
        assertThat(to.rows(sequence)).isEqualTo(from.rows(sequence));
        for (String child : List.of("alarms", "\"Checks; done\"")) {
            assertThat(to.count("SELECT count(*) FROM " + child
                            + " c WHERE NOT EXISTS (SELECT FROM devices d WHERE d.id = c.device)"))
                    .as("orphans in " + child)
                    .isZero();
        }
    }

    /** An application that writes until it is told to stop. */
    private final class Writers implements AutoCloseable {
        private final Thread thread = new Thread(this::write, "writers");
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final Queue<String> besides = new ConcurrentLinkedQueue<>();
        private volatile boolean stopped;
        private final AtomicInteger rounds = new AtomicInteger();

        Writers start() {
            thread.start();
            return this;
        }

        private void write() {
            try (Connection connection = from.connect();
                    Statement statement = connection.createStatement()) {
                while (!stopped || !besides.isEmpty()) {
                    for (String sql : round(rounds.get())) {
                        statement.execute(sql);
                    }
                    for (String sql = besides.poll(); sql != null; sql = besides.poll()) {
                        statement.execute(sql);
                    }
                    rounds.incrementAndGet();
                }
            } catch (SQLException | RuntimeException e) {
                failure.set(e);
            }
        }

        /** What happens in one of them: all that can happen to rows, and new chunks. */
        private List<String> round(int i) {
            int device = 100 + i;
            int day = 1 + i % DAYS;
            String late = String.format(
                    Locale.ROOT, "TIMESTAMPTZ '2026-01-%02d 05:00+00' + %d * INTERVAL '1 second'", day, i % 3600);
            return List.of(
                    "INSERT INTO readings VALUES (TIMESTAMPTZ '2026-02-01 00:00+00' + " + i
                            + " * INTERVAL '1 hour', 1, " + i + ")",
                    "INSERT INTO readings VALUES (" + late + ", 2, " + i + ")",
                    "UPDATE readings SET level = level + 1 WHERE time BETWEEN " + late + " AND " + late
                            + " + INTERVAL '1 hour'",
                    "DELETE FROM readings WHERE device = 0 AND time BETWEEN " + late + " AND " + late
                            + " + INTERVAL '10 minutes'",
                    "INSERT INTO devices VALUES (" + device + ", 'new')",
                    "INSERT INTO alarms (device) VALUES (" + device + ")",
                    "INSERT INTO \"Checks; done\" VALUES (" + device + ", 'x')",
                    "DELETE FROM devices WHERE id = " + (device - 3),
                    "UPDATE devices SET name = name || '+' WHERE id = " + (1 + i % 20));
        }

        /** Does this, too, between its own statements. */
        void alsoDo(String... sql) {
            besides.addAll(List.of(sql));
            awaitMore();
        }

        void awaitMore() {
            int before = rounds.get();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> rounds.get() > before + 5 || !thread.isAlive());
        }

        @Override
        public void close() throws InterruptedException {
            stopped = true;
            thread.join();
            assertThat(failure.get()).isNull();
        }
    }

    @Test
    void what_an_application_writes_meanwhile_is_there_when_it_has_stopped() throws InterruptedException {
        if (aggregatesFollow()) {
            from.execute("CREATE MATERIALIZED VIEW hourly WITH (timescaledb.continuous) AS"
                    + " SELECT time_bucket('1 hour', time) AS hour, sum(level) AS level FROM readings GROUP BY 1");
        }
        try (Writers writers = new Writers().start()) {
            writers.awaitMore();
            migration.run();
            writers.awaitMore();
            CatchUpReport first = migration.catchUp(2);
            assertThat(first.passes())
                    .hasSize(2)
                    .allSatisfy(it -> assertThat(it.copied()).isPositive());
            assertThat(first.still()).isFalse();
            writers.alsoDo("SELECT drop_chunks('readings', older_than => TIMESTAMPTZ '2026-01-03 00:00+00')");
            migration.catchUp(1);
            if (from.server().community()) {
                writers.alsoDo(
                        "SELECT compress_chunk(c) FROM show_chunks('readings', newer_than => TIMESTAMPTZ '2026-01-08 00:00+00',"
                                + " older_than => TIMESTAMPTZ '2026-01-10 00:00+00') c");
            }
            if (aggregatesFollow()) {
                writers.alsoDo(
                        "CALL refresh_continuous_aggregate('hourly', '2026-01-05 00:00+00', '2026-02-02 00:00+00')");
            }
            migration.catchUp(1);
        }

        CatchUpReport last = migration.catchUp();

        assertThat(last.still()).as(last.toText()).isTrue();
        assertThat(last.toText()).contains("CAUGHT UP");
        assertEqual();
        if (aggregatesFollow()) {
            String hours = "SELECT hour, level FROM hourly ORDER BY 1";
            assertThat(to.rows(hours)).isEqualTo(from.rows(hours));
        }
        CatchUpReport again = migration.catchUp();
        assertThat(again.passes())
                .singleElement()
                .satisfies(it -> assertThat(it.still()).isTrue());
        assertThat(again.notices()).isEmpty();
        // A run goes on from what the ledger knows, which is more now than the plan.
        assertThat(migration.run().identical()).isTrue();
    }

    @Test
    @RequiresCommunity
    void what_changed_moves_and_nothing_else() {
        migration = migration.splitBy(Duration.ofHours(6));
        migration.run();

        CatchUpReport nothing = migration.catchUp();
        assertThat(nothing.passes())
                .singleElement()
                .satisfies(it -> assertThat(it.still()).isTrue());

        from.execute("UPDATE readings SET level = -1 WHERE time = '2026-01-03 12:00+00'");
        CatchUpReport packed = migration.catchUp();
        assertThat(packed.passes()).hasSize(2);
        assertThat(packed.passes().get(0).moves()).singleElement().satisfies(it -> {
            assertThat(it.slices()).hasSize(1);
            assertThat(it.deleted()).isEqualTo(144);
            assertThat(it.copied()).isEqualTo(144);
        });
        assertThat(to.rows("SELECT status FROM _timescaledb_catalog.chunk WHERE status <> 0"))
                .as("compressed, and not in part")
                .hasSize(6)
                .containsOnly(List.of("1"));

        from.execute("UPDATE readings SET level = -1 WHERE time = '2026-01-09 12:00+00'");
        assertThat(only(migration.catchUp())).satisfies(it -> {
            assertThat(it.ranges()).singleElement().asString().contains("2026-01-09 12:00", "2026-01-09 18:00");
            assertThat(it.copied()).isEqualTo(36);
        });

        // The first is compressed, the second is not and has four slices.
        from.execute(
                "SELECT drop_chunks('readings', older_than => TIMESTAMPTZ '2026-01-02 00:00+00')",
                "SELECT drop_chunks('readings', newer_than => TIMESTAMPTZ '2026-01-12 00:00+00')",
                "INSERT INTO readings VALUES ('2026-03-01 12:00+00', 1, 1)",
                "SELECT compress_chunk(c) FROM show_chunks('readings', newer_than => TIMESTAMPTZ '2026-03-01 00:00+00') c",
                "SELECT decompress_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-03 00:00+00') c");
        Pass chunks = migration.catchUp().passes().get(0);
        assertThat(chunks.moves()).extracting(Repair::deleted).containsExactlyInAnyOrder(144L, 144L, 0L);
        assertThat(chunks.chunks()).hasSize(3);
        assertThat(to.count("SELECT count(*) FROM show_chunks('readings')")).isEqualTo(DAYS - 1);
        assertEqual();
        assertThat(migration.run().identical()).isTrue();

        from.execute("ALTER TABLE devices ADD COLUMN place text", "UPDATE devices SET place = 'attic' WHERE id = 1");
        assertThatThrownBy(migration::catchUp)
                .isInstanceOf(PreflightException.class)
                .hasMessageContaining("TABLE_CHANGED (public.devices)")
                .hasMessageContaining("no column place");
        to.execute("ALTER TABLE devices ADD COLUMN place text");
        assertThat(only(migration.catchUp()).table().name()).isEqualTo("devices");
        assertThat(to.count("SELECT count(*) FROM alarms")).isEqualTo(20);
        assertEqual();
    }

    private static Repair only(CatchUpReport report) {
        assertThat(report.still()).as(report.toText()).isTrue();
        assertThat(report.passes().get(0).moves()).hasSize(1);
        return report.passes().get(0).moves().get(0);
    }

    @Test
    void it_needs_a_whole_run_and_goes_on_after_it_was_cancelled() throws Exception {
        assertCode(MigrationException.Code.NO_LEDGER, migration::catchUp);
        CompletableFuture<MigrationRun> running = new CompletableFuture<>();
        running.complete(migration
                .listener(event -> {
                    if (event instanceof MigrationEvent.StepStarted it && it.step() instanceof Step.CopyData) {
                        running.join().cancel();
                    }
                })
                .start());
        assertThatThrownBy(() -> running.join().await()).isInstanceOf(MigrationCancelledException.class);
        assertCode(MigrationException.Code.NOT_FINISHED, migration::catchUp);
        migration.run();

        from.execute("UPDATE readings SET level = -1 WHERE time = date_trunc('day', time)");
        try (Connection blocker = to.connect();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute(
                    "SELECT FROM hyperferry.slice WHERE relation = 'public.readings' ORDER BY position LIMIT 1 FOR UPDATE");
            CompletableFuture<CatchUpReport> result = new CompletableFuture<>();
            Thread catching = new Thread(
                    () -> {
                        try {
                            result.complete(migration.catchUp());
                        } catch (RuntimeException e) {
                            result.completeExceptionally(e);
                        }
                    },
                    "catching");
            catching.start();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> to.count("SELECT count(*) FROM readings WHERE level = -1") == DAYS - 1);
            assertCode(MigrationException.Code.ALREADY_RUNNING, migration::run);
            Instant cancelled = Instant.now();
            catching.interrupt();
            assertThatThrownBy(result::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(MigrationCancelledException.class);
            assertThat(Duration.between(cancelled, Instant.now())).isLessThan(Duration.ofSeconds(2));
            blocker.rollback();
        }
        Migrations.awaitNoSession(from, to);
        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(DAYS * 144L);

        assertThat(only(migration.catchUp()).copied()).isEqualTo(144);
        assertEqual();
    }

    private static void assertCode(MigrationException.Code code, Runnable verb) {
        assertThatThrownBy(verb::run)
                .isInstanceOfSatisfying(
                        MigrationException.class, it -> assertThat(it.code()).isEqualTo(code));
    }
}
