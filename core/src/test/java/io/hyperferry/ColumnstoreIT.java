package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The columnstore on the target: its settings, and which chunks are in it how. */
@ExtendWith(TimescaleExtension.class)
@RequiresCommunity
class ColumnstoreIT {
    private static final String SETTINGS = """
            SELECT hypertable::text, coalesce(segmentby, ''), orderby, compress_interval_length
            FROM timescaledb_information.hypertable_compression_settings ORDER BY 1""";
    private static final String CHUNKS = """
            SELECT s.hypertable::text, c.range_start, c.range_end, c.is_compressed, coalesce(s.segmentby, ''), s.orderby
            FROM timescaledb_information.chunks c
            LEFT JOIN timescaledb_information.chunk_compression_settings s
                ON s.chunk = format('%I.%I', c.chunk_schema, c.chunk_name)::regclass
            ORDER BY c.hypertable_name, c.range_start""";
    private static final String FROZEN = """
            SELECT count(*) FROM _timescaledb_catalog.chunk WHERE status & 4 <> 0""";

    private TestDatabase from;
    private TestDatabase to;

    @BeforeEach
    void create(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        from.execute(
                "CREATE TABLE \"Read ings\" (time timestamptz NOT NULL, \"De vice\" int, level float)",
                "SELECT create_hypertable('\"Read ings\"', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO \"Read ings\" SELECT t, n, random() FROM generate_series(TIMESTAMPTZ '2026-01-01 UTC',"
                        + " '2026-01-07 23:00 UTC', '1 hour') t, generate_series(1, 3) n");
    }

    @Test
    void settings_arrive_and_the_same_chunks_are_compressed() {
        from.execute(
                "ALTER TABLE \"Read ings\" SET (timescaledb.compress, timescaledb.compress_segmentby = '\"De vice\"',"
                        + " timescaledb.compress_orderby = 'time DESC NULLS LAST, level ASC NULLS FIRST')",
                "SELECT compress_chunk(c) FROM show_chunks('\"Read ings\"', older_than => TIMESTAMPTZ '2026-01-05 UTC') c");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.rows(SETTINGS)).isEqualTo(from.rows(SETTINGS)).hasSize(1);
        assertThat(to.rows(CHUNKS)).isEqualTo(from.rows(CHUNKS));
        assertThat(to.count("SELECT count(*) FROM timescaledb_information.chunks WHERE is_compressed"))
                .isEqualTo(4);
    }

    @Test
    void chunks_keep_the_settings_under_which_they_were_compressed() {
        from.execute(
                "ALTER TABLE \"Read ings\" SET (timescaledb.compress, timescaledb.compress_segmentby = '\"De vice\"',"
                        + " timescaledb.compress_orderby = 'time')",
                "SELECT compress_chunk(c) FROM show_chunks('\"Read ings\"', older_than => TIMESTAMPTZ '2026-01-03 UTC') c",
                "ALTER TABLE \"Read ings\" SET (timescaledb.compress, timescaledb.compress_segmentby = '',"
                        + " timescaledb.compress_orderby = 'level DESC')",
                "SELECT compress_chunk(c) FROM show_chunks('\"Read ings\"', newer_than => TIMESTAMPTZ '2026-01-06 UTC') c");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.rows(SETTINGS)).isEqualTo(from.rows(SETTINGS));
        assertThat(to.rows(CHUNKS)).isEqualTo(from.rows(CHUNKS));
        assertThat(to.count("SELECT count(DISTINCT orderby) FROM timescaledb_information.chunk_compression_settings"))
                .isEqualTo(2);
    }

    @Test
    void a_frozen_chunk_is_frozen_and_a_partial_one_compressed() {
        from.execute(
                "ALTER TABLE \"Read ings\" SET (timescaledb.compress, timescaledb.compress_segmentby = '')",
                "SELECT compress_chunk(c) FROM show_chunks('\"Read ings\"', older_than => TIMESTAMPTZ '2026-01-03 UTC') c",
                "INSERT INTO \"Read ings\" VALUES ('2026-01-02 12:34 UTC', 9, 9)",
                "SELECT _timescaledb_functions.freeze_chunk(c) FROM show_chunks('\"Read ings\"',"
                        + " newer_than => TIMESTAMPTZ '2026-01-07 UTC') c");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.count(FROZEN)).isEqualTo(1);
        assertThat(to.rows("SELECT status FROM _timescaledb_catalog.chunk WHERE status & 1 <> 0 AND status & 8 <> 0"))
                .isEmpty();
        assertThat(to.count("SELECT count(*) FROM timescaledb_information.chunks WHERE is_compressed"))
                .isEqualTo(2);
    }

    @Test
    void tables_in_the_hypercore_access_method_become_columnstore_tables() {
        assumeTrue(
                from.count("SELECT count(*) FROM pg_am WHERE amname = 'hypercore'") == 1,
                "the source has no access method hypercore, which only TimescaleDB 2.18 to 2.21 have");
        from.execute(
                "ALTER TABLE \"Read ings\" SET (timescaledb.compress, timescaledb.compress_segmentby = '\"De vice\"')",
                "ALTER TABLE \"Read ings\" SET ACCESS METHOD hypercore",
                "SELECT compress_chunk(c) FROM show_chunks('\"Read ings\"') c");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(report.warnings()).extracting(Problem::code).contains(Problem.Code.ACCESS_METHOD_MISSING);
        assertThat(to.count("SELECT count(*) FROM timescaledb_information.chunks WHERE is_compressed"))
                .isEqualTo(7);
    }

    @Test
    void constraints_come_before_the_columnstore_which_older_versions_require() {
        from.execute(
                "CREATE TABLE devices (id int PRIMARY KEY)",
                "INSERT INTO devices SELECT generate_series(1, 3)",
                "ALTER TABLE \"Read ings\" ADD FOREIGN KEY (\"De vice\") REFERENCES devices, ADD CHECK (level < 2),"
                        + " ADD UNIQUE (\"De vice\", time)",
                "ALTER TABLE \"Read ings\" SET (timescaledb.compress, timescaledb.compress_segmentby = '\"De vice\"')",
                "SELECT compress_chunk(c) FROM show_chunks('\"Read ings\"') c");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.count("SELECT count(*) FROM timescaledb_information.chunks WHERE is_compressed"))
                .isEqualTo(7);
    }
}
