package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.RepairReport.Repair;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresSuperuser;
import io.hyperferry.testkit.RequiresTimescale;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows that are on the target and that its queries do not find: each cause is planted on a target whose digests are the source's. */
@ExtendWith(TimescaleExtension.class)
@RequiresCommunity
@RequiresSuperuser("planting what no query can: tuples of the columnstore, catalogs, rows in root tables")
class ProbesIT {
    private static final String FIRST_DAY =
            " in time from TIMESTAMPTZ '2026-01-01 00:00:00+00' to before TIMESTAMPTZ '2026-01-02 00:00:00+00'";
    private static final String THIRD_DAY =
            " in time from TIMESTAMPTZ '2026-01-03 00:00:00+00' to before TIMESTAMPTZ '2026-01-04 00:00:00+00'";
    private static final String FIRST_CHUNK =
            "(SELECT c FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-02 UTC') c)";
    private static final String THIRD_CHUNK =
            "(SELECT c FROM show_chunks('readings', newer_than => TIMESTAMPTZ '2026-01-03 UTC') c)";

    private TestDatabase source;
    private TestDatabase target;
    private Migration migration;

    /** Three chunks, of which the first two are compressed. */
    @BeforeEach
    void migrate(@Source TestDatabase from, @Target TestDatabase to) {
        source = from.createSibling("from");
        target = to.createSibling("to");
        source.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, device int NOT NULL, kind text, n int)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "CREATE INDEX readings_kind ON readings (kind)",
                "CREATE INDEX readings_few ON readings (n) WHERE device = 3",
                "INSERT INTO readings SELECT t, d, 'k' || extract(day FROM t) || '-' || d, extract(epoch FROM t) / 600 * 10 + d"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01 UTC', '2026-01-03 23:50 UTC', '10 minutes') t,"
                        + " generate_series(1, 5) d",
                "ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'device',"
                        + " timescaledb.compress_orderby = 'time')",
                "SELECT compress_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-03 UTC') c");
        migration = Migrations.between(source, target);
        MigrationReport report = migration.run();
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(report.tables())
                .singleElement()
                .satisfies(table -> assertThat(table.probes()).isPositive());
        assertThat(report.toText()).contains(" probes of queries on the target");
    }

    /**
     * Executes SQL in which {compressed} is a chunk's relation of compressed tuples, and {least} and {greatest} are its columns for
     * a tuple's first and last time.
     */
    private void plant(String chunk, String sql) {
        target.superuser().execute("""
                DO $plant$ DECLARE
                    chunk regclass := {of};
                    compressed text := coalesce((SELECT compress_relid::text FROM _timescaledb_catalog.compression_settings WHERE relid = chunk), '');
                    first_last boolean := EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(compressed) AND attname = '_ts_meta_v2_last_time');
                BEGIN EXECUTE replace(replace(replace(replace($sql${sql}$sql$, '{compressed}', compressed), '{chunk}', chunk::text),
                    '{greatest}', CASE WHEN first_last THEN '_ts_meta_v2_last_time' ELSE '_ts_meta_max_1' END),
                    '{least}', CASE WHEN first_last THEN '_ts_meta_v2_first_time' ELSE '_ts_meta_min_1' END); END $plant$""".replace("{of}", chunk).replace("{sql}", sql));
    }

    private List<String> found() {
        MigrationReport report = migration.verify();
        assertThat(report.differences()).isEmpty();
        return report.tables().stream()
                .flatMap(table -> table.mismatches().stream())
                .toList();
    }

    private RepairReport repaired() {
        RepairReport report = migration.repair();
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(found()).isEmpty();
        assertThat(target.count("SELECT count(*) FROM readings")).isEqualTo(3 * 720);
        assertThat(target.rows("SELECT kind, count(*) FROM readings GROUP BY 1 ORDER BY 1"))
                .isEqualTo(source.rows("SELECT kind, count(*) FROM readings GROUP BY 1 ORDER BY 1"));
        assertThat(target.count("SELECT count(*) FROM timescaledb_information.chunks WHERE is_compressed"))
                .isEqualTo(2);
        return report;
    }

    @Test
    @RequiresTimescale("2.22+")
    void a_bloom_filter_without_the_values_of_its_tuple() {
        plant(
                FIRST_CHUNK,
                "UPDATE {compressed} SET _ts_meta_v2_bloomh_kind = (SELECT _ts_meta_v2_bloomh_kind FROM "
                        + "(SELECT * FROM {compressed} WHERE device = 2) x) WHERE device = 1");
        assertThat(target.count("SELECT count(*) FROM readings WHERE kind = 'k1-1'"))
                .isZero();

        assertThat(found()).containsExactly("queries by column kind find 0 of 144 rows" + FIRST_DAY + " (equality)");
        assertThat(repaired().repairs())
                .singleElement()
                .extracting(Repair::copied)
                .isEqualTo(720L);
        assertThat(target.count("SELECT count(*) FROM readings WHERE kind = 'k1-1'"))
                .isEqualTo(144);
    }

    @Test
    void a_greatest_value_below_that_of_its_tuple() {
        plant(FIRST_CHUNK, "UPDATE {compressed} SET {greatest} = {least} WHERE device > 1");

        assertThat(found())
                .containsExactly(
                        "queries by column time find 1 of 5 rows" + FIRST_DAY + " (equality)",
                        "queries by column time find 1 of 5 rows" + FIRST_DAY + " (range)");
        repaired();
    }

    /** A condition on time would not find its rows to remove them, either. */
    @Test
    void least_and_greatest_value_outside_of_the_chunk() {
        plant(
                FIRST_CHUNK,
                "UPDATE {compressed} SET {least} = '2020-01-01', {greatest} = '2020-01-01' WHERE device = 1");

        assertThat(found()).contains("queries by column time find 4 of 5 rows" + FIRST_DAY + " (equality)");
        repaired();
    }

    /** TimescaleDB 2.19.3 takes the range of a chunk from the partial index, so that its own queries miss rows. */
    @Test
    @RequiresTimescale("2.29+")
    void statistics_of_a_chunk_that_exclude_its_rows() {
        for (TestDatabase database : List.of(source, target)) {
            database.execute(
                    "SET timescaledb.enable_chunk_skipping = on",
                    "SELECT enable_chunk_skipping('readings', 'n')",
                    "SELECT decompress_chunk(c), compress_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-03 UTC') c");
        }
        assertThat(found()).isEmpty();
        plant(FIRST_CHUNK, """
                UPDATE _timescaledb_catalog.chunk_column_stats SET range_start = 1, range_end = 2
                WHERE column_name = 'n' AND chunk_id = _timescaledb_functions.chunk_id_from_relid('{chunk}'::regclass)""");

        assertThat(found())
                .containsExactly(
                        "queries by column n find 0 of 1 rows" + FIRST_DAY + " (equality)",
                        "queries by column n find 0 of 720 rows" + FIRST_DAY + " (range)");
        repaired();
    }

    @Test
    @RequiresTimescale("2.18+")
    void statistics_that_a_chunk_in_the_row_store_lacks() {
        for (TestDatabase database : List.of(source, target)) {
            database.execute(
                    "SET timescaledb.enable_chunk_skipping = on", "SELECT enable_chunk_skipping('readings', 'n')");
        }
        plant(THIRD_CHUNK, """
                DELETE FROM _timescaledb_catalog.chunk_column_stats
                WHERE column_name = 'n' AND chunk_id = _timescaledb_functions.chunk_id_from_relid('{chunk}'::regclass)""");

        assertThat(found()).contains("queries by column n find 0 of 720 rows" + THIRD_DAY + " (range)");
        repaired();
    }

    @Test
    @RequiresTimescale("2.23+")
    void rows_in_the_root_table() {
        target.superuser()
                .execute(
                        "SET timescaledb.restoring = on",
                        "INSERT INTO readings VALUES ('2026-01-01 UTC', 1, 'root', 1)");

        assertThat(found())
                .singleElement()
                .asString()
                .startsWith("1 rows in the root table, which no query shows")
                .doesNotContain("'root'");
        assertThat(repaired().repairs()).singleElement().satisfies(repair -> {
            assertThat(repair.ranges()).containsExactly("root table");
            assertThat(repair.deleted()).isEqualTo(1);
        });
    }

    @Test
    void an_index_of_a_chunk_that_is_not_valid() {
        plant(
                THIRD_CHUNK,
                "UPDATE pg_index SET indisvalid = false WHERE indrelid = '{chunk}'::regclass"
                        + " AND indexrelid::regclass::text LIKE '%readings_kind'");

        assertThat(found()).singleElement().asString().endsWith("readings_kind is not valid, so queries do not use it");
        assertThat(repaired().repairs()).isEmpty();
    }

    @Test
    void an_index_without_entries_for_some_rows() {
        String index = "UPDATE pg_index SET indisready = {ready} WHERE indrelid = '{chunk}'::regclass"
                + " AND indexrelid::regclass::text LIKE '%readings_few'";
        plant(THIRD_CHUNK, index.replace("{ready}", "false"));
        target.execute(
                "UPDATE readings SET n = -n WHERE time >= '2026-01-03 UTC'",
                "UPDATE readings SET n = -n WHERE time >= '2026-01-03 UTC'");
        plant(THIRD_CHUNK, index.replace("{ready}", "true"));

        assertThat(found())
                .containsExactly("queries by index readings_few find 0 of 1 rows" + THIRD_DAY + " (equality)");
        repaired();
    }
}
