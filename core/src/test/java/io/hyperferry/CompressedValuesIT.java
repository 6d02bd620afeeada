package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperferry.MigrationReport.TableResult;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresTimescale;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Values in compressed chunks whose hashes or order are not the same on the target: queries find the same rows on source and target. */
@ExtendWith(TimescaleExtension.class)
@RequiresCommunity
@RequiresTimescale("2.22+")
class CompressedValuesIT {
    /** Types that the target does not have give those that both have other OIDs. */
    private static final String[] STATES = {
        "CREATE TYPE filler AS ENUM ('q1', 'q2', 'q3')",
        "DROP TYPE filler",
        "CREATE TYPE st AS ENUM ('up', 'down', 'broken', 'unknown')",
        "ALTER TYPE st ADD VALUE 'maint' BEFORE 'broken'"
    };

    private final TestDatabase source;
    private final TestDatabase target;

    CompressedValuesIT(@Source TestDatabase source, @Target TestDatabase target) {
        this.source = source;
        this.target = target;
    }

    @Test
    void bloom_filters_of_enums_are_built_on_the_target() {
        TestDatabase from = source.createSibling("enums");
        TestDatabase to = target.createSibling("enums");
        from.execute(STATES);
        from.execute(
                "CREATE TABLE chosen (time timestamptz NOT NULL, dev int, e st, ea st[])",
                "SELECT create_hypertable('chosen', 'time', chunk_time_interval => INTERVAL '1 day')",
                "ALTER TABLE chosen SET (timescaledb.compress, timescaledb.compress_segmentby = 'dev',"
                        + " timescaledb.compress_orderby = 'time', timescaledb.compress_index = 'bloom(e),bloom(ea)')",
                "CREATE TABLE indexed (time timestamptz NOT NULL, dev int, e st)",
                "SELECT create_hypertable('indexed', 'time', chunk_time_interval => INTERVAL '1 day')",
                "CREATE INDEX ON indexed (e)",
                "ALTER TABLE indexed SET (timescaledb.compress, timescaledb.compress_segmentby = 'dev',"
                        + " timescaledb.compress_orderby = 'time')",
                "CREATE TABLE keyed (time timestamptz NOT NULL, e st NOT NULL, v int, PRIMARY KEY (time, e))",
                "SELECT create_hypertable('keyed', 'time', chunk_time_interval => INTERVAL '1 day')",
                "ALTER TABLE keyed SET (timescaledb.compress, timescaledb.compress_orderby = 'time')",
                "CREATE TABLE segmented (time timestamptz NOT NULL, e st)",
                "SELECT create_hypertable('segmented', 'time', chunk_time_interval => INTERVAL '1 day')",
                "ALTER TABLE segmented SET (timescaledb.compress, timescaledb.compress_segmentby = 'e',"
                        + " timescaledb.compress_orderby = 'time')",
                "INSERT INTO chosen SELECT TIMESTAMPTZ '2025-01-01 UTC' + i * INTERVAL '1 minute', i % 3, x.e, ARRAY[x.e]"
                        + " FROM generate_series(0, 4319) i,"
                        + " LATERAL (SELECT (ARRAY['up', 'down', 'broken', 'maint']::st[])[1 + i / 1440] AS e) x",
                "INSERT INTO indexed SELECT time, dev, e FROM chosen",
                "INSERT INTO keyed SELECT time, e, 1 FROM chosen",
                "INSERT INTO segmented SELECT time, e FROM chosen",
                "SELECT compress_chunk(show_chunks(t)) FROM unnest('{chosen,indexed,keyed,segmented}'::regclass[]) t");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(refusals(report, "chosen"))
                .containsExactly("3 compressed chunks travel as rows: the bloom filter of column e hashes values of the"
                        + " enum public.st, whose OIDs differ on the target");
        assertThat(refusals(report, "indexed")).isEqualTo(refusals(report, "chosen"));
        assertThat(refusals(report, "keyed")).isEqualTo(refusals(report, "chosen"));
        assertThat(result(report, "segmented").asTuples())
                .as("segments hold labels: " + refusals(report, "segmented"))
                .isEqualTo(3);
        for (String table : List.of("chosen", "indexed", "keyed", "segmented")) {
            assertThat(counts(to, table, "e", "st")).as(table).isEqualTo(counts(from, table, "e", "st"));
        }
        assertThat(to.count("SELECT count(*) FROM chosen WHERE ea = ARRAY['up'::st]"))
                .isEqualTo(1440);
        assertThat(to.count("WITH d AS (DELETE FROM indexed WHERE e = 'down' RETURNING 1) SELECT count(*) FROM d"))
                .isEqualTo(1440);
        to.execute("INSERT INTO keyed VALUES ('2025-01-01 UTC', 'up', 2) ON CONFLICT (time, e) DO UPDATE SET v = 2");
        assertThat(to.rows("SELECT v FROM keyed WHERE time = '2025-01-01 UTC'")).containsExactly(List.of("2"));
    }

