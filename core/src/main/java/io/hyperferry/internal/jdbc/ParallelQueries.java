package io.hyperferry.internal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Asks many questions of one database, some at a time, each worker on a connection of its own in one read-only transaction. */
public final class ParallelQueries {
    private final ParallelSessions sessions;

    public ParallelQueries(DataSource dataSource, int parallelism, String threadNamePrefix, Cancellation cancellation) {
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
        sessions.run(
                items.size(),
                (connection, stop) -> Jdbc.transact(connection, () -> {
                    Jdbc.execute(connection, "SET TRANSACTION READ ONLY");
                    Jdbc.execute(connection, Sessions.UNHURRIED);
                    Jdbc.execute(connection, Sessions.SETTLE);
                    for (int i = next.getAndIncrement();
                            i < items.size() && !stop.isCancelled();
                            i = next.getAndIncrement()) {
                        answers.set(i, question.ask(connection, items.get(i)));
                    }
                }));
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
