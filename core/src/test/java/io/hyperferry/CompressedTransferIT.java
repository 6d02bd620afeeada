package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperferry.MigrationReport.TableResult;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresSuperuser;
import io.hyperferry.testkit.RequiresTimescale;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Compressed chunks that travel as the tuples that they have, and those that cannot. */
@ExtendWith(TimescaleExtension.class)
@RequiresCommunity
class CompressedTransferIT {
    private static final String TUPLES = """
            SELECT count(*), sum((SELECT count(*) FROM readings r WHERE r.time >= c.range_start AND r.time < c.range_end))
            FROM timescaledb_information.chunks c WHERE c.hypertable_name = 'readings' AND c.is_compressed""";
    private static final String SIZES = """
            SELECT before_compression_total_bytes > 0, after_compression_total_bytes > 0, number_compressed_chunks
            FROM hypertable_compression_stats('readings')""";

    private TestDatabase from;
    private TestDatabase to;

    @BeforeEach
    void create(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        from.execute(
                "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
                "CREATE TABLE readings (time timestamptz NOT NULL, device text NOT NULL, level float, feels mood,"
                        + " tags text[], doc jsonb, n numeric(10,2), twice float GENERATED ALWAYS AS (level * 2) STORED)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "CREATE INDEX ON readings (n)",
                "ALTER TABLE readings ADD PRIMARY KEY (device, time)",
                "INSERT INTO readings SELECT t, 'd' || n, sin(n), (ARRAY['sad', 'ok', 'happy', NULL]::mood[])[1 + n % 4],"
                        + " ARRAY['a' || n, NULL], jsonb_build_object('n', n, 'at', t), n / 3.0"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01 UTC', '2026-01-06 23:50 UTC', '10 minutes') t,"
                        + " generate_series(1, 5) n",
                "ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'device',"
                        + " timescaledb.compress_orderby = 'time DESC')",
                "SELECT compress_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-05 UTC') c");
    }

    @Test
    void compressed_tuples_travel_as_they_are_and_the_chunks_work_like_any_other() {
        sameVersions();

        MigrationReport report = run(migration());

        assertThat(readings(report).asTuples()).as(report.toText()).isEqualTo(4);
        assertThat(readings(report).refusals()).isEmpty();
        assertThat(to.rows(TUPLES)).isEqualTo(from.rows(TUPLES));
        assertThat(to.rows(SIZES)).isEqualTo(from.rows(SIZES));
        for (TestDatabase database : List.of(from, to)) {
            database.execute(
                    "INSERT INTO readings VALUES ('2026-01-02 00:05 UTC', 'd1', 1), ('2026-01-02 00:10 UTC', 'd9', 1)",
                    "UPDATE readings SET level = 7 WHERE device = 'd2' AND time < '2026-01-01 12:00 UTC'",
                    "DELETE FROM readings WHERE device = 'd3' AND time < '2026-01-03 UTC'",
                    "SELECT compress_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-05 UTC') c",
                    "SELECT decompress_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-02 UTC') c");
        }
        assertThat(to.rows("SELECT count(*), sum(hashtextextended(r::text, 0)) FROM readings r"))
                .isEqualTo(from.rows("SELECT count(*), sum(hashtextextended(r::text, 0)) FROM readings r"));
        assertThat(to.rows("SELECT time, level FROM readings WHERE device = 'd4' ORDER BY time DESC LIMIT 9"))
                .isEqualTo(
                        from.rows("SELECT time, level FROM readings WHERE device = 'd4' ORDER BY time DESC LIMIT 9"));
    }

    @Test
    void rows_of_a_partly_compressed_chunk_come_with_its_tuples_and_a_frozen_chunk_stays_frozen() {
        sameVersions();
        from.execute(
                "INSERT INTO readings VALUES ('2026-01-02 00:05 UTC', 'd1', 1)",
                "SELECT _timescaledb_functions.freeze_chunk(c)"
                        + " FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-02 UTC') c");

        MigrationReport report = run(migration());

        assertThat(readings(report).asTuples()).as(report.toText()).isEqualTo(4);
        assertThat(to.rows(TUPLES)).isEqualTo(from.rows(TUPLES));
        assertThat(to.count("SELECT count(*) FROM _timescaledb_catalog.chunk WHERE status & 4 <> 0"))
                .isEqualTo(1);
    }

