package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import io.hyperferry.copy.internal.Events;
import io.hyperferry.copy.internal.PassingFault;
import io.hyperferry.copy.internal.ReadSessions;
import io.hyperferry.copy.internal.Retries;
import io.hyperferry.copy.internal.Workers;
import io.hyperferry.copy.internal.WriteSessions;
import java.time.Duration;
import java.util.Optional;

/**
 * Copies rows from a source to a sink, by parallel workers.
 *
 * <pre>{@code
 * CopySummary summary = CopyEngine.from(CopySource.database(source))
 *         .to(CopySink.database(target))
 *         .parallelism(4)
 *         .run(CopyQueue.of(tasks));
 * }</pre>
 *
 * <p>Each worker has one connection to each side, taken when it starts: a run needs {@code parallelism} connections
 * from each data source; more when {@link CopyRun#parallelism} raises it. A worker claims a task, copies it and commits
 * it in one transaction of the target.
 *
 * <p>An engine is an immutable value and thread-safe: every option returns a new one, and one engine can make many
 * runs.
 */
public final class CopyEngine {

    /** The number of workers unless {@link #parallelism} says otherwise. */
    public static final int DEFAULT_PARALLELISM = 4;

    /** How threads are named unless {@link #threadNamePrefix} says otherwise. */
    public static final String DEFAULT_THREAD_NAME_PREFIX = "hyperferry-copy";

    /** How often a task is tried again unless {@link #retries} says otherwise. */
    public static final int DEFAULT_RETRIES = 8;

    /** The first pause before a retry unless {@link #backoff} says otherwise. */
    public static final Duration DEFAULT_BACKOFF = Duration.ofMillis(500);

    /** The longest pause before a retry unless {@link #backoff} says otherwise. */
    public static final Duration DEFAULT_LONGEST_BACKOFF = Duration.ofSeconds(30);

    private final ReadSessions source;
    private final WriteSessions sink;
    private final int parallelism;
    private final long rateLimit;
    private final Retries retries;
    private final String threadNamePrefix;
    private final Events events;

    private CopyEngine(
            ReadSessions source,
            WriteSessions sink,
            int parallelism,
            long rateLimit,
            Retries retries,
            String threadNamePrefix,
            Events events) {
        this.source = source;
        this.sink = sink;
        this.parallelism = parallelism;
        this.rateLimit = rateLimit;
        this.retries = retries;
        this.threadNamePrefix = threadNamePrefix;
        this.events = events;
    }

    /** Says where rows come from. */
    public static From from(CopySource source) {
        return new From(requireNonNull(source, "source"));
    }

    /** A source that still lacks its sink. */
    public static final class From {

        private final CopySource source;

        private From(CopySource source) {
            this.source = source;
        }

        /** Says where rows go. */
        public CopyEngine to(CopySink sink) {
            // Safe: these are the only types that the sealed interfaces permit.
            return new CopyEngine(
                    (ReadSessions) source,
                    (WriteSessions) requireNonNull(sink, "sink"),
                    DEFAULT_PARALLELISM,
                    Workers.NO_RATE_LIMIT,
                    new Retries(DEFAULT_RETRIES, DEFAULT_BACKOFF, DEFAULT_LONGEST_BACKOFF),
                    DEFAULT_THREAD_NAME_PREFIX,
                    new Events(event -> {}));
        }
    }

    /**
     * Sets the number of workers, {@value #DEFAULT_PARALLELISM} by default.
     *
     * @throws IllegalArgumentException when it is less than 1
     * @see CopyRun#parallelism
     */
    public CopyEngine parallelism(int workers) {
        int checked = Workers.checkedParallelism(workers);
        return new CopyEngine(source, sink, checked, rateLimit, retries, threadNamePrefix, events);
    }

