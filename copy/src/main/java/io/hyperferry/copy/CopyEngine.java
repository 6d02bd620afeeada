package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import io.hyperferry.copy.internal.Events;
import io.hyperferry.copy.internal.ReadSessions;
import io.hyperferry.copy.internal.Workers;
import io.hyperferry.copy.internal.WriteSessions;

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

    private final ReadSessions source;
    private final WriteSessions sink;
    private final int parallelism;
    private final long rateLimit;
    private final String threadNamePrefix;
    private final Events events;

    private CopyEngine(
            ReadSessions source,
            WriteSessions sink,
            int parallelism,
            long rateLimit,
            String threadNamePrefix,
            Events events) {
        this.source = source;
        this.sink = sink;
        this.parallelism = parallelism;
        this.rateLimit = rateLimit;
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
        return new CopyEngine(source, sink, checked, rateLimit, threadNamePrefix, events);
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
        return new CopyEngine(source, sink, parallelism, checked, threadNamePrefix, events);
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
        return new CopyEngine(source, sink, parallelism, rateLimit, prefix, events);
    }

    /** Sets who hears of events, in place of the one set before. */
    public CopyEngine listener(CopyListener listener) {
        Events told = new Events(requireNonNull(listener, "listener"));
        return new CopyEngine(source, sink, parallelism, rateLimit, threadNamePrefix, told);
    }

    /** Starts the workers and returns. Failures, also to connect, come from {@link CopyRun#await}. */
    public CopyRun start(CopyQueue queue) {
        Workers workers =
                new Workers(source, sink, requireNonNull(queue, "queue"), rateLimit, threadNamePrefix, events);
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
