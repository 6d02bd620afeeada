package io.hyperferry.internal.jdbc;

import io.hyperferry.internal.jdbc.Cancellation.Registration;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Asks many questions of one database, some at a time, each worker on a connection of its own in one read-only transaction. */
public final class ParallelQueries {
    private final DataSource dataSource;
    private final int parallelism;
    private final String threadNamePrefix;
    private final Cancellation cancellation;

    public ParallelQueries(DataSource dataSource, int parallelism, String threadNamePrefix, Cancellation cancellation) {
        this.dataSource = dataSource;
        this.parallelism = parallelism;
        this.threadNamePrefix = threadNamePrefix;
        this.cancellation = cancellation;
    }

    /** One question. */
    public interface Question<T, R> {
        /** Asks it. */
        R ask(Connection connection, T item) throws SQLException;
    }

    /**
     * Asks the question for every item.
     *
     * @return the answers, in the order of the items
     * @throws SQLException the first failure; the other workers are stopped
     */
    public <T, R> List<R> ask(List<T> items, Question<T, R> question) throws SQLException {
        int workers = Math.min(parallelism, items.size());
        if (workers == 0) {
            return List.of();
        }
        AtomicReferenceArray<@Nullable R> answers = new AtomicReferenceArray<>(items.size());
        AtomicInteger next = new AtomicInteger();
        Cancellation stop = new Cancellation();
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(workers, work -> {
            Thread thread = new Thread(work, threadNamePrefix + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        try (Registration registration = cancellation.onCancel(stop::cancel)) {
            List<Future<@Nullable Void>> running = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                running.add(threads.submit((Callable<@Nullable Void>) () -> {
                    work(items, question, answers, next, stop);
                    return null;
                }));
            }
            awaitAll(running, stop);
        } finally {
            threads.shutdownNow();
        }
        cancellation.check();
        List<R> inOrder = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            R answer = answers.get(i);
            if (answer == null) {
                throw new IllegalStateException("no answer for " + items.get(i));
            }
            inOrder.add(answer);
        }
        return inOrder;
    }

    private <T, R> void work(
            List<T> items,
            Question<T, R> question,
            AtomicReferenceArray<@Nullable R> answers,
            AtomicInteger next,
            Cancellation stop)
            throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Registration registration = stop.onCancel(connection)) {
            Jdbc.transact(connection, () -> {
                Jdbc.execute(connection, "SET TRANSACTION READ ONLY");
                Jdbc.execute(connection, Sessions.UNHURRIED);
                Jdbc.execute(connection, Sessions.SETTLE);
                for (int i = next.getAndIncrement();
                        i < items.size() && !stop.isCancelled();
                        i = next.getAndIncrement()) {
                    answers.set(i, question.ask(connection, items.get(i)));
                }
            });
        }
    }

    private void awaitAll(List<Future<@Nullable Void>> running, Cancellation stop) throws SQLException {
        @Nullable Throwable failure = null;
        for (Future<@Nullable Void> worker : running) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                failure = failure == null ? e.getCause() : failure;
                stop.cancel();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                cancellation.cancel();
            }
        }
        cancellation.check();
        if (failure instanceof SQLException sql) {
            throw sql;
        }
        if (failure != null) {
            throw new IllegalStateException("a query failed", failure);
        }
    }
}
