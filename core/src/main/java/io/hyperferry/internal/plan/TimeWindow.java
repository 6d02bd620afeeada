package io.hyperferry.internal.plan;

import io.hyperferry.PlanOptions;
import io.hyperferry.TimeRange;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.internal.sql.TimeType;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of a time dimension that travels, in TimescaleDB's internal unit.
 *
 * @param from the first time inside, {@link DimensionRange#UNBOUNDED_FROM} when nothing bounds it
 * @param to the first time outside, {@link DimensionRange#UNBOUNDED_TO} when nothing bounds it
 */
record TimeWindow(long from, long to) {
    /** All of time. */
    static final TimeWindow ALL = new TimeWindow(DimensionRange.UNBOUNDED_FROM, DimensionRange.UNBOUNDED_TO);

    /** The first timestamp that PostgreSQL has, 4714-11-24 BC. */
    private static final long FIRST_TIMESTAMP = -210_866_803_200_000_000L;

    private static final Duration MICROSECOND = Duration.ofNanos(1_000);

    /** What of a dimension travels; empty when the range of the options means nothing in its unit. */
    static Optional<TimeWindow> of(TimeDimension time, PlanOptions options) {
        @Nullable TimeRange range = options.between();
        if (range == null) {
            return Optional.of(ALL);
        }
        TimeType type = TimeType.of(time);
        if (type.isCalendar()) {
            TimeWindow micros = of(range, MICROSECOND);
            // No row is older, and no literal can be.
            return Optional.of(new TimeWindow(
                    micros.from() <= FIRST_TIMESTAMP ? DimensionRange.UNBOUNDED_FROM : micros.from(),
                    Math.max(micros.to(), FIRST_TIMESTAMP)));
        }
        return type == TimeType.INTEGER && options.integerTimeUnit() != null
                ? Optional.of(of(range, options.integerTimeUnit().getDuration()))
                : Optional.empty();
    }

    /** What of a hypertable travels: all of it, where the range means nothing, which the preflight says. */
    static TimeWindow of(Hypertable hypertable, PlanOptions options) {
        return of(hypertable.time(), options).orElse(ALL);
    }

    /** What of an aggregate's rows travels: the buckets that reach into the range. */
    static TimeWindow of(ContinuousAggregate aggregate, PlanOptions options) {
        return of(aggregate.storage(), options).ofBuckets(aggregate.bucketWidth());
    }

    /** A value lies in the range exactly if it is not less than the first whole unit from a bound on. */
    private static TimeWindow of(TimeRange range, Duration unit) {
        return new TimeWindow(
                range.from() == null ? DimensionRange.UNBOUNDED_FROM : firstFrom(range.from(), unit),
                range.to() == null ? DimensionRange.UNBOUNDED_TO : firstFrom(range.to(), unit));
    }

    private static long firstFrom(Instant moment, Duration unit) {
        BigInteger nanos = nanos(moment.getEpochSecond(), moment.getNano());
        BigInteger[] units = nanos.divideAndRemainder(nanos(unit.getSeconds(), unit.getNano()));
        BigInteger first = units[1].signum() > 0 ? units[0].add(BigInteger.ONE) : units[0];
        return first.max(BigInteger.valueOf(Long.MIN_VALUE))
                .min(BigInteger.valueOf(Long.MAX_VALUE))
                .longValueExact();
    }

    private static BigInteger nanos(long seconds, int nanos) {
        return BigInteger.valueOf(seconds)
                .multiply(BigInteger.valueOf(1_000_000_000L))
                .add(BigInteger.valueOf(nanos));
    }

    private TimeWindow ofBuckets(long width) {
        return from == DimensionRange.UNBOUNDED_FROM || width <= 0
                ? this
                : new TimeWindow(from < DimensionRange.UNBOUNDED_FROM + width ? from : from - width + 1, to);
    }

    /** Whether something of a chunk travels. */
    boolean touches(DimensionRange chunk) {
        return (chunk.to() > from || chunk.to() == DimensionRange.UNBOUNDED_TO)
                && (chunk.from() < to || to == DimensionRange.UNBOUNDED_TO);
    }

    /** Whether a part of a chunk stays behind. */
    boolean cuts(DimensionRange chunk) {
        return chunk.from() < from || chunk.to() > to;
    }

    /** The part of a chunk that travels, if any does. */
    DimensionRange within(DimensionRange chunk) {
        return new DimensionRange(chunk.column(), Math.max(chunk.from(), from), Math.min(chunk.to(), to));
    }
}
