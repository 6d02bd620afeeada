package io.hyperferry.examples.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A hypertable with daily chunks of readings of devices, the same ones whenever it is made: every value walks at random from reading to
 * reading, by a hash of device and moment, and often stays where it is, as that of a sensor does.
 *
 * @param chunks how many days
 * @param devices how many devices
 * @param steps how many readings of each device a day
 * @param metrics how many columns of floats
 */
record Dataset(int chunks, int devices, int steps, int metrics) {
    /** The name of the hypertable. */
    static final String TABLE = "readings";

    /** The columns of floats that a table of usual width has. */
    static final int USUAL_METRICS = 4;

    /** The days that a table has unless said otherwise. */
    static final int USUAL_CHUNKS = 14;

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> METRICS = List.of("temperature", "humidity", "pressure", "voltage");
    private static final int MINUTES_OF_A_DAY = 1440;

    /**
     * About as many rows: a reading a minute where the rows suffice for that, and so many devices that they are used up.
     *
     * @throws IllegalArgumentException when there is less than a row a chunk
     */
    static Dataset ofRows(long rows, int chunks, int metrics) {
        if (chunks < 1 || metrics < 1 || rows < chunks) {
            throw new IllegalArgumentException(
                    "not a data set: " + rows + " rows, " + chunks + " chunks, " + metrics + " metrics");
        }
        int devices = (int) Math.max(1, Math.round(rows / ((double) chunks * MINUTES_OF_A_DAY)));
        int steps = (int) Math.max(1, Math.round(rows / ((double) chunks * devices)));
        return new Dataset(chunks, devices, steps, metrics);
    }

    /** How many rows it has. */
    long rows() {
        return (long) chunks * devices * steps;
    }

    /** A name for a database that holds it. */
    String database(boolean compressed) {
        return "bench_" + rows() + "_" + chunks + "_" + metrics + (compressed ? "_compressed" : "_rows");
    }

    /** The table, not yet a hypertable. */
    String createTable() {
        return "CREATE TABLE " + TABLE + " (time timestamptz NOT NULL, device int NOT NULL, samples int NOT NULL, "
                + IntStream.range(0, metrics)
                        .mapToObj(it -> metric(it) + " double precision")
                        .collect(Collectors.joining(", "))
                + ", status text NOT NULL)";
    }

    private static String metric(int position) {
        return position < METRICS.size() ? METRICS.get(position) : "metric_" + (position + 1);
    }

    /** Makes the table a hypertable, with or without the index that TimescaleDB makes by itself. */
    String createHypertable(boolean withIndex) {
        return "SELECT create_hypertable('" + TABLE
                + "', 'time', chunk_time_interval => INTERVAL '1 day', create_default_indexes => " + withIndex + ")";
    }

    /** The index that {@link #createHypertable} makes when it is asked to. */
    String createIndex() {
        return "CREATE INDEX " + TABLE + "_time_idx ON " + TABLE + " (time DESC)";
    }

    /** The settings of the columnstore. */
    String setColumnstore() {
        return "ALTER TABLE " + TABLE + " SET (timescaledb.compress, timescaledb.compress_segmentby = 'device',"
                + " timescaledb.compress_orderby = 'time DESC')";
    }

    /** The rows of a chunk, in the order of time. */
    String insert(int chunk) {
        String values = IntStream.range(0, metrics)
                .mapToObj(it -> "(" + (200 + 150 * it) + " + sum(" + walk(it) + ") OVER w)::float8 / 10")
                .collect(Collectors.joining(", "));
        // A device that falls silent now and then leaves its first metric empty.
        values = values.replaceFirst("^(\\(.*?/ 10)", "CASE WHEN (h >> 50) & 127 <> 0 THEN $1 END");
        return "INSERT INTO " + TABLE + " SELECT TIMESTAMPTZ '" + from(chunk) + "' + n * (INTERVAL '1 day' / " + steps
                + "), device, " + (long) chunk * steps + " + n, " + values
                + ", CASE (hashint8extended(device * 1000003::bigint + n / 60, " + chunk
                + ") & 15) WHEN 0 THEN 'charging' WHEN 1 THEN 'calibrating' WHEN 2 THEN 'low signal'"
                + " WHEN 3 THEN 'low signal' WHEN 4 THEN 'maintenance' ELSE 'ok' END"
                + " FROM (SELECT n, device, hashint8extended(device * 1000003::bigint + n, " + chunk + ") AS h"
                + " FROM generate_series(0, " + (steps - 1) + ") n, generate_series(1, " + devices + ") device) s"
                + " WINDOW w AS (PARTITION BY device ORDER BY n) ORDER BY n, device";
    }

    /** A step up or down now and then, else none, as of a sensor that shows tenths; by four bits of the row's hash. */
    private static String walk(int metric) {
        String bits = metric < 12 ? "(h >> " + 4 * metric + ")" : "hashint8extended(h, " + metric + ")";
        return "((" + bits + " & 3) - (" + bits + " >> 2 & 3))::int / 2";
    }

    /** The bounds of the chunks, in their order: {@code from,to} in ISO 8601. */
    List<String> slices() {
        List<String> slices = new ArrayList<>();
        for (int chunk = 0; chunk < chunks; chunk++) {
            slices.add(from(chunk) + "," + from(chunk + 1));
        }
        return slices;
    }

    private static Instant from(int chunk) {
        return BEGIN.plus(Duration.ofDays(chunk));
    }

    /** What both sides must agree in; it has nothing in common with Hyperferry's own digest. */
    static String digest() {
        return "SELECT count(*) || ' rows, ' || coalesce(sum(hashtextextended(r::text, 7)), 0) FROM " + TABLE + " r";
    }
}
