package io.hyperferry.catalog;

import java.util.Objects;

/**
 * The half-open range {@code [from, to)} that a chunk covers in one dimension, in TimescaleDB's internal unit: microseconds since
 * 1970-01-01 UTC for dates and timestamps, the value itself for integers, the hash for hash dimensions.
 *
 * @param column the dimension's column
 * @param from the first value inside; {@link #UNBOUNDED_FROM} means that nothing lies below
 * @param to the first value outside; {@link #UNBOUNDED_TO} means that nothing lies above
 */
public record DimensionRange(String column, long from, long to) {
    /** The lower bound of a range that has none. */
    public static final long UNBOUNDED_FROM = Long.MIN_VALUE;

    /** The upper bound of a range that has none. */
    public static final long UNBOUNDED_TO = Long.MAX_VALUE;

    public DimensionRange {
        Objects.requireNonNull(column, "column");
        if (from > to) {
            throw new IllegalArgumentException("range ends before it starts: [" + from + ", " + to + ")");
        }
    }
}
