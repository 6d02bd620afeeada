package io.hyperferry.internal.plan;

import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.ContinuousAggregate.Invalidation;
import io.hyperferry.catalog.ContinuousAggregate.State;
import io.hyperferry.internal.sql.TimeType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a continuous aggregate may be refreshed without losing rows: where what it aggregates still has chunks.
 *
 * <p>TimescaleDB notes dropped chunks as changes, so that on the source a refresh over them would take the aggregate's rows away, too. On the
 * target nothing but that note tells it to, and there it is left out.
 *
 * @param ranges what may be refreshed, as ranges that TimescaleDB can be told; it refreshes each bucket that one of them touches
 */
public record Refreshable(List<Invalidation> ranges) {
    private static final long HOUR_MICROS = 3_600_000_000L;

    public Refreshable {
        ranges = List.copyOf(ranges);
    }

    /**
     * What the source's chunks cover, and everything from the watermark on. The first bucket may have lost a part of its rows together with the
     * chunks before it, so it stays as it is; between chunks, only buckets of which nothing is there are left alone.
     */
    static Refreshable of(State state) {
        @Nullable Long watermark = state.watermark();
        if (watermark == null) {
            return new Refreshable(List.of(new Invalidation(Long.MIN_VALUE, Long.MAX_VALUE)));
        }
        List<Invalidation> ranges = new ArrayList<>(state.covered());
        ranges.add(new Invalidation(watermark, Long.MAX_VALUE));
        return new Refreshable(ranges);
    }

    /** The parts of these ranges that may be refreshed, ordered and without overlaps. */
    List<Invalidation> within(List<Invalidation> others) {
        return within(ranges, others);
    }

    private static List<Invalidation> within(List<Invalidation> ranges, List<Invalidation> others) {
        List<Invalidation> parts = new ArrayList<>();
        for (Invalidation other : others) {
            for (Invalidation range : ranges) {
                long lowest = Math.max(other.lowest(), range.lowest());
                long greatest = Math.min(other.greatest(), range.greatest());
                if (lowest <= greatest) {
                    parts.add(new Invalidation(lowest, greatest));
                }
            }
        }
        return Invalidation.merge(parts);
    }

    /**
     * Whether an aggregate is as good as expected: it looks again at all that it should, and at nothing that would lose rows. It may look at
     * more: after rows were read at several moments it does.
     */
    public static boolean isAsGood(State expected, State actual) {
        return within(actual.invalid(), expected.invalid()).equals(Invalidation.merge(expected.invalid()))
                && losesNothing(expected, actual);
    }

    /** Whether an aggregate looks again at nothing that would lose rows. */
    public static boolean losesNothing(State expected, State actual) {
        return of(expected).within(actual.invalid()).equals(Invalidation.merge(actual.invalid()));
    }

    /**
     * The state of an aggregate of which only a part of the source's rows travels: a bucket that has rows on both sides of a bound is
     * not covered any more, so that no refresh computes it from what is left. Neither are the buckets that make up such a bucket of an
     * aggregate over this one, which follows every row that a refresh writes here. A bucket takes no longer than its width and the hour by
     * which clocks are changed.
     *
     * @param longestBucket the width of the longest bucket of it and of the aggregates over it
     */
    static State within(ContinuousAggregate aggregate, long longestBucket, TimeWindow window) {
        State state = aggregate.state();
        long longest = longestBucket + (TimeType.of(aggregate.storage().time()).isCalendar() ? HOUR_MICROS : 0);
        Invalidation whole = new Invalidation(
                window.from() == Long.MIN_VALUE ? Long.MIN_VALUE : plus(window.from(), longest),
                window.to() == Long.MAX_VALUE ? Long.MAX_VALUE : plus(window.to(), -longest - 1));
        return new State(
                state.watermark(), state.threshold(), state.invalid(), within(List.of(whole), state.covered()));
    }

    private static long plus(long moment, long more) {
        long sum = moment + more;
        boolean over = ((moment ^ sum) & (more ^ sum)) < 0;
        return over ? (more > 0 ? Long.MAX_VALUE : Long.MIN_VALUE) : sum;
    }

    /** A state in which nothing awaits a refresh that would lose rows. */
    static State withoutLoss(State state) {
        return new State(state.watermark(), state.threshold(), of(state).within(state.invalid()), state.covered());
    }
}
