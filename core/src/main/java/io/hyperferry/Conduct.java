package io.hyperferry;

import io.hyperferry.internal.run.Pace;
import io.hyperferry.internal.run.Retries;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a process works on a migration: what is no part of the plan, so that each run may have its own.
 *
 * @param jobPatience how long to wait for the source's jobs, or null when they are not to be paused
 * @param parallelism how many slices are copied at a time
 * @param rateLimit how many bytes a second are copied at most
 * @param retries how often and when a slice is tried again
 * @param tools PostgreSQL's tools
 * @param listener who hears what happens
 * @param lockPatience how long a statement waits for a lock before that is reported
 */
record Conduct(
        @Nullable Duration jobPatience,
        int parallelism,
        long rateLimit,
        Retries retries,
        PgTools tools,
        MigrationListener listener,
        Duration lockPatience) {
    static final Conduct DEFAULT = new Conduct(
            null,
            Migration.DEFAULT_PARALLELISM,
            Pace.NO_RATE_LIMIT,
            new Retries(Migration.DEFAULT_RETRIES, Migration.DEFAULT_BACKOFF, Migration.DEFAULT_LONGEST_BACKOFF),
            PgTools.onPath(),
            event -> {},
            Pace.LOCK_PATIENCE);

    Conduct withJobPatience(Duration value) {
        return new Conduct(value, parallelism, rateLimit, retries, tools, listener, lockPatience);
    }

    Conduct withParallelism(int value) {
        return new Conduct(jobPatience, value, rateLimit, retries, tools, listener, lockPatience);
    }

    Conduct withRateLimit(long value) {
        return new Conduct(jobPatience, parallelism, value, retries, tools, listener, lockPatience);
    }

    Conduct withRetries(Retries value) {
        return new Conduct(jobPatience, parallelism, rateLimit, value, tools, listener, lockPatience);
    }

    Conduct withTools(PgTools value) {
        return new Conduct(jobPatience, parallelism, rateLimit, retries, value, listener, lockPatience);
    }

    Conduct withListener(MigrationListener value) {
        return new Conduct(jobPatience, parallelism, rateLimit, retries, tools, value, lockPatience);
    }

    Conduct withLockPatience(Duration value) {
        return new Conduct(jobPatience, parallelism, rateLimit, retries, tools, listener, value);
    }

    /** The pace at which it begins. */
    Pace pace() {
        return new Pace(parallelism, rateLimit, retries, lockPatience);
    }
}
