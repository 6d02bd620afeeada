package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.catalog.CatalogDiff;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresTimescale;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Chunks of the source that are split or merged after they were planned: every planned row is read where it is then. */
@ExtendWith(TimescaleExtension.class)
@RequiresCommunity
class MovedChunksIT {
    private static final String ROWS = "SELECT count(*), sum(hash_record_extended(r, 0)) FROM readings r";
    private static final String SPLIT = """
            DO $$ DECLARE day regclass = (SELECT c FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-02 UTC') c);
            BEGIN CALL split_chunk(day, TIMESTAMPTZ '2026-01-01 12:00 UTC'); END $$""";
    private static final String MERGE_FIRST_DAYS = """
            DO $$ DECLARE days regclass[] = (SELECT array_agg(c ORDER BY c::text)
                FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-03 UTC') c);
            BEGIN CALL merge_chunks(days); END $$""";
    private static final String MERGE_HALVES = MERGE_FIRST_DAYS.replace("2026-01-03", "2026-01-02");
    private static final int DAYS = 6;

    private TestDatabase from;
    private TestDatabase to;

    @BeforeEach
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        from.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, device int, level float8)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT TIMESTAMPTZ '2026-01-01 UTC' + i * INTERVAL '1 minute', i % 7, sin(i)"
                        + " FROM generate_series(0, 1440 * " + DAYS + " - 1) i",
                "CREATE TABLE beside AS SELECT i FROM generate_series(1, 100) i");
    }

    private void compress(String settings, String days) {
        from.execute(
                "ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'device',"
                        + " timescaledb.compress_orderby = 'time'" + settings + ")",
                "SELECT compress_chunk(c) FROM (SELECT c FROM show_chunks('readings') c ORDER BY c::text LIMIT " + days
                        + ") old");
    }

    /** Runs it, with some SQL on the source before rows are read, and some before they are compared. */
    private MigrationReport run(Consistency consistency, String before, String after) {
        AtomicInteger done = new AtomicInteger();
        MigrationReport report = Migrations.between(from, to)
                .consistency(consistency)
                .listener(event -> {
                    if (event instanceof MigrationEvent.StepStarted step) {
                        if (step.step() instanceof Step.CopyData) {
                            from.execute(before);
                            done.incrementAndGet();
                        } else if (step.step() instanceof Step.Verify) {
                            from.execute(after);
                            done.incrementAndGet();
                        }
                    }
                })
                .run();
        assertThat(done).as("the listener's exceptions are only logged").hasValue(2);
        return report;
    }

    private void assertAllThere(MigrationReport report, TestDatabase target) {
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(target.rows(ROWS)).as(report.toText()).isEqualTo(from.rows(ROWS));
        assertThat(target.count("SELECT count(*) FROM readings")).isEqualTo(1440L * DAYS);
    }

    private static Map<String, Long> readings(MigrationReport report) {
        return report.tables().stream()
                .filter(table -> table.table().name().equals("readings"))
                .findFirst()
                .orElseThrow()
                .readings();
    }

    @ParameterizedTest
    @EnumSource
    @RequiresTimescale("2.20+")
    void a_chunk_that_is_split_while_it_is_read_and_merged_again_before_the_end_arrives_whole(Consistency consistency) {
        MigrationReport report = run(consistency, SPLIT, MERGE_HALVES);

        assertAllThere(report, to);
    }

    @ParameterizedTest
    @EnumSource
    @RequiresTimescale("2.20+")
    void a_chunk_that_is_split_and_stays_so_arrives_whole_and_its_halves_are_not_said_to_be_new(
            Consistency consistency) {
        compress("", "2");

        MigrationReport report = run(consistency, SPLIT, "SELECT 1");

        assertAllThere(report, to);
        assertThat(report.leftOut()).noneMatch(line -> line.contains("made after the plan"));
    }

    /** The second run's snapshot sees the halves as they are, so nothing has changed since. */
    @Test
    @RequiresTimescale("2.20+")
    void a_chunk_that_is_split_between_two_runs_arrives_whole() {
        Migration failing = Migrations.between(from, to).retries(0).listener(event -> {
            if (event instanceof MigrationEvent.StepStarted step && step.step() instanceof Step.CopyData) {
                to.execute("ALTER TABLE readings ADD CONSTRAINT none CHECK (device IS NULL)");
            }
        });
        assertThatThrownBy(failing::run).isInstanceOf(MigrationException.class).hasMessageContaining("none");
        to.execute("ALTER TABLE readings DROP CONSTRAINT none");
        from.execute(SPLIT);

        MigrationReport report = Migrations.between(from, to).run();

        assertAllThere(report, to);
        assertThat(report.attempts()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    @RequiresTimescale("2.18+")
    void chunks_that_are_merged_arrive_once(Consistency consistency) {
        MigrationReport report = run(consistency, MERGE_FIRST_DAYS, "SELECT 1");

        assertAllThere(report, to);
        assertThat(readings(report)).doesNotContainKey("DROPPED");
    }

    /** Since 2.11, compressing a chunk can merge it with the one before: that one's compressed relation takes its rows, and it is dropped. */
    @ParameterizedTest
    @EnumSource
    void a_chunk_that_goes_into_the_one_before_as_it_is_compressed_arrives(Consistency consistency) {
        compress(", timescaledb.compress_chunk_time_interval = '3 days'", "1");

        MigrationReport report = run(
                consistency,
                "SELECT compress_chunk(c) FROM (SELECT c FROM show_chunks('readings') c ORDER BY c::text OFFSET 1 LIMIT 2) c",
                "SELECT 1");

        assertThat(from.count("SELECT count(*) FROM show_chunks('readings')")).isEqualTo(DAYS - 2);
        assertAllThere(report, to);
        assertThat(readings(report)).doesNotContainKey("DROPPED");
    }

    @ParameterizedTest
    @EnumSource
    void a_chunk_of_a_hash_partition_is_read_where_it_is_without_the_rows_of_others(Consistency consistency) {
        from.execute(
                "ALTER TABLE readings RENAME TO whole",
                "CREATE TABLE readings (time timestamptz NOT NULL, device int, level float8)",
                "SELECT create_hypertable('readings', 'time', 'device', 3, chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT time, nullif(device, 3), level FROM whole",
                "DROP TABLE whole");
        compress(", timescaledb.compress_chunk_time_interval = '2 days'", "0");
        long chunks = from.count("SELECT count(*) FROM show_chunks('readings')");

        MigrationReport report =
                run(consistency, "SELECT compress_chunk(c) FROM show_chunks('readings') c", "SELECT 1");

        assertThat(from.count("SELECT count(*) FROM show_chunks('readings')")).isLessThan(chunks);
        assertAllThere(report, to);
        assertThat(readings(report)).doesNotContainKey("DROPPED");
    }

    @ParameterizedTest
    @EnumSource
    @RequiresTimescale("2.20+")
    void whatever_is_split_and_merged_while_rows_are_read_they_arrive_once(Consistency consistency) throws Exception {
        for (long seed = 1; seed <= 3; seed++) {
            compress("", "3");
            TestDatabase target = to.createSibling("seed");
            MovedChunks chunks = new MovedChunks(from, seed);
            AtomicBoolean ended = new AtomicBoolean();
            CompletableFuture<Void> reading = new CompletableFuture<>();
            CompletableFuture<Void> moving = reading.thenRunAsync(() -> {
                while (!ended.get()) {
                    chunks.move();
                }
            });
            MigrationReport report;
            try {
                report = Migrations.between(from, target)
                        .parallelism(2)
                        .consistency(consistency)
                        .listener(event -> {
                            if (event instanceof MigrationEvent.StepStarted step
                                    && step.step() instanceof Step.CopyData) {
                                for (int i = 0; i < 8; i++) {
                                    chunks.move();
                                }
                                reading.complete(null);
                            }
                        })
                        .run();
            } finally {
                ended.set(true);
                reading.complete(null);
                moving.get();
            }

            assertThat(chunks.moves()).as("seed %d", seed).isPositive();
            assertAllThere(report, target);
        }
    }

    @Test
    @RequiresTimescale("2.20+")
    void verify_compares_the_planned_ranges_when_a_chunk_is_split_meanwhile() throws Exception {
        Migrations.between(from, to).run();

        MigrationReport report = whileBlocked(Migrations.between(from, to)::verify, SPLIT);

        assertAllThere(report, to);
    }

    @Test
    @RequiresTimescale("2.20+")
    void repair_copies_the_planned_ranges_when_a_chunk_is_split_meanwhile() throws Exception {
        Migrations.between(from, to).run();
        to.execute("DELETE FROM readings WHERE time < '2026-01-01 06:00 UTC'");

        RepairReport report = whileBlocked(Migrations.between(from, to)::repair, SPLIT);

        assertThat(report.comparison().tables()).as(report.toText()).allMatch(MigrationReport.TableResult::identical);
        assertThat(to.rows(ROWS)).isEqualTo(from.rows(ROWS));
        assertThat(report.comparison().differences())
                .as("the chunks are other ones now, as verify says at any time")
                .isNotEmpty()
                .allMatch(difference -> difference.kind() == CatalogDiff.Kind.CHUNK);
    }

    @Test
    @RequiresTimescale("2.20+")
    void catch_up_copies_the_planned_ranges_when_a_chunk_is_split_meanwhile() throws Exception {
        Migrations.between(from, to).run();
        from.execute("UPDATE readings SET level = 7 WHERE time < '2026-01-01 06:00 UTC'");

        CatchUpReport report = whileBlocked(() -> Migrations.between(from, to).catchUp(1), SPLIT);

        assertThat(to.rows(ROWS)).as(report.toText()).isEqualTo(from.rows(ROWS));
    }

    @ParameterizedTest
    @EnumSource
    @RequiresTimescale("2.20+")
    void an_export_has_the_rows_of_a_chunk_that_is_split_meanwhile(Consistency consistency, @TempDir Path directory) {
        AtomicBoolean done = new AtomicBoolean();
        Path exported = directory.resolve("export");
        Migration.from(from.url())
                .exportTo(exported)
                .consistency(consistency)
                .pgTools(Migrations.tools(from))
                .listener(event -> {
                    if (event instanceof MigrationEvent.StepStarted) {
                        from.execute(SPLIT);
                        done.set(true);
                    }
                })
                .run();
        assertThat(done).as("the listener's exceptions are only logged").isTrue();

        MigrationReport report = Migration.fromExport(exported)
                .to(to.url())
                .pgTools(Migrations.tools(to))
                .run();

        assertAllThere(report, to);
    }

    /** Does something that waits for a table that is locked until some SQL was executed on the source: the plan is made before it. */
    private <T> T whileBlocked(Supplier<T> verb, String sql)
            throws SQLException, InterruptedException, ExecutionException {
        CompletableFuture<T> result;
        try (Connection locking = from.connect();
                Statement statement = locking.createStatement()) {
            locking.setAutoCommit(false);
            statement.execute("LOCK TABLE beside IN ACCESS EXCLUSIVE MODE");
            result = CompletableFuture.supplyAsync(verb);
            Awaitility.await()
                    .until(() -> from.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                    + " AND wait_event_type = 'Lock'")
                            > 0);
            from.execute(sql);
            locking.rollback();
        }
        return result.get();
    }
}
