package io.hyperferry;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperferry.AggregateSource.Aggregate;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresSuperuser;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Continuous aggregates arrive with all their rows, and stay as they are when they are refreshed. */
@ExtendWith(TimescaleExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@RequiresCommunity
class AggregatesIT {
    private TestDatabase from;
    private TestDatabase on;

    @BeforeAll
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("aggregates");
        on = target;
        AggregateSource.fill(from);
        AggregateSource.addDependents(from);
        on.createRole("hf_analyst", "");
    }

    @Test
    void rows_whose_raw_data_is_gone_outlive_every_refresh_on_the_target() throws SQLException {
        TestDatabase to = on.createSibling("history");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(Migrations.between(from, to).verify().identical()).isTrue();
        Map<String, List<List<String>>> views = digests(from);
        assertThat(from.count("SELECT count(*) FROM \"Hourly\"")).isGreaterThan(8000);
        assertThat(digests(to)).isEqualTo(views);

        // On the source this would take away what was dropped, so there only the recent part is refreshed.
        from.execute(
                "CALL refresh_continuous_aggregate('\"Hourly\"', '2026-06-05 00:00+00', NULL)",
                "CALL refresh_continuous_aggregate('reports.daily', '2026-06-05 00:00+00', NULL)",
                "CALL refresh_continuous_aggregate('monthly', '2026-06-01 00:00+02', NULL)");
        to.execute(
                "CALL refresh_continuous_aggregate('\"Hourly\"', NULL, NULL)",
                "CALL refresh_continuous_aggregate('reports.daily', NULL, NULL)",
                "CALL refresh_continuous_aggregate('monthly', NULL, NULL)",
                "CALL refresh_continuous_aggregate('per_thousand', -50000::bigint, 0::bigint)",
                "CALL refresh_continuous_aggregate('per_thousand', 0::bigint, 45000::bigint)",
                "CALL refresh_continuous_aggregate('per_thousand', 40000::bigint, 200000::bigint)");
        for (List<String> policy : to.rows("SELECT job_id FROM timescaledb_information.jobs"
                + " WHERE proc_name = 'policy_refresh_continuous_aggregate' ORDER BY job_id")) {
            to.execute("CALL run_job(" + policy.get(0) + ")");
        }
        assertThat(digests(to)).isEqualTo(digests(from));
        assertThat(digests(to).get("\"Hourly\"")).isEqualTo(views.get("\"Hourly\""));
        assertThat(digests(to).get("per_thousand")).isEqualTo(views.get("per_thousand"));
        assertThat(to.count("SELECT count(*) FROM \"Hourly\" WHERE hour < '2026-06-01 00:00+00'"))
                .as("hours without raw data")
                .isGreaterThan(7000);
    }

    @Test
    void an_aggregate_with_window_functions_arrives_without_its_setting_on_the_target() {
        TestDatabase windows = from.createSibling("windows");
        assumeTrue(
                windows.count(
                                "SELECT count(*) FROM pg_settings WHERE name = 'timescaledb.enable_cagg_window_functions'")
                        > 0,
                "this TimescaleDB has no aggregates with window functions");
        windows.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, device int, level int)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT TIMESTAMPTZ '2026-01-01' + g * INTERVAL '1 hour', g % 4, g FROM generate_series(0, 95) g",
                "SET timescaledb.enable_cagg_window_functions = on; CREATE MATERIALIZED VIEW ranked"
                        + " WITH (timescaledb.continuous) AS SELECT time_bucket('1 day', time) AS day, device, sum(level) AS total,"
                        + " rank() OVER (PARTITION BY time_bucket('1 day', time) ORDER BY sum(level)) AS place"
                        + " FROM readings GROUP BY 1, 2 WITH NO DATA; RESET timescaledb.enable_cagg_window_functions",
                "CALL refresh_continuous_aggregate('ranked', NULL, NULL)");
        TestDatabase to = on.createSibling("windows");

        MigrationReport report = Migrations.between(windows, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        String ranks = "SELECT string_agg(r::text, ' ' ORDER BY day, device) FROM ranked r";
        assertThat(to.value(ranks)).isEqualTo(windows.value(ranks));
    }

    @Test
    void what_depends_on_an_aggregate_is_there_with_its_privileges_and_comments() {
        TestDatabase to = on.createSibling("dependents");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(report.leftOut()).isEmpty();
        for (String query : List.of(
                "SELECT n FROM peaks_of_peaks",
                "SELECT count(*) || ' ' || sum(n) FROM hours_kept",
                "SELECT last_hour()",
                "SELECT count(*) FROM hours()",
                "SELECT obj_description('\"Hourly\"'::regclass)",
                "SELECT col_description('\"Hourly\"'::regclass, 3)",
                "SELECT has_table_privilege('hf_analyst', '\"Hourly\"', 'SELECT')",
                "SELECT has_table_privilege('hf_analyst', 'reports.peaks', 'SELECT WITH GRANT OPTION')")) {
            assertThat(to.value(query)).as(query).isNotNull().isEqualTo(from.value(query));
        }
    }

    @Test
    @RequiresSuperuser("stating which changes await a refresh")
    void a_change_that_awaits_its_refresh_on_the_source_is_followed_by_the_next_one_on_the_target() {
        TestDatabase late = from.createSibling("late");
        AggregateSource.fill(late);
        late.execute(
                "INSERT INTO readings VALUES ('2026-06-10 03:03+00', 1, 1e6)", "INSERT INTO ticks VALUES (65001, 100)");
        TestDatabase to = on.createSibling("late");

        MigrationReport report = Migrations.between(late, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(digests(to)).isEqualTo(digests(late));
        String peak = "SELECT max(mean) FROM \"Hourly\"";
        assertThat(to.value(peak)).as("not refreshed yet").isNotEqualTo("333400");
        late.execute(
                "CALL refresh_continuous_aggregate('\"Hourly\"', '2026-06-05 00:00+00', NULL)",
                "CALL refresh_continuous_aggregate('reports.daily', '2026-06-05 00:00+00', NULL)",
                "CALL refresh_continuous_aggregate('per_thousand', 45000::bigint, 100000::bigint)");
        to.execute(
                "CALL refresh_continuous_aggregate('\"Hourly\"', NULL, NULL)",
                "CALL refresh_continuous_aggregate('reports.daily', NULL, NULL)",
                "CALL refresh_continuous_aggregate('per_thousand', -50000::bigint, 100000::bigint)");
        assertThat(digests(to)).isEqualTo(digests(late));
        assertThat(Double.parseDouble(String.valueOf(to.value(peak)))).isGreaterThan(300_000);
    }

    @Test
    void a_role_that_is_no_superuser_keeps_the_history_too() throws SQLException {
        TestDatabase to = on.createSibling("ordinary");
        Migration migration =
                Migration.from(from.url()).to(ordinary(to)).parallelism(3).pgTools(Migrations.tools(to));

        MigrationReport report = migration.run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(migration.verify().differences())
                .as("what such a role cannot state is no difference for it")
                .isEmpty();
        Map<String, List<List<String>>> views = digests(from);
        assertThat(digests(to)).isEqualTo(views);
        assertThat(to.count(
                        "SELECT count(*) FROM pg_tables WHERE schemaname = 'hyperferry' AND tablename LIKE 'saved%'"))
                .isZero();
        to.execute(
                "CALL refresh_continuous_aggregate('\"Hourly\"', NULL, NULL)",
                "CALL refresh_continuous_aggregate('per_thousand', -50000::bigint, 200000::bigint)");
        for (String view : List.of("\"Hourly\"", "per_thousand")) {
            assertThat(digests(to).get(view)).as(view).isEqualTo(views.get(view));
        }
    }

    @Test
    void rows_that_were_read_at_several_moments_are_looked_at_again_without_losing_any() {
        TestDatabase to = on.createSibling("moments");
        Migration migration = Migrations.between(from, to).consistency(Consistency.EACH_SLICE);

        MigrationReport report = migration.run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(migration.verify().differences()).isEmpty();
        Map<String, List<List<String>>> views = digests(from);
        assertThat(digests(to)).isEqualTo(views);
        assertThat(to.count(
                        "SELECT count(*) FROM _timescaledb_catalog.continuous_aggs_materialization_invalidation_log"))
                .as("ranges to look at again")
                .isGreaterThan(4);
        to.execute(
                "CALL refresh_continuous_aggregate('\"Hourly\"', NULL, NULL)",
                "CALL refresh_continuous_aggregate('per_thousand', -50000::bigint, 200000::bigint)");
        for (String view : List.of("\"Hourly\"", "per_thousand")) {
            assertThat(digests(to).get(view)).as(view).isEqualTo(views.get(view));
        }
    }

    @Test
    void owners_are_kept_on_an_aggregate_its_storage_and_its_policy() {
        for (TestDatabase side : List.of(from, on)) {
            side.createRole("hf_aggregator", "LOGIN");
        }
        TestDatabase owned = from.createSibling("owned");
        owned.execute(
                "GRANT CREATE ON SCHEMA public TO hf_aggregator",
                "SET ROLE hf_aggregator",
                "CREATE TABLE readings (time timestamptz NOT NULL, n int)",
                "SELECT create_hypertable('readings', 'time')",
                "INSERT INTO readings VALUES ('2026-01-01 UTC', 1), ('2026-01-09 UTC', 2)",
                "CREATE MATERIALIZED VIEW daily WITH (timescaledb.continuous) AS"
                        + " SELECT time_bucket('1 day', time) AS day, sum(n) AS n FROM readings GROUP BY 1 WITH NO DATA",
                "CALL refresh_continuous_aggregate('daily', NULL, NULL)",
                "SELECT add_continuous_aggregate_policy('daily', NULL, NULL, INTERVAL '1 day',"
                        + " initial_start => TIMESTAMPTZ '2100-01-01 UTC')",
                "RESET ROLE");
        TestDatabase to = on.createSibling("owned");
        TestDatabase toOther = on.createSibling("owned_too");
        Database ordinary = ordinary(toOther);
        toOther.superuser().execute("GRANT hf_aggregator TO hf_ordinary");

        assertOwned(to, Migrations.between(owned, to).keepOwners().run());
        assertOwned(
                toOther,
                Migration.from(owned.url())
                        .to(ordinary)
                        .pgTools(Migrations.tools(toOther))
                        .keepOwners()
                        .run());
    }

    /** The same database, as a role that owns it and is no superuser. */
    private static Database ordinary(TestDatabase database) {
        database.createRole("hf_ordinary", "LOGIN PASSWORD 'ordinary'");
        database.superuser().execute("ALTER DATABASE \"" + database.name() + "\" OWNER TO hf_ordinary");
        return Database.of(
                "postgres://hf_ordinary:ordinary@" + database.host() + ":" + database.port() + "/" + database.name());
    }

    private static void assertOwned(TestDatabase to, MigrationReport report) {
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.value("SELECT string_agg(DISTINCT pg_get_userbyid(c.relowner), ',') FROM pg_class c"
                        + " WHERE c.relname IN ('readings', 'daily') OR c.relname LIKE '\\_materialized\\_hypertable\\__'"
                        + " OR c.relname LIKE '\\_hyper\\_%'"))
                .isEqualTo("hf_aggregator");
        assertThat(to.value(
                        "SELECT string_agg(owner::text, ',') FROM timescaledb_information.jobs WHERE job_id >= 1000"))
                .isEqualTo("hf_aggregator");
        assertThat(to.value("SELECT sum(n) FROM daily")).isEqualTo("3");
    }

    @Test
    void recomputing_gives_what_the_raw_data_still_gives() {
        TestDatabase to = on.createSibling("recomputed");

        MigrationReport report =
                Migrations.between(from, to).aggregates(AggregateMode.RECOMPUTE).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        Aggregate hourly = AggregateSource.ALL.get(0);
        String recent = hourly.digestWhere("hour >= '2026-06-02 00:00+00'");
        assertThat(to.rows(recent)).isEqualTo(from.rows(recent));
        assertThat(to.count("SELECT count(*) FROM \"Hourly\" WHERE hour < '2026-05-31 00:00+00'"))
                .isZero();
    }

    @Test
    void definitions_alone_leave_the_rows_behind() {
        TestDatabase to = on.createSibling("definitions");

        MigrationReport report = Migrations.between(from, to)
                .aggregates(AggregateMode.DEFINITIONS_ONLY)
                .run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.count("SELECT count(*) FROM reports.daily")).isZero();
        assertThat(to.count("SELECT count(*) FROM \"Hourly\""))
                .as("in real time, from the rows that arrived")
                .isPositive();
    }

    @Test
    void an_aggregate_stays_behind_with_what_it_reads() {
        TestDatabase to = on.createSibling("excluded");

        MigrationReport report =
                Migrations.between(from, to).exclude("reports.daily").run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.value("SELECT string_agg(view_name, ',' ORDER BY view_name COLLATE \"C\")"
                        + " FROM timescaledb_information.continuous_aggregates"))
                .isEqualTo("Hourly,per_thousand");
        List<String> leftOut = new ArrayList<>(report.leftOut());
        assertThat(leftOut)
                .anyMatch(it -> it.startsWith("public.monthly"))
                .anyMatch(it -> it.contains("reports.peaks"));
    }

    private static Map<String, List<List<String>>> digests(TestDatabase database) {
        return AggregateSource.ALL.stream().collect(toMap(Aggregate::view, it -> database.rows(it.digest())));
    }
}
