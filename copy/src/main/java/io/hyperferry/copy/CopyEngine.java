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
 * from each data source. A worker claims a task, copies it and commits it in one transaction of the target.
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
    private final String threadNamePrefix;
    private final Events events;

    private CopyEngine(
            ReadSessions source, WriteSessions sink, int parallelism, String threadNamePrefix, Events events) {
        this.source = source;
        this.sink = sink;
        this.parallelism = parallelism;
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
                    DEFAULT_THREAD_NAME_PREFIX,
                    new Events(event -> {}));
        }
    }

    /**
     * Sets the number of workers, {@value #DEFAULT_PARALLELISM} by default.
     *
     * @throws IllegalArgumentException when it is less than 1
     */
    public CopyEngine parallelism(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("parallelism must be at least 1: " + workers);
        }
        return new CopyEngine(source, sink, workers, threadNamePrefix, events);
    }

    /**
     * Sets how threads are named: the prefix, a hyphen and a number from 1.
     *
     * @throws IllegalArgumentException when it is blank
     */
    public CopyEngine threadNamePrefix(String prefix) {
        if (requireNonNull(prefix, "prefix").isBlank()) {
            throw new IllegalArgumentException("prefix is blank: '" + prefix + "'");
        }
        return new CopyEngine(source, sink, parallelism, prefix, events);
    }

    /** Sets who hears of events, in place of the one set before. */
    public CopyEngine listener(CopyListener listener) {
        return new CopyEngine(
                source, sink, parallelism, threadNamePrefix, new Events(requireNonNull(listener, "listener")));
    }

    /** Starts the workers and returns. Failures, also to connect, come from {@link CopyRun#await}. */
    public CopyRun start(CopyQueue queue) {
        Workers workers =
                new Workers(source, sink, requireNonNull(queue, "queue"), parallelism, threadNamePrefix, events);
        workers.start();
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
