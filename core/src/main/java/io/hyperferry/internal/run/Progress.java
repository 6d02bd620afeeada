package io.hyperferry.internal.run;

import static java.util.stream.Collectors.toSet;

import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationProgress.Amount;
import io.hyperferry.MigrationProgress.TableProgress;
import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.internal.ledger.SliceQueries.Copied;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Counts how far the copying is, in all and of each table. Thread-safe. */
final class Progress {
    private static final double NANOS = 1e9;

    private final LongSupplier pausedNanos;
    private final long start;
    private final List<TableData> tables;
    private final Map<Integer, Count> countOfSlice = new HashMap<>();
    private final List<Count> counts = new ArrayList<>();
    private final Count total = new Count();

    /** Not known to be done, by position. */
    private final Map<Integer, Slice> open = new HashMap<>();

    /** Known to be done from the ledger alone, so far. */
    private final Map<Integer, Copied> elsewhere = new HashMap<>();

    private long bytesHere;
    private long bytesElsewhere;

    /** What is counted of some slices. */
    private static final class Count {
        private long slices;
        private long slicesDone;
        private long estimatedRows;
        private double weight;
        private double weightBefore;
        private double weightDone;
        private long rows;
        private long bytes;
        private long first = Long.MAX_VALUE;
        private long last;

        void add(Slice slice, boolean doneBefore) {
            slices++;
            estimatedRows += slice.estimatedRows();
            weight += Progress.weight(slice);
            if (doneBefore) {
                slicesDone++;
                weightBefore += Progress.weight(slice);
                weightDone += Progress.weight(slice);
            }
        }

        void done(Slice slice, long rowsOfSlice, long bytesOfSlice, long began, long now) {
            slicesDone++;
            weightDone += Progress.weight(slice);
            rows += rowsOfSlice;
            bytes += bytesOfSlice;
            first = Math.min(first, began);
            last = now;
        }

        double fraction() {
            return weight == 0 ? 1 : weightDone / weight;
        }

        long bytesPerSecond(long now) {
            long until = slicesDone == slices ? last : now;
            return until <= first ? 0 : Math.round(bytes * NANOS / (until - first));
        }
    }

    /**
     * The progress of the slices of some tables.
     *
     * @param done the positions of slices that are done already
     * @param pausedNanos how long the run was paused until now; this time counts for nothing
     */
    Progress(List<TableData> tables, Set<Integer> done, LongSupplier pausedNanos) {
        this.tables = List.copyOf(tables);
        this.pausedNanos = pausedNanos;
        for (TableData table : tables) {
            Count count = new Count();
            for (Slice slice : table.slices()) {
                boolean before = done.contains(slice.position());
                count.add(slice, before);
                total.add(slice, before);
                countOfSlice.put(slice.position(), count);
                if (!before) {
                    open.put(slice.position(), slice);
                }
            }
            counts.add(count);
        }
        start = System.nanoTime() - pausedNanos.getAsLong();
    }

    /** The progress of tables whose slices are all there already. */
    static Progress complete(List<TableData> tables) {
        return new Progress(
                tables,
                tables.stream()
                        .flatMap(it -> it.slices().stream())
                        .map(Slice::position)
                        .collect(toSet()),
                () -> 0);
    }

    /** An empty slice counts a little, too: it takes a transaction. */
    private static double weight(Slice slice) {
        final int ofTransaction = 8192;
        return (double) slice.estimatedBytes() + ofTransaction;
    }

    /** Time since the copying began, without pauses. */
    private long now() {
        return System.nanoTime() - pausedNanos.getAsLong() - start;
    }

    /** A slice was copied by this process. */
    synchronized void done(Slice slice, long rows, long bytes, Duration elapsed) {
        @Nullable Copied seen = elsewhere.remove(slice.position());
        if (seen == null) {
            count(slice, rows, bytes, elapsed);
        } else {
            // The ledger told of it before its worker did.
            bytesElsewhere -= seen.bytes();
        }
    }

    private void count(Slice slice, long rows, long bytes, Duration elapsed) {
        Count count = countOfSlice.get(slice.position());
        if (count != null && open.remove(slice.position()) != null) {
            long now = now();
            long began = Math.max(0, now - elapsed.toNanos());
            count.done(slice, rows, bytes, began, now);
            total.done(slice, rows, bytes, began, now);
        }
    }

    /** The ledger has these slices as done, also those that other processes copied; gives whether that is news. */
    synchronized boolean inLedger(List<Copied> done) {
        boolean news = false;
        for (Copied copied : done) {
            @Nullable Slice slice = open.get(copied.position());
            if (slice != null) {
                count(slice, copied.rows(), copied.bytes(), Duration.ZERO);
                elsewhere.put(copied.position(), copied);
                bytesElsewhere += copied.bytes();
                news = true;
            }
        }
        return news;
    }

    /** @param bytes those that this process has copied, slices under way included */
    synchronized MigrationEvent.Progress event(long bytes) {
        bytesHere = bytes;
        return event();
    }

    /** How far it is. */
    synchronized MigrationEvent.Progress event() {
        long now = now();
        return new MigrationEvent.Progress(
                total.slicesDone,
                total.slices,
                total.rows,
                Math.max(total.bytes, bytesHere + bytesElsewhere),
                total.fraction(),
                Duration.ofNanos(now),
                remaining(total.weight - total.weightDone, now));
    }

    synchronized Amount total() {
        return amount(total, total.weight - total.weightDone, now());
    }

    synchronized List<TableProgress> tables() {
        long now = now();
        List<TableProgress> result = new ArrayList<>();
        double left = 0;
        for (int i = 0; i < tables.size(); i++) {
            Count count = counts.get(i);
            left += count.weight - count.weightDone;
            result.add(new TableProgress(tables.get(i).table(), amount(count, left, now)));
        }
        return result;
    }

    private Amount amount(Count count, double left, long now) {
        return new Amount(
                count.slicesDone,
                count.slices,
                count.rows,
                count.estimatedRows,
                count.bytes,
                count.fraction(),
                count.bytesPerSecond(now),
                count.slicesDone == count.slices ? Duration.ZERO : remaining(left, now));
    }

    private @Nullable Duration remaining(double left, long now) {
        double done = total.weightDone - total.weightBefore;
        return done <= 0 ? null : Duration.ofNanos(Math.round(now * left / done));
    }
}
