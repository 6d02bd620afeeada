package io.hyperferry.internal.run;

import io.hyperferry.copy.CopyEngine;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.copy.CopyRun;
import org.jspecify.annotations.Nullable;

/**
 * How fast a run goes: how many workers it has, and how many bytes a second they may copy, which can be changed meanwhile; and how patient
 * it is with what fails. Thread-safe.
 */
public final class Pace {
    /** More than any machine copies: the limit when there is none. */
    public static final long NO_RATE_LIMIT = Long.MAX_VALUE;

    private final Retries retries;
    private int parallelism;
    private long rateLimit;
    private @Nullable CopyRun copying;

    public Pace(int parallelism, long rateLimit, Retries retries) {
        this.retries = retries;
        this.parallelism = checkedParallelism(parallelism);
        this.rateLimit = checkedRateLimit(rateLimit);
    }

    /** The number of workers, if it can be one. */
    public static int checkedParallelism(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("parallelism must be at least 1, not " + workers);
        }
        return workers;
    }

    /** The bytes a second, if they can be a limit. */
    public static long checkedRateLimit(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("rateLimit must be at least 1 byte a second, not " + bytesPerSecond);
        }
        return bytesPerSecond;
    }

    /** How many workers there are to be at this moment. */
    public synchronized int parallelism() {
        return parallelism;
    }

    /** Changes the number of workers, of the copying under way, too. */
    public synchronized void parallelism(int workers) {
        parallelism = checkedParallelism(workers);
        if (copying != null) {
            copying.parallelism(workers);
        }
    }

    /** Changes the limit, or takes it away, for the copying under way, too. */
    public synchronized void rateLimit(long bytesPerSecond) {
        rateLimit = checkedRateLimit(bytesPerSecond);
        if (copying != null) {
            copying.rateLimit(bytesPerSecond);
        }
    }

    /** Starts copying at this pace, and at those that follow. */
    synchronized CopyRun start(CopyEngine engine, CopyQueue queue) {
        CopyRun run = engine.parallelism(parallelism)
                .rateLimit(rateLimit)
                .retries(retries.most())
                .backoff(retries.first(), retries.longest())
                .start(queue);
        copying = run;
        return run;
    }
}
