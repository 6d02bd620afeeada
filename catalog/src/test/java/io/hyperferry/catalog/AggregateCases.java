package io.hyperferry.catalog;

import io.hyperferry.testkit.TestDatabase;
import java.util.ArrayList;
import java.util.List;

/** Continuous aggregates of every kind of bucket that a version has, all made by the same statements. */
final class AggregateCases {
    static final String ODD_VIEW = "\"Ödd \"\"s\".\"Vïew \"\"q\"";

    /** A version whose continuous aggregates have buckets without origin and offset only. */
    static final Version WITHOUT_OFFSETS = new Version(2, 14, 0);

    private static final Version OFFSETS = new Version(2, 15, 0);

    private AggregateCases() {}

    /**
     * An aggregate that counts the rows in its buckets.
     *
     * @param view its name
     * @param type the type of its time, which names the table it reads, too
     * @param bucket the bucket of {@code {at}}
     * @param width the width of a bucket, in the internal unit
     */
    record Case(String view, String type, String bucket, long width) {
        String of(String moment) {
            return bucket.replace("{at}", moment);
        }

        boolean integer() {
            return type.endsWith("int");
        }
    }

    static List<Case> cases(Version version) {
        long day = 86_400_000_000L;
        List<Case> cases = new ArrayList<>(List.of(
                new Case("by_bigint", "bigint", "time_bucket(10::bigint, {at})", 10),
                new Case("by_int", "int", "time_bucket(7, {at})", 7),
                new Case("by_smallint", "smallint", "time_bucket(10::smallint, {at})", 10),
                new Case("by_day", "timestamptz", "time_bucket('1 day', {at})", day),
                new Case("by_naive_hour", "timestamp", "time_bucket('6 hours', {at})", day / 4),
                new Case("by_date", "date", "time_bucket('3 days', {at})", 3 * day),
                new Case("by_month", "timestamp", "time_bucket('1 month', {at})", 31 * day),
                new Case("by_date_month", "date", "time_bucket('1 month', {at})", 31 * day),
                new Case("in_berlin", "timestamptz", "time_bucket('1 day', {at}, 'Europe/Berlin')", day),
                new Case("berlin_month", "timestamptz", "time_bucket('1 month', {at}, 'Europe/Berlin')", 31 * day)));
        if (version.compareTo(OFFSETS) >= 0) {
            cases.addAll(List.of(
                    new Case(
                            "from_origin",
                            "timestamptz",
                            "time_bucket('7 days', {at}, origin => '2024-01-03 05:00Z'::timestamptz)",
                            7 * day),
                    new Case(
                            "moved",
                            "timestamptz",
                            "time_bucket('1 day', {at}, \"offset\" => INTERVAL '6 hours')",
                            day),
                    new Case(
                            "moved_in_berlin",
                            "timestamptz",
                            "time_bucket('1 day', {at}, 'Europe/Berlin', \"offset\" => INTERVAL '6 hours')",
                            day),
                    new Case("moved_int", "int", "time_bucket(10, {at}, 3)", 10)));
        }
        return cases;
    }

    /** Makes all of them, refreshed up to the end of the rows, with late rows after that, and without the oldest raw chunks. */
    static void make(TestDatabase database, Version version) {
        List<String> sql = new ArrayList<>(List.of("SET timezone = 'UTC'"));
        List.of("bigint", "int", "smallint").forEach(it -> sql.addAll(integers(it)));
        List.of("timestamptz", "timestamp", "date").forEach(it -> sql.addAll(times(it)));
        for (Case one : cases(version)) {
            sql.add("CREATE MATERIALIZED VIEW " + one.view() + " WITH (timescaledb.continuous,"
                    + " timescaledb.materialized_only = true) AS SELECT " + one.of("at")
                    + " AS bucket, count(*) AS n FROM raw_" + one.type() + " GROUP BY 1 WITH NO DATA");
            sql.add("CALL refresh_continuous_aggregate('" + one.view() + "', NULL, "
                    + (one.integer() ? "900::" + one.type() : "'2024-03-01'::" + one.type()) + ")");
        }
        sql.addAll(hierarchy());
        sql.addAll(oddOnes());
        sql.add("INSERT INTO raw_bigint VALUES (333, 1)");
        sql.add("INSERT INTO raw_smallint VALUES (333, 1)");
        sql.add("INSERT INTO raw_int VALUES (333, 1)");
        sql.add("INSERT INTO raw_timestamptz VALUES ('2024-01-20 12:10Z', 1)");
        sql.add("INSERT INTO raw_timestamp VALUES ('2024-01-20 12:10', 1)");
        sql.add("INSERT INTO raw_date VALUES ('2024-01-20', 1)");
        sql.add("SELECT drop_chunks('raw_timestamptz', older_than => '2024-01-07Z'::timestamptz)");
        sql.add("SELECT drop_chunks('raw_int', older_than => 205)");
        database.execute(sql.toArray(String[]::new));
    }

