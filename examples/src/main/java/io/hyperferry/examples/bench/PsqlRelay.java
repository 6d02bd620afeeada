package io.hyperferry.examples.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Moves the rows with nothing but a shell and psql. What a person prepares by hand before, the empty hypertable, is not measured. */
final class PsqlRelay implements Relay {
    private static final String SCRIPT = "psql.sh";

    private final Way way;

    PsqlRelay(Way way) {
        this.way = way;
    }

    @Override
    public Cost move(Trip trip, Path log) throws SQLException, IOException, InterruptedException {
        prepare(trip);
        List<String> command = new ArrayList<>(trip.tools());
        command.addAll(List.of(
                "sh",
                "-c",
                script(),
                SCRIPT,
                word(),
                trip.source().url(trip.sourceDatabase()),
                trip.target().url(trip.targetDatabase()),
                String.valueOf(trip.parallelism()),
                trip.dataset().createIndex()));
        command.addAll(trip.dataset().slices());
        String passwords = trip.source().password() + "\n" + trip.target().password() + "\n";
        RelayLog told = RelayLog.parse(Processes.run(command, Map.of(), passwords, log));
        return new Cost(told.phases(), told.seconds(), told.cpuSeconds(), 0, 0, memory(told, trip));
    }

    private void prepare(Trip trip) throws SQLException {
        Dataset dataset = trip.dataset();
        List<String> sql = new ArrayList<>(List.of(dataset.createTable(), dataset.createHypertable(way == Way.CSV)));
        if (way.compressed()) {
            sql.add(dataset.setColumnstore());
        }
        trip.target().execute(trip.targetDatabase(), sql.toArray(String[]::new));
    }

    private String word() {
        return way == Way.CSV ? "csv" : way.compressed() ? "compress" : "pipe";
    }

    /** Bytes of all the processes that run at a time. */
    private long memory(RelayLog told, Trip trip) {
        long source = told.kilobytes("source");
        long target = told.kilobytes("target");
        long pairs = Math.min(trip.parallelism(), trip.dataset().chunks());
        return 1024 * (way == Way.CSV ? Math.max(source, target) : pairs * (source + target));
    }

    private static String script() throws IOException {
        try (InputStream in = Objects.requireNonNull(PsqlRelay.class.getResourceAsStream(SCRIPT), SCRIPT)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
