package io.hyperferry.internal.run;

import io.hyperferry.MigrationEvent;
import io.hyperferry.Slice;
import io.hyperferry.copy.CopyEvent;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Counts how far the copying is. Thread-safe. */
final class Progress {
    private final long slices;
    private final double weight;
    private final double weightBefore;
    private long slicesDone;
    private double weightDone;

    /** The progress of a plan's slices, some of which are done already. */
    Progress(Collection<Slice> all, Collection<Slice> doneBefore) {
        slices = all.size();
        weight = all.stream().mapToDouble(Progress::weight).sum();
        slicesDone = doneBefore.size();
        weightBefore = doneBefore.stream().mapToDouble(Progress::weight).sum();
        weightDone = weightBefore;
    }

    /** An empty slice counts a little, too: it takes a transaction. */
    private static double weight(Slice slice) {
        final int ofTransaction = 8192;
        return (double) slice.estimatedBytes() + ofTransaction;
    }

    synchronized void done(Slice slice) {
        slicesDone++;
        weightDone += weight(slice);
    }

    synchronized MigrationEvent.Progress event(CopyEvent.Progress copied) {
        return new MigrationEvent.Progress(
                slicesDone,
                slices,
                copied.rows(),
                copied.bytes(),
                weight == 0 ? 1 : weightDone / weight,
                copied.elapsed(),
                remaining(copied.elapsed()));
    }

    private @Nullable Duration remaining(Duration elapsed) {
        double now = weightDone - weightBefore;
        return now <= 0 ? null : Duration.ofMillis(Math.round(elapsed.toMillis() * (weight - weightDone) / now));
    }
}