    @Test
    void least_and_greatest_values_are_found_by_the_collation_of_the_target() {
        TestDatabase from = source.createSiblingWith("bytewise", "LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'");
        TestDatabase to = target.createSiblingWith("icu", "LOCALE_PROVIDER icu ICU_LOCALE 'en'");
        from.execute(
                "CREATE TABLE sorted (time timestamptz NOT NULL, dev text NOT NULL, v int)",
                "SELECT create_hypertable('sorted', 'time', chunk_time_interval => INTERVAL '1 day')",
                "ALTER TABLE sorted SET (timescaledb.compress, timescaledb.compress_orderby = 'dev, time',"
                        + " timescaledb.compress_segmentby = '')",
                "CREATE TABLE extremes (time timestamptz NOT NULL, dev text NOT NULL, v int)",
                "SELECT create_hypertable('extremes', 'time', chunk_time_interval => INTERVAL '1 day')",
                "CREATE INDEX ON extremes (dev)",
                "ALTER TABLE extremes SET (timescaledb.compress, timescaledb.compress_orderby = 'time',"
                        + " timescaledb.compress_index = 'minmax(dev)')",
                "CREATE TABLE bytewise (time timestamptz NOT NULL, dev text COLLATE \"C\" NOT NULL, v int)",
                "SELECT create_hypertable('bytewise', 'time', chunk_time_interval => INTERVAL '1 day')",
                "ALTER TABLE bytewise SET (timescaledb.compress, timescaledb.compress_orderby = 'dev, time',"
                        + " timescaledb.compress_segmentby = '')",
                "INSERT INTO sorted SELECT TIMESTAMPTZ '2025-01-01 UTC' + i * INTERVAL '1 minute',"
                        + " (ARRAY['B', 'Z', 'a', 'b'])[1 + i % 4], i FROM generate_series(0, 2879) i",
                "INSERT INTO extremes SELECT * FROM sorted",
                "INSERT INTO bytewise SELECT * FROM sorted",
                "SELECT compress_chunk(show_chunks(t)) FROM unnest('{sorted,extremes,bytewise}'::regclass[]) t");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(refusals(report, "sorted"))
                .singleElement()
                .asString()
                .startsWith("2 compressed chunks travel as rows: the orderby column dev follows the collation libc C,"
                        + " on the target icu en version ");
        assertThat(refusals(report, "extremes"))
                .singleElement()
                .asString()
                .startsWith("2 compressed chunks travel as rows: the minimum and maximum of column dev follow the"
                        + " collation libc C, on the target icu en version ");
        assertThat(result(report, "bytewise").asTuples())
                .as("text under C: " + refusals(report, "bytewise"))
                .isEqualTo(2);
        for (String table : List.of("sorted", "extremes", "bytewise")) {
            assertThat(counts(to, table, "dev", "text")).as(table).isEqualTo(counts(from, table, "dev", "text"));
        }
    }

