package io.hyperferry.examples.bench;

import io.hyperferry.examples.bench.Relay.Cost;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Both servers, the data sets on one of them, and how a way is measured between them. Closing it drops the databases that it made. */
final class Lab implements AutoCloseable {
    private static final String TARGET_DATABASE = "bench_target";
    private static final String COMPLETE = "complete";
    private static final int PLANS = 3;

    private final Server source;
    private final Server target;
    private final List<String> tools;
    private final List<String> jvmOptions;
    private final Path logs;
    private final boolean keepData;
    private final PrintStream out;
    private final Set<String> sourceDatabases = new LinkedHashSet<>();
    private final Map<Dataset, String> digests = new HashMap<>();

    /**
     * A laboratory.
     *
     * @param tools the command under which {@code sh}, {@code psql} and {@code pg_dump} run; empty for those of this machine
     * @param jvmOptions what Hyperferry's virtual machine is started with
     * @param logs a directory for what the relays print
     * @param keepData whether the source's databases stay, for the next time
     * @param out where it tells what it does
     */
    Lab(
            Server source,
            Server target,
            List<String> tools,
            List<String> jvmOptions,
            Path logs,
            boolean keepData,
            PrintStream out) {
        this.source = source;
        this.target = target;
        this.tools = List.copyOf(tools);
        this.jvmOptions = List.copyOf(jvmOptions);
        this.logs = logs;
        this.keepData = keepData;
        this.out = out;
    }

    /** Whether the source has a columnstore. */
    boolean hasColumnstore() throws SQLException {
        source.create(TARGET_DATABASE);
        try {
            return source.value(TARGET_DATABASE, "SELECT current_setting('timescaledb.license', true)")
                    .equals("timescale");
        } finally {
            source.drop(TARGET_DATABASE);
        }
    }

    /** Makes a data set on the source, unless it is there. */
    String ready(Dataset dataset, boolean compressed) throws SQLException {
        String database = dataset.database(compressed);
        if (source.value(
                        source.maintenance(),
                        "SELECT coalesce((SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '"
                                + database + "'), '')")
                .equals(COMPLETE)) {
            sourceDatabases.add(database);
            return database;
        }
        long start = System.nanoTime();
        source.create(database);
        sourceDatabases.add(database);
        source.execute(database, dataset.createTable(), dataset.createHypertable(true));
        for (int chunk = 0; chunk < dataset.chunks(); chunk++) {
            source.execute(database, dataset.insert(chunk));
        }
        if (compressed) {
            source.execute(
                    database,
                    dataset.setColumnstore(),
                    "SELECT count(compress_chunk(c)) FROM show_chunks('" + Dataset.TABLE + "') c");
        }
        source.execute(
                database, "VACUUM (FREEZE, ANALYZE)", "COMMENT ON DATABASE " + database + " IS '" + COMPLETE + "'");
        tell(
                "made %,d rows in %d chunks%s, %s, in %.0f s",
                dataset.rows(),
                dataset.chunks(),
                compressed ? ", compressed" : "",
                Text.bytes(tableBytes(dataset, compressed)),
                (System.nanoTime() - start) / 1e9);
        return database;
    }

    /** What the table takes on the source, with its indexes. */
    long tableBytes(Dataset dataset, boolean compressed) throws SQLException {
        return source.number(dataset.database(compressed), "SELECT hypertable_size('" + Dataset.TABLE + "')");
    }

    /** What a row of the table takes on the source's disk, without indexes. */
    double bytesPerRow(Dataset dataset) throws SQLException {
        return (double) source.number(
                        dataset.database(false),
                        "SELECT sum(table_bytes) FROM chunks_detailed_size('" + Dataset.TABLE + "')")
                / dataset.rows();
    }

