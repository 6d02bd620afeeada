package io.hyperferry;

import io.hyperferry.testkit.TestDatabase;
import java.util.List;

/**
 * A database whose continuous aggregates are older than its raw data: raw rows of a month, hours of half a year, days on top of them in
 * another time zone; and one by integer time.
 */
final class AggregateSource {
    /** The aggregates with their time columns, parents first. */
    static final List<Aggregate> ALL = List.of(
            new Aggregate("\"Hourly\"", "hour"),
            new Aggregate("reports.daily", "day"),
            new Aggregate("monthly", "month"),
            new Aggregate("per_thousand", "bucket"));

    private static final String LATER = "initial_start => TIMESTAMPTZ '2100-01-01 00:00+00'";

    private AggregateSource() {}

    /** An aggregate and the column of its buckets. */
    record Aggregate(String view, String bucket) {
        /** All its rows, as the view shows them: their number and digest. */
        String digest() {
            return digestWhere("true");
        }

        /** The rows that a condition gives. */
        String digestWhere(String condition) {
            return "SELECT count(*), sum(hash_record_extended(x, 0)) FROM " + view + " x WHERE " + condition;
        }
    }

    static void fill(TestDatabase database) {
        database.execute(
                "CREATE SCHEMA reports",
                "CREATE TABLE readings (time timestamptz NOT NULL, device int NOT NULL, value float8)",
                // Ten hours divide no day: the oldest day that is left is there in part only.
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '10 hours')",
                "INSERT INTO readings SELECT t, d, extract(epoch FROM t)::bigint % 1009 / 7.0 + d FROM generate_series("
                        + "TIMESTAMPTZ '2026-01-01 00:00+00', '2026-06-30 12:00+00', INTERVAL '30 minutes') t, generate_series(1, 2) d",
                """
                CREATE MATERIALIZED VIEW "Hourly" WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
                SELECT time_bucket('1 hour', time) AS hour, device, avg(value) AS mean, count(*) AS n
                FROM readings GROUP BY 1, 2 WITH NO DATA""",
                """
                CREATE MATERIALIZED VIEW reports.daily WITH (timescaledb.continuous, timescaledb.materialized_only = true,
                    timescaledb.create_group_indexes = false) AS
                SELECT time_bucket('1 day', hour, 'Europe/Berlin') AS day, device, max(mean) AS peak, sum(n) AS n
                FROM "Hourly" GROUP BY 1, 2 HAVING sum(n) > 1 WITH NO DATA""",
                """
                CREATE MATERIALIZED VIEW monthly WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
                SELECT time_bucket('1 month', day, 'Europe/Berlin') AS month, sum(n) AS n
                FROM reports.daily GROUP BY 1 WITH NO DATA""",
                "CALL refresh_continuous_aggregate('\"Hourly\"', NULL, '2026-06-29 00:00+00')",
                "CALL refresh_continuous_aggregate('reports.daily', NULL, '2026-06-27 22:00+00')",
                "CALL refresh_continuous_aggregate('monthly', NULL, '2026-06-01 00:00+02')",
                "SELECT drop_chunks('readings', older_than => TIMESTAMPTZ '2026-06-01 00:00+00')",
                "ALTER MATERIALIZED VIEW reports.daily RENAME COLUMN peak TO \"Peak value\"",
                """
                SELECT set_chunk_time_interval(format('%I.%I', materialization_hypertable_schema,
                    materialization_hypertable_name)::regclass, INTERVAL '9 days')
                FROM timescaledb_information.continuous_aggregates WHERE view_name = 'Hourly'""",
                "CREATE INDEX \"by; mean\" ON \"Hourly\" (mean DESC NULLS LAST) WHERE n > 0",
                "ALTER MATERIALIZED VIEW \"Hourly\" SET (timescaledb.compress, timescaledb.compress_segmentby = 'device')",
                "SELECT compress_chunk(c) FROM (SELECT c FROM show_chunks('\"Hourly\"') c ORDER BY c::text LIMIT 2) s",
                "CREATE TABLE ticks (at bigint NOT NULL, n int)",
                "SELECT create_hypertable('ticks', 'at', chunk_time_interval => 10000)",
                "CREATE FUNCTION ticks_now() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT max(at) FROM public.ticks'",
                "SELECT set_integer_now_func('ticks', 'ticks_now')",
                "INSERT INTO ticks SELECT i * 10, i % 5 FROM generate_series(-2000, 8000) i",
                """
                CREATE MATERIALIZED VIEW per_thousand WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
                SELECT time_bucket(BIGINT '1000', at) AS bucket, sum(n) AS sum, count(*) AS n
                FROM ticks GROUP BY 1 WITH NO DATA""",
                "CALL refresh_continuous_aggregate('per_thousand', -30000::bigint, 70000::bigint)",
                "SELECT drop_chunks('ticks', older_than => 40000::bigint)",
                "SELECT add_continuous_aggregate_policy('\"Hourly\"', NULL, INTERVAL '1 day', INTERVAL '1 hour', "
                        + LATER + ")",
                "SELECT add_continuous_aggregate_policy('reports.daily', NULL, NULL, INTERVAL '1 day', " + LATER + ")",
                "SELECT add_continuous_aggregate_policy('monthly', INTERVAL '3 years', INTERVAL '1 month', INTERVAL '1 day', "
                        + LATER + ")",
                "SELECT add_continuous_aggregate_policy('per_thousand', 200000::bigint, 0::bigint, INTERVAL '1 day', "
                        + LATER + ")");
    }

    /** What depends on the aggregates, and what is said about them. */
    static void addDependents(TestDatabase database) {
        database.createRole("hf_analyst", "");
        database.execute(
                "CREATE VIEW reports.peaks AS SELECT day, \"Peak value\" FROM reports.daily WHERE \"Peak value\" > 3",
                "COMMENT ON VIEW reports.peaks IS 'view on it'",
                "CREATE VIEW peaks_of_peaks AS SELECT count(*) AS n FROM reports.peaks",
                "CREATE MATERIALIZED VIEW hours_kept AS SELECT hour, sum(n) AS n FROM \"Hourly\" GROUP BY 1",
                "CREATE UNIQUE INDEX ON hours_kept (hour)",
                """
                CREATE FUNCTION last_hour() RETURNS timestamptz LANGUAGE sql STABLE
                BEGIN ATOMIC SELECT max(hour) FROM "Hourly"; END""",
                "CREATE FUNCTION hours() RETURNS SETOF \"Hourly\" LANGUAGE sql STABLE AS 'SELECT * FROM public.\"Hourly\"'",
                "COMMENT ON VIEW \"Hourly\" IS 'kept''s comment'",
                "COMMENT ON COLUMN \"Hourly\".mean IS 'of a column'",
                "GRANT SELECT ON \"Hourly\" TO hf_analyst",
                "GRANT SELECT ON reports.peaks TO hf_analyst WITH GRANT OPTION",
                "GRANT EXECUTE ON FUNCTION last_hour() TO hf_analyst");
    }
}