    @Test
    void chunks_with_settings_of_their_own_keep_them() {
        sameVersions();
        from.execute(
                "ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = '',"
                        + " timescaledb.compress_orderby = 'device, time')",
                "SELECT compress_chunk(c) FROM show_chunks('readings', newer_than => TIMESTAMPTZ '2026-01-06 UTC') c");
        String settings = """
                SELECT range_start, s.segmentby, s.orderby FROM timescaledb_information.chunks c
                JOIN timescaledb_information.chunk_compression_settings s
                    ON s.chunk = format('%I.%I', c.chunk_schema, c.chunk_name)::regclass ORDER BY 1""";

        MigrationReport report = run(migration());

        assertThat(readings(report).asTuples()).as(report.toText()).isEqualTo(5);
        assertThat(to.rows(settings)).isEqualTo(from.rows(settings)).hasSize(5);
        assertThat(to.rows(TUPLES)).isEqualTo(from.rows(TUPLES));
    }

    @Test
    @RequiresTimescale("2.22+")
    void what_the_server_decides_by_the_rows_is_decided_for_the_chunks_and_left_open_for_those_to_come() {
        sameVersions();
        from.execute(
                "CREATE TABLE open (time timestamptz NOT NULL, k int)",
                "SELECT create_hypertable('open', 'time', create_default_indexes => false)",
                "CREATE INDEX ON open (k)",
                "INSERT INTO open SELECT TIMESTAMPTZ '2026-01-01 UTC' + i * INTERVAL '1 minute', i % 3"
                        + " FROM generate_series(1, 3000) i",
                "ALTER TABLE open SET (timescaledb.compress)",
                "ANALYZE open",
                "SELECT compress_chunk(c) FROM show_chunks('open') c");

        MigrationReport report = run(migration());

        assertThat(report.tables())
                .filteredOn(it -> it.table().name().equals("open"))
                .singleElement()
                .satisfies(it -> assertThat(it.asTuples()).isEqualTo(it.slices()));
        String settings = "SELECT segmentby, orderby FROM timescaledb_information.hypertable_compression_settings"
                + " WHERE hypertable = 'open'::regclass";
        assertThat(to.rows(settings)).isEqualTo(from.rows(settings));
    }

    @Test
    void a_chunk_whose_relation_the_target_makes_otherwise_travels_as_rows_and_the_report_says_why() {
        sameVersions();
        from.execute("CREATE INDEX ON readings (level)");

        MigrationReport report = run(migration());

        if (readings(report).asTuples() == 0) {
            assertThat(readings(report).refusals())
                    .singleElement()
                    .asString()
                    .contains("4 compressed chunks travel as rows: the target's compressed relation has in addition");
        } else {
            // Versions that give no index of columnstore to a float make the same relation.
            assertThat(readings(report).refusals()).isEmpty();
        }
        assertThat(report.toText()).contains(readings(report).refusals());
        assertThat(to.rows(TUPLES)).isEqualTo(from.rows(TUPLES));
    }

    @Test
    void tuples_travel_whatever_the_order_of_the_columns_is() {
        sameVersions();
        from.execute(
                "CREATE TABLE ordered (filler text, time timestamptz NOT NULL, device int, dead int, level int, note text)",
                "SELECT create_hypertable('ordered', 'time', chunk_time_interval => INTERVAL '1 day')",
                "CREATE INDEX ON ordered (device, time)",
                "INSERT INTO ordered SELECT 'f', TIMESTAMPTZ '2026-01-01 UTC' + g * INTERVAL '20 minutes', g % 3, g, g * 2, 'n' || g % 5"
                        + " FROM generate_series(1, 150) g",
                "ALTER TABLE ordered SET (timescaledb.compress, timescaledb.compress_segmentby = 'note', timescaledb.compress_orderby ="
                        + " 'time DESC')",
                "ALTER TABLE ordered DROP COLUMN dead",
                "ALTER TABLE ordered ADD COLUMN added text",
                "ALTER TABLE ordered DROP COLUMN filler",
                "ALTER TABLE ordered RENAME COLUMN level TO \"the level\"",
                "INSERT INTO ordered SELECT TIMESTAMPTZ '2026-01-10 UTC' + g * INTERVAL '20 minutes', g % 3, g, 'w' || g % 5, 'a' || g"
                        + " FROM generate_series(1, 150) g",
                "SELECT compress_chunk(c) FROM show_chunks('ordered') c");

        MigrationReport report = run(migration());

        assertThat(report.tables())
                .filteredOn(table -> table.table().name().equals("ordered"))
                .singleElement()
                .satisfies(table -> assertThat(table.asTuples())
                        .as(report.toText())
                        .isEqualTo(from.count("SELECT count(*) FROM show_chunks('ordered')")));
        String rows = "SELECT count(*) || ' ' || sum(hashtextextended(o::text, 0)) FROM ordered o";
        assertThat(to.value(rows)).isEqualTo(from.value(rows));
    }

