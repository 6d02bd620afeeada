package io.hyperferry.examples.bench;

import io.hyperferry.examples.bench.Phase.Kind;
import java.util.ArrayList;
import java.util.List;

/** Measurements with figures that are easy to follow. */
final class Measurements {
    private static final long MEGABYTE = 1024 * 1024;

    private Measurements() {}

    /** A way that copied for so many seconds, built indexes for one, and did other things for two if it is Hyperferry. */
    static Measurement of(Way way, int round, double copySeconds) {
        List<Phase> phases = new ArrayList<>();
        if (way.hyperferry()) {
            phases.add(new Phase(Kind.AROUND, "plan", 2, 1.5));
        }
        phases.add(new Phase(Kind.COPY, "copy data", copySeconds, copySeconds / 2));
        phases.add(new Phase(Kind.INDEX, "restore schema (post-data)", 1, 0));
        double seconds = phases.stream().mapToDouble(Phase::seconds).sum();
        double cpu = phases.stream().mapToDouble(Phase::cpuSeconds).sum();
        return new Measurement(
                way,
                round,
                new Relay.Cost(phases, seconds, cpu, 40 * MEGABYTE, 10 * MEGABYTE, 120 * MEGABYTE),
                200 * MEGABYTE,
                300 * MEGABYTE,
                0.5);
    }

    /** All ways in three rounds; the second round's figures are outliers. */
    static Results threeRounds() {
        Results results = new Results();
        for (int round = 1; round <= 3; round++) {
            double copySeconds = 1;
            for (Way way : Way.values()) {
                results.add(of(way, round, copySeconds * (round == 2 ? 100 : 1)));
                copySeconds++;
            }
        }
        return results;
    }

    /** Conditions of these measurements. */
    static Setup setup() {
        return new Setup(
                Dataset.ofRows(1_000_000, Dataset.USUAL_CHUNKS, Dataset.USUAL_METRICS),
                87,
                110 * MEGABYTE,
                100 * MEGABYTE,
                4,
                List.of("-Xmx96m"),
                List.of("fsync = off"));
    }
}