    /**
     * Moves a data set into a new database, and measures it.
     *
     * @param check whether both sides are compared afterwards, which is not measured
     * @throws IllegalStateException when they are not the same
     */
    Measurement measure(Way way, int round, Dataset dataset, int parallelism, boolean check)
            throws SQLException, IOException, InterruptedException {
        Trip trip = trip(dataset, way.compressed(), parallelism);
        long empty = target.number(target.maintenance(), "SELECT pg_database_size('" + TARGET_DATABASE + "')");
        source.execute(source.maintenance(), "CHECKPOINT");
        target.execute(target.maintenance(), "CHECKPOINT");
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        Cost cost;
        TargetWatch.Seen seen;
        try (TargetWatch watch = TargetWatch.start(target, TARGET_DATABASE)) {
            cost = Relay.of(way, jvmOptions).move(trip, log(dataset, round + "-" + way.letter()));
            seen = watch.end();
        }
        Measurement measurement =
                new Measurement(way, round, cost, seen.walBytes(), Math.max(0, seen.peakBytes() - empty), load);
        tell(
                "round %d, %s %-31s like for like %6.2f s, copy %6.2f s, in all %6.2f s, relay's CPU %5.2f s",
                round,
                way.letter(),
                way.title() + ":",
                measurement.comparableSeconds(),
                measurement.seconds(Phase.Kind.COPY),
                cost.seconds(),
                cost.cpuSeconds());
        if (check) {
            check(way, trip);
        }
        return measurement;
    }

    /** How many seconds Hyperferry takes to plan, from the start of its virtual machine; the median of several times. */
    double planSeconds(Dataset dataset, int parallelism) throws SQLException, IOException, InterruptedException {
        Trip trip = trip(dataset, false, parallelism);
        double[] seconds = new double[PLANS];
        for (int i = 0; i < PLANS; i++) {
            seconds[i] = HyperferryRelay.planning(jvmOptions)
                    .move(trip, log(dataset, "plan-" + (i + 1)))
                    .seconds();
        }
        Arrays.sort(seconds);
        return seconds[PLANS / 2];
    }

    private Trip trip(Dataset dataset, boolean compressed, int parallelism) throws SQLException {
        String database = ready(dataset, compressed);
        target.create(TARGET_DATABASE);
        return new Trip(source, database, target, TARGET_DATABASE, dataset, parallelism, tools);
    }

    private Path log(Dataset dataset, String name) {
        return logs.resolve(dataset.database(false) + "-" + name + ".log");
    }

    private void check(Way way, Trip trip) throws SQLException {
        String expected = digests.get(trip.dataset());
        if (expected == null) {
            expected = source.value(trip.sourceDatabase(), Dataset.digest());
            digests.put(trip.dataset(), expected);
        }
        String actual = target.value(TARGET_DATABASE, Dataset.digest());
        if (!actual.equals(expected)) {
            throw new IllegalStateException(
                    "both sides differ after " + way.title() + ": " + expected + " became " + actual);
        }
        if (way.compressed()) {
            long rowStore = target.number(
                    TARGET_DATABASE, "SELECT count(*) FROM timescaledb_information.chunks WHERE NOT is_compressed");
            if (rowStore > 0) {
                throw new IllegalStateException(rowStore + " chunks are not compressed after " + way.title());
            }
        }
    }

    /** Drops what it made on the source for a data set. */
    void discard(Dataset dataset) throws SQLException {
        for (boolean compressed : new boolean[] {false, true}) {
            if (!keepData && sourceDatabases.remove(dataset.database(compressed))) {
                source.drop(dataset.database(compressed));
            }
        }
    }

    /** Versions and settings of the target's server, as lines of text. */
    List<String> describeServers() throws SQLException {
        return List.of(
                "PostgreSQL " + target.value(target.maintenance(), "SELECT split_part(version(), ' ', 2)")
                        + ", TimescaleDB "
                        + target.value(
                                target.maintenance(),
                                "SELECT default_version FROM pg_available_extensions WHERE name = 'timescaledb'"),
                target.value(
                        target.maintenance(),
                        "SELECT string_agg(name || ' = ' || current_setting(name), ', ' ORDER BY name) FROM pg_settings"
                                + " WHERE name IN ('autovacuum', 'fsync', 'full_page_writes', 'maintenance_work_mem',"
                                + " 'max_parallel_maintenance_workers', 'max_wal_size', 'shared_buffers',"
                                + " 'synchronous_commit', 'wal_level', 'work_mem')"));
    }

    private void tell(String format, Object... values) {
        out.println("bench: " + String.format(Locale.ROOT, format, values));
    }

    @Override
    public void close() throws SQLException {
        target.drop(TARGET_DATABASE);
        if (!keepData) {
            for (String database : sourceDatabases) {
                source.drop(database);
            }
        }
    }

    /** Seconds since a moment of {@link System#nanoTime()}. */
    static long secondsSince(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - nanos);
    }
}