    /**
     * Limits what all workers of a run carry together; without it, there is no limit. What counts are the bytes that
     * COPY sends, not those of the network. Over the whole run it is never more than the limit, but for 64 KiB a worker;
     * after a pause, what a tenth of a second allows may go at once. A worker waits inside its task, so with a very
     * low limit its transactions are long.
     *
     * @param bytesPerSecond in bytes a second
     * @throws IllegalArgumentException when it is less than 1
     * @see CopyRun#rateLimit
     */
    public CopyEngine rateLimit(long bytesPerSecond) {
        long checked = Workers.checkedRateLimit(bytesPerSecond);
        return new CopyEngine(source, sink, parallelism, checked, retries, threadNamePrefix, events);
    }

    /**
     * Sets how often a task is tried again after a failure that may pass, and how often in a row a worker tries to connect
     * again or to claim, {@value #DEFAULT_RETRIES} times by default; 0 for never. With the pauses of {@link #backoff} the default outlasts a
     * server that is away for a minute and a half.
     *
     * <p>Such failures are: a connection that is lost or cannot be had (class 08, or an I/O error), resources that are short (class
     * 53, a full disk included), a serialization failure or a deadlock (40001, 40P01), a lock that was not to be had in time (55P03), a
     * server that shuts down, crashed or starts up (57P01, 57P02, 57P03), and the server's time limits (57P05, 25P03, 25P04; 57014 when
     * it says that it was a statement timeout). While nobody of a run is connected yet, a
     * server that cannot be reached is no such case: that is more likely a wrong address.
     *
     * <p>The transaction is rolled back, both connections of the worker are dropped, and the task goes back to the queue, if
     * {@link CopyQueue#takeBack} takes it.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public CopyEngine retries(int most) {
        return with(retries.withMost(most));
    }

    /**
     * Sets the pauses before retries, {@link #DEFAULT_BACKOFF} to {@link #DEFAULT_LONGEST_BACKOFF} by default. Each is twice as
     * long as the one before it, up to the longest, and by chance up to a quarter longer or shorter.
     *
     * @throws IllegalArgumentException when the first is not longer than zero, or the longest is shorter than the first
     */
    public CopyEngine backoff(Duration first, Duration longest) {
        return with(retries.withPauses(first, longest));
    }

    /**
     * Whether a failure may pass, by the rule of {@link #retries}, for those who try more again than copying.
     *
     * @return its SQLState, or what there is in its place; empty when the failure is final
     */
    public static Optional<String> passing(Throwable failure) {
        return PassingFault.reason(requireNonNull(failure, "failure"));
    }

    private CopyEngine with(Retries checked) {
        return new CopyEngine(source, sink, parallelism, rateLimit, checked, threadNamePrefix, events);
    }

    /**
     * Sets how threads are named: the prefix, a hyphen and a number from 1, which no worker of a run has from another.
     *
     * @throws IllegalArgumentException when it is blank
     */
    public CopyEngine threadNamePrefix(String prefix) {
        if (requireNonNull(prefix, "prefix").isBlank()) {
            throw new IllegalArgumentException("prefix is blank: '" + prefix + "'");
        }
        return new CopyEngine(source, sink, parallelism, rateLimit, retries, prefix, events);
    }

    /** Sets who hears of events, in place of the one set before. */
    public CopyEngine listener(CopyListener listener) {
        Events told = new Events(requireNonNull(listener, "listener"));
        return new CopyEngine(source, sink, parallelism, rateLimit, retries, threadNamePrefix, told);
    }

    /** Starts the workers and returns. Failures, also to connect, come from {@link CopyRun#await}. */
    public CopyRun start(CopyQueue queue) {
        Workers workers =
                new Workers(source, sink, requireNonNull(queue, "queue"), rateLimit, retries, threadNamePrefix, events);
        workers.start(parallelism);
        return new CopyRun(workers);
    }

    /**
     * Starts the workers and waits for their end, as {@link CopyRun#await} does.
     *
     * @throws CopyException on the first failure
     * @throws CopyCancelledException when the thread was interrupted
     */
    public CopySummary run(CopyQueue queue) {
        return start(queue).await();
    }
}
