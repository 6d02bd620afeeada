package io.hyperferry;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A type of a hypertable's time, with intervals and moments by chance. */
enum TimeAxis {
    TIMESTAMPTZ,
    TIMESTAMP,
    DATE,
    SMALLINT,
    INT,
    BIGINT;

    String type() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean integer() {
        return this == SMALLINT || this == INT || this == BIGINT;
    }

    /** The width of a chunk, for SQL. */
    String interval(Random random) {
        return switch (this) {
            case TIMESTAMPTZ, TIMESTAMP ->
                "INTERVAL '" + (1 + random.nextInt(100)) + " hours " + random.nextInt(60) + " minutes'";
            case DATE -> "INTERVAL '" + (1 + random.nextInt(12)) + " days'";
            default -> Integer.toString(100 + random.nextInt(400));
        };
    }

    /** A moment among the others, as text. */
    String ordinary(Random random) {
        String day = LocalDate.of(2026, 3, 20).plusDays(random.nextInt(20)).toString();
        return switch (this) {
            case TIMESTAMPTZ, TIMESTAMP ->
                String.format(
                                Locale.ROOT,
                                "%s %02d:%02d:%02d.%06d",
                                day,
                                random.nextInt(24),
                                random.nextInt(60),
                                random.nextInt(60),
                                random.nextInt(1_000_000))
                        + (this == TIMESTAMPTZ ? "+00" : "");
            case DATE -> day;
            default -> Integer.toString(random.nextInt(6_000) - 3_000);
        };
    }

    /** Moments which a server may refuse. */
    List<String> odd() {
        return switch (this) {
            case TIMESTAMPTZ ->
                List.of(
                        "infinity",
                        "-infinity",
                        "0044-03-15 12:00+00 BC",
                        "4714-11-24 00:00+00 BC",
                        "9999-12-31 23:59:59.999999+00",
                        "294246-12-31 00:00+00",
                        "1970-01-01 00:00+00",
                        "1969-12-31 23:59:59.999999+00",
                        "2000-01-01 00:00+00");
            case TIMESTAMP ->
                List.of(
                        "infinity",
                        "-infinity",
                        "0044-03-15 12:00 BC",
                        "4714-11-24 00:00 BC",
                        "294246-12-31 00:00",
                        "1970-01-01",
                        "1969-12-31 23:59:59.999999",
                        "2026-03-29 02:30");
            case DATE ->
                List.of(
                        "infinity",
                        "-infinity",
                        "0044-03-15 BC",
                        "4714-11-24 BC",
                        "9999-12-31",
                        "294246-12-31",
                        "1970-01-01");
            case SMALLINT -> List.of("-32768", "32767", "0", "-1");
            case INT -> List.of("-2147483648", "2147483647", "0", "-1");
            case BIGINT ->
                List.of(
                        "-9223372036854775808",
                        "9223372036854775807",
                        "-9223372036854775807",
                        "0",
                        "-1",
                        "1767225600000000");
        };
    }

    /** A row source whose column {@code t} has the bounds of a schema's chunks, with their neighbours. */
    String bounds(String schema) {
        String chunks =
                " FROM timescaledb_information.chunks c, LATERAL (VALUES (%s_start%s), (%s_end%s)) AS b (bound), (VALUES (-1), (0), (1)) AS n (near)"
                        + " WHERE hypertable_schema = '" + schema + "'";
        if (integer()) {
            String range = chunks.replace("%s_start%s", "range_start_integer").replace("%s_end%s", "range_end_integer");
            return "(SELECT DISTINCT (bound + near)::" + type() + " AS t" + range
                    + " AND bound BETWEEN -30000 AND 30000) AS bounds";
        }
        String zone = this == TIMESTAMPTZ ? "" : " AT TIME ZONE 'UTC'";
        String step = this == DATE ? "1 day" : "1 microsecond";
        String range = chunks.replace("%s_start%s", "range_start" + zone).replace("%s_end%s", "range_end" + zone);
        return "(SELECT DISTINCT (bound + near * INTERVAL '" + step + "')::" + type() + " AS t" + range
                + " AND isfinite(bound)) AS bounds";
    }
}
