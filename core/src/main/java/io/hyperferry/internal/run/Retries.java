package io.hyperferry.internal.run;

import java.time.Duration;
import java.util.Objects;
import java.util.Random;

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

    /** The pause before a retry: twice as long as the one before it, up to the longest, and up to a quarter longer or shorter. */
    public Duration pause(int retry, Random random) {
        double millis = Math.min((double) longest.toMillis(), (double) first.toMillis() * Math.pow(2, retry - 1.0));
        return Duration.ofMillis(Math.max(1, Math.round(millis * (0.75 + random.nextDouble() / 2))));
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
