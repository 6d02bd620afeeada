package io.hyperferry.copy.internal;

import static java.util.Objects.requireNonNull;

import dev.failsafe.RetryPolicy;
import dev.failsafe.RetryPolicyBuilder;
import java.time.Duration;

/**
 * How often it is tried again after a failure that may pass, and after which pauses: each is twice as long as the one before it, up to the
 * longest, and a quarter shorter or longer by chance, so that workers that failed together do not come back together.
 *
 * @param most how often a task is tried again, and how often in a row a worker tries to get on
 * @param first the first pause
 * @param longest the longest pause
 */
public record Retries(int most, Duration first, Duration longest) {

    private static final double GROWTH = 2;
    private static final double JITTER = 0.25;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when the number is negative, a pause is not positive, or the longest is the shorter one
     */
    public Retries {
        if (most < 0) {
            throw new IllegalArgumentException("retries must not be negative: " + most);
        }
        if (requireNonNull(first, "first").isZero() || first.isNegative()) {
            throw new IllegalArgumentException("the first pause must be longer than zero: " + first);
        }
        if (requireNonNull(longest, "longest").compareTo(first) < 0) {
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

    /** Hears that it will be tried again. */
    interface Scheduled {

        /**
         * It will be.
         *
         * @param retry the number of the retry, from 1
         */
        void tryingAgain(PassingFault fault, int retry, Duration pause);
    }

    /** The policy of one worker, for the stretch from one success to the next. */
    RetryPolicy<Boolean> policy(Scheduled listener) {
        RetryPolicyBuilder<Boolean> policy =
                RetryPolicy.<Boolean>builder().handle(PassingFault.class).withMaxRetries(most);
        if (first.equals(longest)) {
            policy.withDelay(first);
        } else {
            policy.withBackoff(first, longest, GROWTH);
        }
        return policy.withJitter(JITTER)
                .onRetryScheduled(event -> {
                    if (event.getLastException() instanceof PassingFault fault) {
                        listener.tryingAgain(fault, event.getAttemptCount(), event.getDelay());
                    }
                })
                .build();
    }

    @Override
    public String toString() {
        return most == 0 ? "no retries" : "up to " + most + " retries after " + first + " to " + longest;
    }
}
