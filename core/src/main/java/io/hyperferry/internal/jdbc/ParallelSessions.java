package io.hyperferry.internal.jdbc;

import io.hyperferry.internal.jdbc.Cancellation.Registration;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works on one database in several sessions at a time, each on a thread and a connection of its own. */
public final class ParallelSessions {
    private static final Logger log = LoggerFactory.getLogger(ParallelSessions.class);

    private final DataSource dataSource;
    private final int parallelism;
    private final String threadNamePrefix;
    private final Cancellation cancellation;

    public ParallelSessions(
            DataSource dataSource, int parallelism, String threadNamePrefix, Cancellation cancellation) {
        this.dataSource = dataSource;
        this.parallelism = parallelism;
        this.threadNamePrefix = threadNamePrefix;
        this.cancellation = cancellation;
    }

    /** What every session does: takes work, until there is none. */
    public interface Session {
        /**
         * Does it.
         *
         * @param stop says when another session has failed, or the whole was cancelled
         */
        void work(Connection connection, Cancellation stop) throws SQLException;
    }

    /**
     * Runs the session as many times as the parallelism says, and waits for all.
     *
     * @param atMost no more sessions than that
     * @throws SQLException the first failure; the other sessions are stopped
     */
    public void run(int atMost, Session session) throws SQLException {
        inParallel(atMost, stop -> inSession(session, stop));
    }

    /** What every thread does. */
    interface Work {
        /**
         * Does it.
         *
         * @param stop says when another thread has failed, or the whole was cancelled
         */
        void run(Cancellation stop) throws SQLException;
    }

    /**
     * Runs work on as many threads as the parallelism says, and waits for all.
     *
     * @param atMost the largest number of threads
     * @throws SQLException the first failure; the other threads are stopped
     */
    void inParallel(int atMost, Work work) throws SQLException {
        int sessions = Math.min(parallelism, atMost);
        if (sessions == 0) {
            return;
        }
        Cancellation stop = new Cancellation();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(sessions, task -> {
            Thread thread = new Thread(task, threadNamePrefix + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        try (Registration registration = cancellation.onCancel(stop::cancel)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                running.add(threads.submit(() -> {
                    try {
                        work.run(stop);
                    } catch (SQLException | RuntimeException | Error e) {
                        // The first failure is the cause; what the others say after it is that they were stopped.
                        failure.compareAndSet(null, e);
                        stop.cancel();
                    }
                }));
            }
            awaitAll(running);
        } finally {
            threads.shutdownNow();
        }
        cancellation.check();
        rethrow(failure.get());
    }

    /** Runs a session on a new connection. */
    void inSession(Session session, Cancellation stop) throws SQLException {
        Connection connection = stop.connect(dataSource);
        try (Registration registration = stop.onCancel(connection)) {
            session.work(connection, stop);
        } catch (SQLException | RuntimeException e) {
            if (stop.isCancelled()) {
                // A cancellation can arrive late: a pool must not give this connection to anybody else.
                connection.abort(Runnable::run);
            }
            throw e;
        } finally {
            close(connection);
        }
    }

    /** What was done is done, also when the connection was lost since. */
    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            log.debug("a connection could not be closed: {}", Jdbc.describe(e));
        }
    }

    private void awaitAll(List<Future<?>> running) {
        for (Future<?> session : running) {
            boolean ended = false;
            while (!ended) {
                try {
                    session.get();
                    ended = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("a session could not say why it failed", e);
                } catch (InterruptedException e) {
                    cancellation.cancel();
                }
            }
        }
    }

    private static void rethrow(@Nullable Throwable failure) throws SQLException {
        if (failure instanceof SQLException sql) {
            throw sql;
        }
        if (failure instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (failure != null) {
            throw new IllegalStateException("a session failed", failure);
        }
    }
}
