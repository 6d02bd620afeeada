package io.hyperferry.internal.jdbc;

import io.hyperferry.catalog.CatalogException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks many questions of one database, some at a time, each worker on a connection of its own. Every question has a
 * read-only transaction to itself, so that no lock is held for longer than an answer takes. A question that fails is
 * asked again over a new connection, as often as its {@link Recovery} allows; the answers that are there are kept.
 */
public final class ParallelQueries {
    private static final String SETTLED =
            String.join(";\n", "SET TRANSACTION READ ONLY", Sessions.SETTLE, Sessions.SETTLE_DIGESTS);

    private final ParallelSessions sessions;
    private final int parallelism;
    private final String side;
    private final Recovery recovery;

    /**
     * Asks a database.
     *
     * @param side which database it is, human-readable
     * @param recovery decides which questions are asked again
     */
    public ParallelQueries(
            DataSource dataSource,
            String side,
            int parallelism,
            String threadNamePrefix,
            Recovery recovery,
            Cancellation cancellation) {
        this.parallelism = parallelism;
        this.side = side;
        this.recovery = recovery;
        this.sessions = new ParallelSessions(dataSource, parallelism, threadNamePrefix, cancellation);
    }

    /** Decides whether a question is asked again after a failure. Thread-safe. */
    public interface Recovery {
        /**
         * Waits before the question is asked again.
         *
         * @param subject which database was asked about what, human-readable
         * @param retry the number of this retry, from 1
         * @param stop ends the wait
         * @return whether it may be asked again
         */
        boolean awaitRetry(String subject, Exception failure, int retry, Cancellation stop);
    }

    /** What a question is about. */
    public interface Subject {
        /** Names it for messages, without row values. */
        String subject();
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
     * @throws UnansweredException the first question that failed for good; the other workers are stopped
     */
    public <T extends Subject, R> List<R> ask(List<T> items, Question<T, R> question) throws SQLException {
        Round<T, R> round = new Round<>(items, question);
        sessions.inParallel(items.size(), round::work);
        return round.answers();
    }

    /** Some questions, and the answers so far. */
    private final class Round<T extends Subject, R> {
        private final List<T> items;
        private final Question<T, R> question;
        private final boolean several;
        private final Deque<Integer> open;
        private final AtomicIntegerArray failures;
        private final AtomicReferenceArray<@Nullable R> answers;

        Round(List<T> items, Question<T, R> question) {
            this.items = items;
            this.question = question;
            // The last of many are few, too, but not for long.
            this.several = parallelism > 1 && items.size() > 2 * parallelism;
            this.open = new ConcurrentLinkedDeque<>(
                    IntStream.range(0, items.size()).boxed().toList());
            this.failures = new AtomicIntegerArray(items.size());
            this.answers = new AtomicReferenceArray<>(items.size());
        }

        /** Asks open questions until there are none, with as many connections one after the other as it takes. */
        void work(Cancellation stop) throws SQLException {
            int failedInARow = 0;
            @Nullable Integer item = open.poll();
            while (item != null) {
                Turn turn = new Turn(item);
                try {
                    sessions.inSession(turn::take, stop);
                    return;
                } catch (SQLException | CatalogException e) {
                    item = turn.item;
                    failedInARow = turn.answered ? 1 : failedInARow + 1;
                    awaitRetry(item, e, failedInARow, stop);
                }
            }
        }

        private void awaitRetry(int item, Exception failure, int failedInARow, Cancellation stop) throws SQLException {
            stop.check();
            // A question may kill each session that asks it, while others are answered in between.
            int retry = Math.max(failedInARow, failures.incrementAndGet(item));
            String subject = items.get(item).subject();
            if (!recovery.awaitRetry(subject + " on the " + side, failure, retry, stop)) {
                throw new UnansweredException(side, subject, retry, failure);
            }
        }

        /** What one connection is used for. */
        private final class Turn {
            private int item;
            private boolean answered;

            Turn(int item) {
                this.item = item;
            }

            void take(Connection connection, Cancellation stop) throws SQLException {
                @Nullable Integer next = item;
                while (next != null && !stop.isCancelled()) {
                    item = next;
                    answers.set(item, answer(connection, items.get(item)));
                    answered = true;
                    next = open.poll();
                }
            }
        }

        private R answer(Connection connection, T item) throws SQLException {
            return Jdbc.inTransaction(connection, () -> {
                Jdbc.execute(connection, SETTLED);
                if (several) {
                    Jdbc.execute(connection, Sessions.ONE_OF_SEVERAL);
                }
                return question.ask(connection, item);
            });
        }

        List<R> answers() {
            List<R> inOrder = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                R answer = answers.get(i);
                if (answer == null) {
                    throw new IllegalStateException(
                            "no answer about " + items.get(i).subject());
                }
                inOrder.add(answer);
            }
            return inOrder;
        }
    }
}
