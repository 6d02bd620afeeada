package io.hyperferry.internal.run;

import io.hyperferry.MigrationCancelledException;
import io.hyperferry.copy.CopyEngine;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.copy.CopyRun;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Cancellation.Registration;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fast a run goes: how many workers it has, and how many bytes a second they may copy, which can be changed meanwhile; and how patient
 * it is with what fails. Thread-safe.
 */
public final class Pace {
    /** More than any machine copies: the limit when there is none. */
    public static final long NO_RATE_LIMIT = Long.MAX_VALUE;

    /** How long a statement waits for a lock before that is reported. */
    public static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

    private final Retries retries;
    private final Duration lockPatience;
    private int parallelism;
    private long rateLimit;
    private @Nullable CopyRun copying;
    private boolean paused;
    private long pausedAt;
    private long pausedNanos;

    public Pace(int parallelism, long rateLimit, Retries retries) {
        this(parallelism, rateLimit, retries, LOCK_PATIENCE);
    }

    /** @param lockPatience how long a statement waits for a lock before that is reported */
    public Pace(int parallelism, long rateLimit, Retries retries, Duration lockPatience) {
        this.retries = retries;
        this.lockPatience = lockPatience;
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

    /** How patient it is with what fails. */
    Retries retries() {
        return retries;
    }

    /** Returns how long a statement waits for a lock before that is reported. */
    Duration lockPatience() {
        return lockPatience;
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
        if (paused) {
            run.pause();
        }
        return run;
    }

    /** Lets no slice and no step begin any more; tells whether that is new. */
    public synchronized boolean pause() {
        if (paused) {
            return false;
        }
        paused = true;
        pausedAt = System.nanoTime();
        if (copying != null) {
            copying.pause();
        }
        return true;
    }

    /** Goes on after a pause; tells whether there was one. */
    public synchronized boolean resume() {
        if (!paused) {
            return false;
        }
        paused = false;
        pausedNanos += System.nanoTime() - pausedAt;
        if (copying != null) {
            copying.resume();
        }
        notifyAll();
        return true;
    }

    /** Whether there is a pause now. */
    public synchronized boolean isPaused() {
        return paused;
    }

    /** How long all pauses were together until now, in nanoseconds. */
    public synchronized long pausedNanos() {
        return pausedNanos + (paused ? System.nanoTime() - pausedAt : 0);
    }

    /**
     * Waits while there is a pause.
     *
     * @throws MigrationCancelledException when it is cancelled meanwhile
     */
    void awaitTurn(Cancellation cancellation) {
        try (Registration registration = cancellation.onCancel(this::wake)) {
            synchronized (this) {
                while (paused && !cancellation.isCancelled()) {
                    wait();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MigrationCancelledException();
        }
        cancellation.check();
    }

    private synchronized void wake() {
        notifyAll();
    }
}
