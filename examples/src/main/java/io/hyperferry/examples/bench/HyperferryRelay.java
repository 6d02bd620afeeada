package io.hyperferry.examples.bench;

import io.hyperferry.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Has {@link MeasuredMigration} move the database, in a virtual machine of its own. */
final class HyperferryRelay implements Relay {
    private final List<String> jvmOptions;
    private final Verification verification;
    private final String verb;

    private HyperferryRelay(List<String> jvmOptions, Verification verification, String verb) {
        this.jvmOptions = List.copyOf(jvmOptions);
        this.verification = verification;
        this.verb = verb;
    }

    /** A relay that moves the database, in a virtual machine with these options. */
    static HyperferryRelay migrating(List<String> jvmOptions, Verification verification) {
        return new HyperferryRelay(jvmOptions, verification, MeasuredMigration.MIGRATE);
    }

    /** A relay that plans and moves nothing. */
    static HyperferryRelay planning(List<String> jvmOptions) {
        return new HyperferryRelay(jvmOptions, Verification.DIGESTS, MeasuredMigration.PLAN);
    }

    @Override
    public Cost move(Trip trip, Path log) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                MeasuredMigration.class.getName(),
                verb,
                trip.source().url(trip.sourceDatabase()),
                trip.target().url(trip.targetDatabase()),
                String.valueOf(trip.parallelism()),
                verification.name()));
        command.addAll(trip.tools());
        Map<String, String> passwords = Map.of(
                MeasuredMigration.SOURCE_PASSWORD,
                trip.source().password(),
                MeasuredMigration.TARGET_PASSWORD,
                trip.target().password());
        RelayLog told = RelayLog.parse(Processes.run(command, passwords, "", log));
        return new Cost(
                told.phases(),
                told.seconds(),
                told.cpuSeconds(),
                1024 * told.kilobytes("heap-peak"),
                1024 * told.kilobytes("heap-live"),
                1024 * told.kilobytes("resident"));
    }
}