    @Test
    void a_chunk_older_than_a_column_with_a_default_travels_as_rows() {
        from.execute("ALTER TABLE readings ADD COLUMN place text DEFAULT 'here'");

        MigrationReport report = run(migration());

        assertThat(readings(report).asTuples()).as(report.toText()).isZero();
        assertThat(readings(report).refusals()).hasSize(1);
        assertThat(to.count("SELECT count(*) FROM readings WHERE place = 'here'"))
                .isEqualTo(from.count("SELECT count(*) FROM readings"));
    }

    @Test
    void what_happens_to_chunks_on_the_source_meanwhile_loses_and_doubles_nothing() {
        sameVersions();
        for (Consistency consistency : Consistency.values()) {
            TestDatabase copy = to.createSibling("at_" + consistency.name().toLowerCase(Locale.ROOT));
            MigrationReport report = meanwhile(
                    Migrations.between(from, copy).consistency(consistency),
                    "SELECT decompress_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-02 UTC') c",
                    "INSERT INTO readings VALUES ('2026-01-02 00:05 UTC', 'late', 1)",
                    "SELECT decompress_chunk(c), compress_chunk(c) FROM show_chunks('readings',"
                            + " older_than => TIMESTAMPTZ '2026-01-04 UTC', newer_than => TIMESTAMPTZ '2026-01-03 UTC') c");

            assertThat(report.identical()).as(report.toText()).isTrue();
            assertThat(readings(report).refusals()).as(report.toText()).isNotEmpty();
            assertThat(copy.rows("SELECT count(*), sum(hashtextextended(r::text, 0)) FROM readings r"))
                    .isEqualTo(from.rows("SELECT count(*), sum(hashtextextended(r::text, 0)) FROM readings r"));
            from.execute(
                    "DELETE FROM readings WHERE device = 'late'",
                    "SELECT compress_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-05 UTC') c");
        }
    }

    /** Runs it, and some SQL on the source when the plan is made and nothing is read yet. */
    private MigrationReport meanwhile(Migration migration, String... sql) {
        AtomicBoolean done = new AtomicBoolean();
        MigrationReport report = migration
                .listener(event -> {
                    if (event instanceof MigrationEvent.StepStarted step && step.step() instanceof Step.CopyData) {
                        from.execute(sql);
                        done.set(true);
                    }
                })
                .run();
        assertThat(done).as("the listener's exceptions are only logged").isTrue();
        return report;
    }

    @Test
    @RequiresSuperuser("stating which rows of an aggregate are up to date, without which its tuples travel as rows")
    void continuous_aggregates_travel_compressed_too() {
        sameVersions();
        from.execute(
                "CREATE MATERIALIZED VIEW hourly WITH (timescaledb.continuous) AS SELECT time_bucket('1 hour', time) AS"
                        + " hour, device, avg(level) AS level FROM readings GROUP BY 1, 2 WITH NO DATA",
                "CALL refresh_continuous_aggregate('hourly', NULL, '2026-01-06 UTC')",
                "ALTER MATERIALIZED VIEW hourly SET (timescaledb.compress)",
                "SELECT compress_chunk(c) FROM show_chunks('hourly') c");

        MigrationReport report = run(migration());

        assertThat(report.tables())
                .filteredOn(it -> it.table().name().equals("hourly"))
                .singleElement()
                .satisfies(it -> assertThat(it.asTuples()).as(report.toText()).isEqualTo(it.slices()));
        assertThat(to.rows("SELECT * FROM hourly ORDER BY 1, 2"))
                .isEqualTo(from.rows("SELECT * FROM hourly ORDER BY 1, 2"));
    }

