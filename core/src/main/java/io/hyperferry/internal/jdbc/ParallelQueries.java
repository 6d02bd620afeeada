package io.hyperferry.internal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks many questions of one database, some at a time, each worker on a connection of its own. Every question has a
 * read-only transaction to itself, so that no lock is held for longer than an answer takes.
 */
public final class ParallelQueries {
    private static final String SETTLED =
            String.join(";\n", "SET TRANSACTION READ ONLY", Sessions.SETTLE, Sessions.SETTLE_DIGESTS);

    private final ParallelSessions sessions;
    private final int parallelism;

    public ParallelQueries(DataSource dataSource, int parallelism, String threadNamePrefix, Cancellation cancellation) {
        this.parallelism = parallelism;
        this.sessions = new ParallelSessions(dataSource, parallelism, threadNamePrefix, cancellation);
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
        AtomicReferenceArray<@Nullable R> answers = new AtomicReferenceArray<>(items.size());
        AtomicInteger next = new AtomicInteger();
        // The last of many are few, too, but not for long.
        boolean several = parallelism > 1 && items.size() > 2 * parallelism;
        sessions.run(items.size(), (connection, stop) -> {
            for (int i = next.getAndIncrement(); i < items.size() && !stop.isCancelled(); i = next.getAndIncrement()) {
                T item = items.get(i);
                answers.set(i, Jdbc.inTransaction(connection, () -> {
                    Jdbc.execute(connection, SETTLED);
                    if (several) {
                        Jdbc.execute(connection, Sessions.ONE_OF_SEVERAL);
                    }
                    return question.ask(connection, item);
                }));
            }
        });
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
}
