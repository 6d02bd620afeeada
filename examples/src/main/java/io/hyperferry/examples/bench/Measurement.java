package io.hyperferry.examples.bench;

import io.hyperferry.examples.bench.Phase.Kind;
import io.hyperferry.examples.bench.Relay.Cost;
import java.util.function.Predicate;

/**
 * One way, once.
 *
 * @param way the way
 * @param round the round, from 1
 * @param cost what the relay took
 * @param walBytes bytes that the target wrote to its write-ahead log
 * @param peakBytes the greatest size of the target's database, without what an empty one takes
 * @param load the machine's load average when it began; what else runs disturbs the figures
 */
record Measurement(Way way, int round, Cost cost, long walBytes, long peakBytes, double load) {
    /** Seconds of the phases of a kind. */
    double seconds(Kind kind) {
        return seconds(it -> it.kind() == kind);
    }

    /** Seconds of the phases that every way has: rows, compression, indexes. */
    double comparableSeconds() {
        return seconds(it -> it.kind().comparable());
    }

    /** Processor time of the relay while the rows travel. */
    double copyCpuSeconds() {
        return cost.phases().stream()
                .filter(it -> it.kind() == Kind.COPY)
                .mapToDouble(Phase::cpuSeconds)
                .sum();
    }

    private double seconds(Predicate<Phase> which) {
        return cost.phases().stream().filter(which).mapToDouble(Phase::seconds).sum();
    }
}