    @Test
    void rows_are_compressed_while_others_are_copied_when_tuples_are_not_wanted() {
        MigrationReport report = run(migration().compressed(CompressedMode.RECOMPRESS));

        assertThat(readings(report).asTuples()).isZero();
        assertThat(to.rows(TUPLES)).isEqualTo(from.rows(TUPLES));
        assertThat(to.count("SELECT count(*) FROM hyperferry.compression WHERE done_at IS NOT NULL"
                        + " AND done_at < (SELECT done_at FROM hyperferry.step WHERE title = 'copy data')"))
                .isEqualTo(4);
    }

    @Test
    @RequiresTimescale("2.21+")
    void rows_are_compressed_as_they_arrive_where_no_index_is_unique() {
        from.execute("ALTER TABLE readings DROP CONSTRAINT readings_pkey");

        MigrationReport report =
                run(migration().compressed(CompressedMode.RECOMPRESS).splitBy(Duration.ofDays(2)));

        assertThat(report.tables()).hasSize(1);
        assertThat(to.rows(TUPLES)).isEqualTo(from.rows(TUPLES));
        assertThat(to.rows("SELECT time, level FROM readings WHERE device = 'd4' ORDER BY time DESC LIMIT 9"))
                .isEqualTo(
                        from.rows("SELECT time, level FROM readings WHERE device = 'd4' ORDER BY time DESC LIMIT 9"));
        assertThat(batches(to)).isEqualTo(batches(from)).isPositive();
    }

    /** How many batches the compressed rows are in. */
    private static long batches(TestDatabase database) {
        return database
                .rows(
                        "SELECT compress_relid::text FROM _timescaledb_catalog.compression_settings WHERE compress_relid IS NOT NULL")
                .stream()
                .mapToLong(row -> database.count("SELECT count(*) FROM " + row.get(0)))
                .sum();
    }

    @Test
    void what_waits_uncompressed_on_the_target_stays_within_the_bound_and_a_chunk_a_worker() {
        long chunk = from.count("SELECT max(uncompressed_heap_size + uncompressed_toast_size)"
                + " FROM _timescaledb_catalog.compression_chunk_size");
        long bound = chunk + 1;
        AtomicLong peak = new AtomicLong();
        MigrationRun run = migration()
                .compressed(CompressedMode.RECOMPRESS)
                .parallelism(2)
                .splitBy(Duration.ofHours(1))
                .maxUncompressed(bound)
                .start();
        while (!run.isDone()) {
            peak.accumulateAndGet(to.count("""
                    SELECT coalesce(sum(pg_table_size(format('%I.%I', chunk_schema, chunk_name)::regclass)), 0)::bigint
                    FROM timescaledb_information.chunks
                    WHERE hypertable_name = 'readings' AND NOT is_compressed AND range_end <= '2026-01-05 UTC'"""), Math::max);
        }
        MigrationReport report = run.await();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(peak).hasValueGreaterThan(0).hasValueLessThanOrEqualTo(bound + 2 * chunk);
        assertThat(to.rows(TUPLES)).isEqualTo(from.rows(TUPLES));
    }

    private Migration migration() {
        return Migrations.between(from, to);
    }

    /** Runs it, and compares more than the run itself does: that no chunk is left half compressed. */
    private MigrationReport run(Migration migration) {
        MigrationReport report = migration.run();
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.count("SELECT count(*) FROM _timescaledb_catalog.chunk WHERE status & 10 <> 0"))
                .isZero();
        return report;
    }

    private static TableResult readings(MigrationReport report) {
        return report.tables().stream()
                .filter(it -> it.table().name().equals("readings"))
                .findFirst()
                .orElseThrow();
    }

    private void sameVersions() {
        assumeTrue(
                from.server().timescaleVersion().equals(to.server().timescaleVersion()),
                "compressed tuples travel as they are between equal versions");
    }
}
