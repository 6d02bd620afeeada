package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresSuperuser;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A range of time of every kind of time column travels, and what is outside of it is nobody's business. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class BetweenIT {
    private static final Instant FROM = Instant.parse("2026-01-02T10:30:00Z");
    private static final Instant TO = Instant.parse("2026-01-05T13:30:00Z");

    private static final String OF_READINGS = "time >= '2026-01-02 10:30:00+00' AND time < '2026-01-05 13:30:00+00'";
    private static final String HOURS = "hour > '2026-01-02 09:30+00' AND hour < '2026-01-05 13:30+00'";

    private static final Map<String, String> INSIDE = Map.of(
            "readings",
            OF_READINGS,
            "local",
            "time >= '2026-01-02 10:30:00' AND time < '2026-01-05 13:30:00'",
            "days",
            "day BETWEEN '2026-01-03' AND '2026-01-05'",
            "ticks",
            "at >= 1767349800 AND at < 1767619800",
            "plain",
            "true");

    private TestDatabase from;
    private TestDatabase to;

    @BeforeEach
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        from.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, n int)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, extract(minute FROM t)"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01 00:00+00', '2026-01-07 23:55+00', '5 minutes') t",
                "CREATE TABLE local (time timestamp NOT NULL, n int)",
                "SELECT create_hypertable('local', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO local SELECT time AT TIME ZONE 'UTC', n FROM readings",
                "CREATE TABLE days (day date NOT NULL, n int)",
                "SELECT create_hypertable('days', 'day', chunk_time_interval => INTERVAL '2 days')",
                "INSERT INTO days SELECT d, 1 FROM generate_series(DATE '2026-01-01', '2026-01-09', '1 day') d",
                "CREATE TABLE ticks (at int NOT NULL, n int)",
                "SELECT create_hypertable('ticks', 'at', chunk_time_interval => 86400)",
                "INSERT INTO ticks SELECT extract(epoch FROM time)::int, n FROM readings",
                "CREATE TABLE plain (time timestamptz)",
                "INSERT INTO plain VALUES ('2020-01-01'), ('2030-01-01')");
    }

    private Migration migration() {
        return Migrations.between(from, to).integerTimeUnit(ChronoUnit.SECONDS).between(FROM, TO);
    }

    private static String digest(String table, String where) {
        return "SELECT count(*), sum(hash_record_extended(x, 0)) FROM " + table + " x WHERE " + where;
    }

    @Test
    void exactly_the_rows_of_the_range_arrive_and_are_compared() {
        MigrationReport report = migration().run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        INSIDE.forEach((table, inside) -> {
            assertThat(to.rows(digest(table, "true"))).as(table).isEqualTo(from.rows(digest(table, inside)));
            assertThat(to.count("SELECT count(*) FROM " + table)).as(table).isPositive();
        });
        assertThat(to.count("SELECT count(*) FROM show_chunks('readings')")).isEqualTo(4);
        assertThat(report.leftOut())
                .containsExactly(
                        "rows of hypertables and continuous aggregates other than those " + new TimeRange(FROM, TO));
        assertThat(report.toText()).contains("from 2026-01-02T10:30:00Z to before 2026-01-05T13:30:00Z");

        to.execute(
                "INSERT INTO readings VALUES ('2026-01-05 13:30:00+00', 1), ('2029-01-01', 1), ('2026-01-02 10:29+00', 1)");
        assertThat(migration().verify().identical()).as("rows outside").isTrue();
        to.execute("INSERT INTO readings VALUES ('2026-01-05 13:29:59+00', 1)");
        assertThat(migration().verify().identical()).as("a row inside").isFalse();
    }

    @Test
    void a_run_with_another_range_is_refused() {
        migration().run();

        PlanChangedException refused = catchThrowableOfType(
                PlanChangedException.class,
                () -> Migrations.between(from, to)
                        .integerTimeUnit(ChronoUnit.SECONDS)
                        .until(TO)
                        .run());

        assertThat(refused.differences())
                .containsExactly("between was from 2026-01-02T10:30:00Z to before 2026-01-05T13:30:00Z"
                        + " when the run was started, and is before 2026-01-05T13:30:00Z now");
    }

    @Test
    @RequiresCommunity
    void a_compressed_chunk_that_a_bound_cuts_travels_as_rows_and_is_compressed() {
        from.execute(
                "ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_orderby = 'time', timescaledb.compress_segmentby = '')",
                "SELECT compress_chunk(c) FROM show_chunks('readings') c");

        MigrationReport report = migration().run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.rows(digest("readings", "true"))).isEqualTo(from.rows(digest("readings", OF_READINGS)));
        assertThat(
                        to.count(
                                "SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_name = 'readings' AND is_compressed"))
                .isEqualTo(4);
        assertThat(report.toText())
                .contains("2 compressed chunks travel as rows: only a part of it is in the range of time that travels");
    }

    private void addAggregates() {
        from.execute(
                "CREATE MATERIALIZED VIEW hourly WITH (timescaledb.continuous, timescaledb.materialized_only = true) AS"
                        + " SELECT time_bucket('1 hour', time) AS hour, sum(n) AS n, count(*) AS c FROM readings GROUP BY 1 WITH NO DATA",
                "CREATE MATERIALIZED VIEW daily WITH (timescaledb.continuous, timescaledb.materialized_only = true) AS"
                        + " SELECT time_bucket('1 day', hour, 'Europe/Berlin') AS day, sum(n) AS n, sum(c) AS c FROM hourly GROUP BY 1 WITH NO DATA",
                "CALL refresh_continuous_aggregate('hourly', NULL, '2026-01-07 00:00+00')",
                "CALL refresh_continuous_aggregate('daily', NULL, '2026-01-06 23:00+00')",
                // Awaits a refresh on both sides, in the buckets of both bounds and between.
                "UPDATE readings SET n = n + 1 WHERE time IN ('2026-01-02 10:30+00', '2026-01-04 12:00+00', '2026-01-05 13:25+00')");
    }

    private static final Map<String, String> BUCKETS =
            Map.of("hourly", HOURS, "daily", "day > '2026-01-01 10:30+00' AND day < '2026-01-05 13:30+00'");

    private void refreshEverything() {
        to.execute(
                "CALL refresh_continuous_aggregate('hourly', NULL, NULL)",
                "CALL refresh_continuous_aggregate('daily', NULL, NULL)");
    }

    @Test
    @RequiresCommunity
    @RequiresSuperuser("stating which changes await a refresh")
    void a_bucket_that_a_bound_cuts_keeps_the_sources_row_when_all_is_refreshed() {
        addAggregates();
        MigrationReport report = migration().run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(migration().verify().identical()).isTrue();
        BUCKETS.forEach((view, buckets) ->
                assertThat(to.rows(digest(view, "true"))).as(view).isEqualTo(from.rows(digest(view, buckets))));
        String noon = "SELECT n FROM hourly WHERE hour = '2026-01-04 12:00+00'";
        assertThat(to.value(noon)).as("not refreshed yet").isEqualTo(from.value(noon));

        refreshEverything();

        // On the source, only what lies between is refreshed.
        from.execute("CALL refresh_continuous_aggregate('hourly', '2026-01-03 00:00+00', '2026-01-05 00:00+00')");
        assertThat(to.value(noon)).as("what awaited a refresh got it").isEqualTo(from.value(noon));
        assertThat(to.rows(digest("hourly", "true"))).isEqualTo(from.rows(digest("hourly", HOURS)));
        List<List<String>> cut =
                from.rows("SELECT * FROM daily WHERE day IN ('2026-01-01 23:00+00', '2026-01-04 23:00+00') ORDER BY 1");
        assertThat(cut).hasSize(2);
        assertThat(to.rows(
                        "SELECT * FROM daily WHERE day IN ('2026-01-01 23:00+00', '2026-01-04 23:00+00') ORDER BY 1"))
                .isEqualTo(cut);
    }

    @Test
    @RequiresCommunity
    void so_it_does_for_a_role_that_is_no_superuser() {
        addAggregates();
        to.createRole("hf_ranger", "LOGIN PASSWORD 'ranger'");
        to.superuser().execute("ALTER DATABASE \"" + to.name() + "\" OWNER TO hf_ranger");

        MigrationReport report = Migration.from(from.url())
                .to(Database.of("postgres://hf_ranger:ranger@" + to.host() + ":" + to.port() + "/" + to.name()))
                .pgTools(Migrations.tools(to))
                .integerTimeUnit(ChronoUnit.SECONDS)
                .between(FROM, TO)
                .run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        refreshEverything();
        BUCKETS.forEach((view, buckets) ->
                assertThat(to.rows(digest(view, "true"))).as(view).isEqualTo(from.rows(digest(view, buckets))));
    }
}
