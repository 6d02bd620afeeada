package io.hyperferry.internal.run;

import java.time.Duration;
import java.util.Objects;

/**
 * How often copying is tried again after a failure that may pass, and after which pauses.
 *
 * @param most how often
 * @param first the first pause
 * @param longest the longest pause
 */
public record Retries(int most, Duration first, Duration longest) {
    public Retries {
        if (most < 0) {
            throw new IllegalArgumentException("retries must not be negative, not " + most);
        }
        if (Objects.requireNonNull(first, "first").isZero() || first.isNegative()) {
            throw new IllegalArgumentException("the first pause must be longer than zero, not " + first);
        }
        if (Objects.requireNonNull(longest, "longest").compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "the longest pause, " + longest + ", is shorter than the first, " + first);
        }
    }

    /** With another number. */
    public Retries withMost(int other) {
        return new Retries(other, first, longest);
    }

    /** With other pauses. */
    public Retries withPauses(Duration otherFirst, Duration otherLongest) {
        return new Retries(most, otherFirst, otherLongest);
    }
}
