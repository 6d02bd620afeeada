package io.hyperferry.internal.run;

import io.hyperferry.MigrationEvent;
import io.hyperferry.Slice;
import io.hyperferry.copy.CopyEvent;
import io.hyperferry.internal.ledger.SliceQueries.Copied;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts how far the copying is. Thread-safe. */
final class Progress {
    private final long started = System.nanoTime();
    private final long slices;
    private final double weight;
    private final double weightBefore;
    private long slicesDone;
    private double weightDone;

    /** Not known to be done, by position. */
    private final Map<Integer, Slice> open = new HashMap<>();

    private final Map<Integer, Copied> elsewhere = new HashMap<>();
    private long rowsElsewhere;
    private long bytesElsewhere;
    private long rowsHere;
    private long bytesHere;

    /** The progress of a plan's slices, some of which are done already. */
    Progress(Collection<Slice> all, Collection<Slice> doneBefore) {
        slices = all.size();
        weight = all.stream().mapToDouble(Progress::weight).sum();
        slicesDone = doneBefore.size();
        weightBefore = doneBefore.stream().mapToDouble(Progress::weight).sum();
        weightDone = weightBefore;
        all.forEach(it -> open.put(it.position(), it));
        doneBefore.forEach(it -> open.remove(it.position()));
    }

    /** An empty slice counts a little, too: it takes a transaction. */
    private static double weight(Slice slice) {
        final int ofTransaction = 8192;
        return (double) slice.estimatedBytes() + ofTransaction;
    }

    /** A slice was copied by this process. */
    synchronized void done(Slice slice) {
        Copied seen = elsewhere.remove(slice.position());
        if (seen != null) {
            // The ledger told of it before its worker did.
            rowsElsewhere -= seen.rows();
            bytesElsewhere -= seen.bytes();
        } else {
            count(slice);
        }
    }

    private void count(Slice slice) {
        open.remove(slice.position());
        slicesDone++;
        weightDone += weight(slice);
    }

    /** The ledger has these slices as done, also those that other processes copied; gives whether that is news. */
    synchronized boolean inLedger(List<Copied> done) {
        boolean news = false;
        for (Copied copied : done) {
            Slice slice = open.get(copied.position());
            if (slice != null) {
                count(slice);
                elsewhere.put(copied.position(), copied);
                rowsElsewhere += copied.rows();
                bytesElsewhere += copied.bytes();
                news = true;
            }
        }
        return news;
    }

    /** How far it is, when this process has copied so much. */
    synchronized MigrationEvent.Progress event(CopyEvent.Progress copied) {
        rowsHere = copied.rows();
        bytesHere = copied.bytes();
        return event();
    }

    /** How far it is. */
    synchronized MigrationEvent.Progress event() {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - started);
        return new MigrationEvent.Progress(
                slicesDone,
                slices,
                rowsHere + rowsElsewhere,
                bytesHere + bytesElsewhere,
                weight == 0 ? 1 : weightDone / weight,
                elapsed,
                remaining(elapsed));
    }

    private @Nullable Duration remaining(Duration elapsed) {
        double now = weightDone - weightBefore;
        return now <= 0 ? null : Duration.ofMillis(Math.round(elapsed.toMillis() * (weight - weightDone) / now));
    }
}