    private static List<String> integers(String type) {
        return List.of(
                "CREATE TABLE raw_" + type + " (at " + type + " NOT NULL, v int)",
                "SELECT create_hypertable('raw_" + type + "', 'at', chunk_time_interval => 100)",
                "CREATE FUNCTION now_" + type + "() RETURNS " + type + " LANGUAGE sql STABLE AS 'SELECT 1000::" + type
                        + "'",
                "SELECT set_integer_now_func('raw_" + type + "', 'now_" + type + "')",
                "INSERT INTO raw_" + type + " SELECT i, i FROM generate_series(0, 999) i");
    }

    private static List<String> times(String type) {
        return List.of(
                "CREATE TABLE raw_" + type + " (at " + type + " NOT NULL, v int)",
                "SELECT create_hypertable('raw_" + type + "', 'at', chunk_time_interval => INTERVAL '2 days')",
                "INSERT INTO raw_" + type + " SELECT '2024-01-01 00:30'::timestamp + i * INTERVAL '6 hours', i"
                        + " FROM generate_series(0, 239) i");
    }

    private static List<String> hierarchy() {
        return List.of(
                view("z_hourly", "time_bucket('1 hour', at) AS hour, sum(v) AS s", "raw_timestamptz", true),
                view("m_daily", "time_bucket('1 day', hour) AS day, sum(s) AS s", "z_hourly", false),
                view("a_weekly", "time_bucket('7 days', day) AS week, sum(s) AS s", "m_daily", true),
                "CALL refresh_continuous_aggregate('z_hourly', NULL, '2024-02-12Z')",
                "CALL refresh_continuous_aggregate('m_daily', NULL, '2024-02-12Z')",
                "CALL refresh_continuous_aggregate('a_weekly', NULL, '2024-02-12Z')",
                "ALTER MATERIALIZED VIEW z_hourly SET (timescaledb.compress = true)",
                "SELECT compress_chunk(c) FROM show_chunks('z_hourly', older_than => '2024-01-20Z'::timestamptz) c");
    }

    private static List<String> oddOnes() {
        return List.of(
                "CREATE SCHEMA \"Ödd \"\"s\"",
                view(ODD_VIEW, "time_bucket('1 day', at) AS \"Tag ü\", v AS dev, sum(v) AS s", "raw_timestamptz", false)
                        .replace("GROUP BY 1", "GROUP BY 1, 2"),
                "ALTER MATERIALIZED VIEW " + ODD_VIEW + " RENAME COLUMN s TO \"Sum \"\"x\"",
                "CREATE INDEX \"Índex \"\"i\" ON " + ODD_VIEW + " (\"Sum \"\"x\" DESC, \"Tag ü\")",
                "CREATE INDEX ON " + ODD_VIEW + " (dev)",
                "CALL refresh_continuous_aggregate('" + ODD_VIEW + "', NULL, '2024-03-01Z')",
                view("never", "time_bucket('1 day', at) AS day, min(v) AS low", "raw_timestamptz", true));
    }

    private static String view(String name, String columns, String source, boolean materializedOnly) {
        return "CREATE MATERIALIZED VIEW " + name + " WITH (timescaledb.continuous, timescaledb.materialized_only = "
                + materializedOnly + ") AS SELECT " + columns + " FROM " + source + " GROUP BY 1 WITH NO DATA";
    }
}
