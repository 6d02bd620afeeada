package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What only the Community edition has: the columnstore, continuous aggregates, jobs. */
@RequiresCommunity
class CommunityIT {
    @Test
    void a_compressed_chunk_has_its_status_and_still_all_its_rows(@Source TestDatabase source) {
        source.execute(
                "CREATE TABLE packed (at timestamptz NOT NULL, v int)",
                "SELECT create_hypertable('packed', 'at', chunk_time_interval => INTERVAL '1 year')",
                "INSERT INTO packed SELECT '2024-03-01'::timestamptz + i * INTERVAL '1 minute', i"
                        + " FROM generate_series(1, 5000) i",
                "ANALYZE packed");
        Chunk rows = onlyChunk(source, "packed");
        assertThat(rows.isCompressed()).isFalse();
        assertThat(rows.estimatedRows()).isEqualTo(5000);

        source.execute(
                "ALTER TABLE packed SET (timescaledb.compress, timescaledb.compress_orderby = 'at')",
                "SELECT compress_chunk(c) FROM show_chunks('packed') c");
        assertThat(Reading.hypertable(source, "packed").columnstore())
                .isNotNull()
                .extracting(ColumnstoreSettings::orderBy)
                .isEqualTo(List.of(new ColumnstoreSettings.Order("at", false, false)));
        Chunk compressed = onlyChunk(source, "packed");
        assertThat(compressed.status()).isEqualTo(1);
        assertThat(compressed.estimatedRows()).as("not counted twice").isEqualTo(5000);
        assertThat(compressed.bytes()).as("as row-store").isBetween(rows.bytes() / 2, rows.bytes() * 2);
        source.execute("ANALYZE packed");
        assertThat(onlyChunk(source, "packed").estimatedRows()).isEqualTo(5000);

        source.execute("INSERT INTO packed VALUES ('2024-03-01', 0)");
        assertThat(onlyChunk(source, "packed").status())
                .as("partially compressed")
                .isEqualTo(9);

        source.execute("SELECT decompress_chunk(c) FROM show_chunks('packed') c", "ANALYZE packed");
        Chunk again = onlyChunk(source, "packed");
        assertThat(again.isCompressed()).isFalse();
        assertThat(again.estimatedRows()).isEqualTo(5001);
        assertThat(again.ranges()).isEqualTo(rows.ranges());
    }

    @Test
    void the_storage_of_compressed_rows_in_a_users_schema_is_not_a_table(@Source TestDatabase source) {
        source.execute(
                "CREATE SCHEMA stored",
                "CREATE TABLE stored.ht (at timestamptz NOT NULL, v int)",
                "SELECT create_hypertable('stored.ht', 'at', associated_schema_name => 'stored')",
                "INSERT INTO stored.ht VALUES ('2024-01-01', 1), ('2024-03-01', 2)",
                "ALTER TABLE stored.ht SET (timescaledb.compress)",
                "SELECT compress_chunk(c) FROM show_chunks('stored.ht') c");

        DatabaseCatalog catalog = Reading.of(source);

        assertThat(catalog.tables().stream().filter(it -> it.name().schema().equals("stored")))
                .extracting(it -> it.name().name())
                .containsExactly("ht");
        assertThat(catalog.storageRelations().stream()
                        .filter(it -> it.name().schema().equals("stored"))
                        .map(it -> List.of(Long.toString(it.oid()), it.name().name())))
                .as("every other table that a dump of the schema has")
                .containsExactlyElementsOf(source.rows("SELECT oid, relname FROM pg_class"
                        + " WHERE relnamespace = 'stored'::regnamespace AND relkind = 'r' AND relname <> 'ht'"
                        + " ORDER BY relname COLLATE \"C\""));
        assertThat(catalog.indexes().stream().filter(it -> it.table().schema().equals("stored")))
                .extracting(Index::table)
                .containsOnly(Reading.name("stored.ht"));
        assertThat(catalog.hypertables().stream()
                        .filter(it -> it.name().schema().startsWith("_timescaledb")))
                .isEmpty();
    }

    @Test
    void aggregates_depend_on_what_their_users_named_and_views_on_them_depend_on_them(@Source TestDatabase source) {
        source.execute(
                "CREATE SCHEMA agg",
                "CREATE TABLE agg.devices (id int PRIMARY KEY)",
                "CREATE TABLE agg.raw (at timestamptz NOT NULL, v int)",
                "SELECT create_hypertable('agg.raw', 'at')",
                "CREATE MATERIALIZED VIEW agg.daily WITH (timescaledb.continuous, timescaledb.materialized_only = true)"
                        + " AS SELECT time_bucket('1 day', at) AS day, sum(v) AS s FROM agg.raw GROUP BY 1 WITH NO DATA",
                "CREATE MATERIALIZED VIEW agg.weekly WITH (timescaledb.continuous, timescaledb.materialized_only = false)"
                        + " AS SELECT time_bucket('7 days', day) AS week, sum(s) AS s FROM agg.daily GROUP BY 1 WITH NO DATA",
                "CREATE VIEW agg.on_weekly AS SELECT w.*, d.id FROM agg.weekly w, agg.devices d",
                "CREATE MATERIALIZED VIEW agg.on_view AS SELECT * FROM agg.on_weekly");

        DatabaseCatalog catalog = Reading.of(source);

        assertThat(catalog.views().stream().filter(it -> it.name().schema().equals("agg")))
                .extracting(it -> it.name().name(), View::kind, View::dependsOn)
                .containsExactly(
                        tuple("daily", View.Kind.CONTINUOUS_AGGREGATE, List.of(Reading.name("agg.raw"))),
                        tuple("on_view", View.Kind.MATERIALIZED_VIEW, List.of(Reading.name("agg.on_weekly"))),
                        tuple(
                                "on_weekly",
                                View.Kind.VIEW,
                                List.of(Reading.name("agg.devices"), Reading.name("agg.weekly"))),
                        tuple("weekly", View.Kind.CONTINUOUS_AGGREGATE, List.of(Reading.name("agg.daily"))));
        assertThat(catalog.hypertables().stream()
                        .filter(it -> it.name().toString().contains("materialized")))
                .isEmpty();
    }

