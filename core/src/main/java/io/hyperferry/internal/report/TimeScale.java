package io.hyperferry.internal.report;

import io.hyperferry.internal.ledger.HistoryQueries.PieceTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The time in which something was done, put together without the time in which nothing was: hours between two runs would leave no room for
 * what they did. All times are in microseconds.
 */
final class TimeScale {
    /** A pause that is longer than this part of all is left out. */
    private static final double LONGEST_PAUSE = 0.05;

    private static final long NEVER_LEFT_OUT = 1_000_000;

    /** What is drawn as one, with what was left out before it. */
    record Stretch(long from, long to, long before) {}

    private final List<Stretch> stretches;
    private final long busy;

    private TimeScale(List<Stretch> stretches) {
        this.stretches = stretches;
        this.busy = stretches.stream().mapToLong(it -> it.to() - it.from()).sum();
    }

    static TimeScale of(List<PieceTime> pieces) {
        return of(pieces.stream()
                .map(it -> new long[] {it.from(), Math.max(it.from(), it.to())})
                .toArray(long[][]::new));
    }

    /** The scale of intervals, each with its beginning and end. */
    static TimeScale of(long[][] intervals) {
        List<long[]> merged = new ArrayList<>();
        long[][] sorted = intervals.clone();
        Arrays.sort(sorted, (a, b) -> Long.compare(a[0], b[0]));
        for (long[] next : sorted) {
            long[] last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && next[0] <= last[1]) {
                last[1] = Math.max(last[1], next[1]);
            } else {
                merged.add(next.clone());
            }
        }
        long done = merged.stream().mapToLong(it -> it[1] - it[0]).sum();
        long longest = Math.max(NEVER_LEFT_OUT, Math.round(done * LONGEST_PAUSE));
        List<Stretch> stretches = new ArrayList<>();
        for (long[] next : merged) {
            Stretch last = stretches.isEmpty() ? null : stretches.get(stretches.size() - 1);
            if (last != null && next[0] - last.to() <= longest) {
                stretches.set(stretches.size() - 1, new Stretch(last.from(), next[1], last.before()));
            } else {
                stretches.add(new Stretch(next[0], next[1], last == null ? 0 : next[0] - last.to()));
            }
        }
        return new TimeScale(stretches);
    }

    /** All of it, without what is left out. */
    long busy() {
        return busy;
    }

    List<Stretch> stretches() {
        return stretches;
    }

    /** Where a time stands, from 0 to {@link #busy}. */
    long position(long time) {
        long before = 0;
        for (Stretch stretch : stretches) {
            if (time < stretch.from()) {
                return before;
            }
            if (time <= stretch.to()) {
                return before + time - stretch.from();
            }
            before += stretch.to() - stretch.from();
        }
        return before;
    }

    /** The time that stands there. */
    long timeAt(double position) {
        double left = position;
        for (Stretch stretch : stretches) {
            long length = stretch.to() - stretch.from();
            if (left <= length) {
                return stretch.from() + Math.round(left);
            }
            left -= length;
        }
        return stretches.isEmpty() ? 0 : stretches.get(stretches.size() - 1).to();
    }
}