    @Test
    void an_export_holds_rows_where_no_other_server_could_read_its_tuples(@TempDir Path directory) {
        TestDatabase from = source.createSibling("enums_out");
        TestDatabase to = target.createSibling("enums_in");
        from.execute(STATES);
        from.execute(
                "CREATE TABLE chosen (time timestamptz NOT NULL, dev int, e st)",
                "SELECT create_hypertable('chosen', 'time', chunk_time_interval => INTERVAL '1 day')",
                "ALTER TABLE chosen SET (timescaledb.compress, timescaledb.compress_segmentby = 'dev',"
                        + " timescaledb.compress_orderby = 'time', timescaledb.compress_index = 'bloom(e)')",
                "INSERT INTO chosen SELECT TIMESTAMPTZ '2025-01-01 UTC' + i * INTERVAL '1 minute', i % 3, 'up'"
                        + " FROM generate_series(0, 1000) i",
                "SELECT compress_chunk(show_chunks('chosen'))");

        Migration.from(from.url())
                .exportTo(directory.resolve("export"))
                .pgTools(Migrations.tools(from))
                .run();
        MigrationReport report = Migration.fromExport(directory.resolve("export"))
                .to(to.url())
                .pgTools(Migrations.tools(to))
                .run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(counts(to, "chosen", "e", "st")).isEqualTo(counts(from, "chosen", "e", "st"));
    }

    @Test
    void a_target_that_orders_text_otherwise_refuses_exported_tuples_before_anything_is_changed(
            @TempDir Path directory) {
        TestDatabase from =
                source.createSiblingWith("bytewise_out", "LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'");
        TestDatabase to = target.createSiblingWith("icu_in", "LOCALE_PROVIDER icu ICU_LOCALE 'en'");
        assumeTrue(from.server().timescaleVersion().equals(to.server().timescaleVersion()));
        from.execute(
                "CREATE TABLE sorted (time timestamptz NOT NULL, dev text NOT NULL)",
                "SELECT create_hypertable('sorted', 'time', chunk_time_interval => INTERVAL '1 day')",
                "ALTER TABLE sorted SET (timescaledb.compress, timescaledb.compress_orderby = 'dev, time',"
                        + " timescaledb.compress_segmentby = '')",
                "INSERT INTO sorted SELECT TIMESTAMPTZ '2025-01-01 UTC' + i * INTERVAL '1 minute',"
                        + " (ARRAY['B', 'Z', 'a', 'b'])[1 + i % 4] FROM generate_series(0, 2879) i",
                "SELECT compress_chunk(show_chunks('sorted'))");
        Migration.from(from.url())
                .exportTo(directory.resolve("export"))
                .pgTools(Migrations.tools(from))
                .run();

        PreflightException refused = catchThrowableOfType(
                PreflightException.class,
                () -> Migration.fromExport(directory.resolve("export"))
                        .to(to.url())
                        .pgTools(Migrations.tools(to))
                        .run());

        assertThat(refused.problems())
                .filteredOn(problem -> problem.code() == Problem.Code.EXPORT_DOES_NOT_FIT)
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("the orderby column dev follows the collation libc C, on the target icu en version ")
                        .contains("--compressed rows"));
        assertThat(Migrations.isUntouched(to)).isTrue();
    }

    /** How many rows a query finds for each label or text, by equality and by a range. */
    private static List<List<String>> counts(TestDatabase database, String table, String column, String type) {
        String values = type.equals("st") ? "'{up,down,broken,maint,unknown}'" : "'{B,Z,a,b,c}'";
        String each =
                String.valueOf(database.value("SELECT string_agg(format('SELECT %L, (SELECT count(*) FROM " + table
                        + " WHERE " + column + " = %1$L), (SELECT count(*) FROM " + table + " WHERE " + column
                        + " BETWEEN %1$L AND %1$L)', v), ' UNION ALL ') FROM unnest(" + values + "::text[]) v"));
        return database.rows(each);
    }

    private static List<String> refusals(MigrationReport report, String table) {
        return result(report, table).refusals();
    }

    private static TableResult result(MigrationReport report, String table) {
        return report.tables().stream()
                .filter(found -> found.table().name().equals(table))
                .findFirst()
                .orElseThrow();
    }
}