    @Test
    void jobs_name_the_hypertable_or_the_aggregate_they_work_on(@Source TestDatabase source) {
        source.execute(
                "CREATE SCHEMA work",
                "CREATE TABLE work.raw (at timestamptz NOT NULL, v int)",
                "SELECT create_hypertable('work.raw', 'at')",
                "ALTER TABLE work.raw SET (timescaledb.compress)",
                "CREATE MATERIALIZED VIEW work.daily WITH (timescaledb.continuous)"
                        + " AS SELECT time_bucket('1 day', at) AS day, sum(v) AS s FROM work.raw GROUP BY 1 WITH NO DATA",
                "CREATE PROCEDURE work.own(job_id int, config jsonb) LANGUAGE sql AS 'SELECT 1'",
                "SELECT add_retention_policy('work.raw', INTERVAL '10 years')",
                "SELECT add_continuous_aggregate_policy('work.daily', INTERVAL '9 days', INTERVAL '1 day', '1 day')",
                "SELECT add_job('work.own', '1 day', scheduled => false)");

        assertThat(Reading.of(source).jobs())
                .extracting(it -> it.procedure().name(), Job::relation)
                .containsExactly(
                        tuple("policy_retention", Reading.name("work.raw")),
                        tuple("policy_refresh_continuous_aggregate", Reading.name("work.daily")),
                        tuple("own", null));
        assertThat(Reading.of(source).jobs()).allMatch(it -> it.id() >= 1000);
        assertThat(Reading.with(source, CatalogReader.create().ignoringSchema("work"))
                        .jobs())
                .as("jobs of an ignored schema")
                .isEmpty();
    }

    @Test
    void a_job_says_everything_that_means_the_same_on_another_server(@Source TestDatabase shared) {
        TestDatabase source = shared.createSibling("said");
        source.execute(
                "CREATE SCHEMA said",
                "CREATE TABLE said.raw (at timestamptz NOT NULL, v int)",
                "SELECT create_hypertable('said.raw', 'at')",
                "CREATE PROCEDURE said.own(job_id int, config jsonb) LANGUAGE sql AS 'SELECT 1'",
                "CREATE FUNCTION said.checked(config jsonb) RETURNS void LANGUAGE sql AS 'SELECT'",
                "SELECT add_retention_policy('said.raw', INTERVAL '10 years', schedule_interval => INTERVAL '36 hours',"
                        + " initial_start => '2040-01-01 01:00+01', timezone => 'Europe/Berlin')",
                "SELECT alter_job(add_job('said.own', '1 day', config => '{\"b\":1,  \"aa\":[null]}', fixed_schedule => false,"
                        + " check_config => 'said.checked', scheduled => false), max_runtime => INTERVAL '90 seconds',"
                        + " max_retries => 4, retry_period => INTERVAL '1 month', next_start => 'infinity')");

        List<Job> jobs = Reading.of(source).jobs().stream()
                .filter(it -> it.procedure().schema().equals("said")
                        || Reading.name("said.raw").equals(it.relation()))
                .toList();

        assertThat(jobs)
                .containsExactly(
                        new Job(
                                jobs.get(0).id(),
                                QualifiedName.of(Job.TIMESCALE_SCHEMA, "policy_retention"),
                                Reading.name("said.raw"),
                                true,
                                null,
                                source.user(),
                                "{\"drop_after\": \"10 years\"}",
                                QualifiedName.of(Job.TIMESCALE_SCHEMA, "policy_retention_check"),
                                new Job.Schedule("36:00:00", true, "2040-01-01 00:00:00+00", "Europe/Berlin"),
                                new Job.Limits("00:05:00", -1, "00:05:00"),
                                true,
                                false,
                                true),
                        new Job(
                                jobs.get(1).id(),
                                Reading.name("said.own"),
                                null,
                                false,
                                null,
                                source.user(),
                                "{\"b\": 1, \"aa\": [null]}",
                                Reading.name("said.checked"),
                                new Job.Schedule("1 day", false, null, null),
                                new Job.Limits("00:01:30", 4, "1 mon"),
                                false,
                                true,
                                true));
        assertThat(Reading.of(source).roles())
                .anyMatch(it -> it.role().equals(source.user()) && it.uses().contains(RoleUse.Use.JOB));
    }

    private static Chunk onlyChunk(TestDatabase source, String hypertable) {
        List<Chunk> chunks = Reading.hypertable(source, hypertable).chunks();
        assertThat(chunks).hasSize(1);
        return chunks.get(0);
    }
}
