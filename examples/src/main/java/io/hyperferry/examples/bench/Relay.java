package io.hyperferry.examples.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** What carries the rows, in processes of its own. */
interface Relay {
    /**
     * Moves the data set.
     *
     * @param log where what it prints is kept
     * @throws IOException when it fails
     */
    Cost move(Trip trip, Path log) throws SQLException, IOException, InterruptedException;

    /** The relay of a way; the options are those of Hyperferry's virtual machine. */
    static Relay of(Way way, List<String> jvmOptions) {
        return way.verification()
                .<Relay>map(it -> HyperferryRelay.migrating(jvmOptions, it))
                .orElseGet(() -> new PsqlRelay(way));
    }

    /**
     * What a relay took, of this machine alone, without what the servers do.
     *
     * @param phases its phases, in order
     * @param seconds by the clock, in all
     * @param cpuSeconds processor time of all its processes, from their start
     * @param heapPeak the most heap that was in use, garbage included, in bytes; 0 without a heap
     * @param heapLive the most heap that a collection left, in bytes; 0 when there was none
     * @param resident the most memory that its processes had, in bytes
     */
    record Cost(List<Phase> phases, double seconds, double cpuSeconds, long heapPeak, long heapLive, long resident) {
        public Cost {
            phases = List.copyOf(phases);
        }
    }
}
