package io.hyperferry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A half-open range of time, {@code [from, to)}.
 *
 * @param from the first moment inside, or null when nothing bounds it
 * @param to the first moment outside, or null when nothing bounds it
 */
public record TimeRange(@Nullable Instant from, @Nullable Instant to) {
    public TimeRange {
        if (from == null && to == null) {
            throw new IllegalArgumentException("a range of time has a bound at least on one side");
        }
        if (from != null && to != null && !from.isBefore(to)) {
            throw new IllegalArgumentException("a range of time ends after it begins, not [" + from + ", " + to + ")");
        }
    }

    /** For people, for example {@code from 2026-01-01T00:00:00Z to before 2026-02-01T00:00:00Z}. */
    @Override
    public String toString() {
        if (from == null) {
            return "before " + to;
        }
        return "from " + from + (to == null ? " on" : " to before " + to);
    }
}
