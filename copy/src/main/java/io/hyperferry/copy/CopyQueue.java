package io.hyperferry.copy;

import io.hyperferry.copy.internal.ListQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Where workers get their work. Workers call it at the same time, so an implementation must be thread-safe. */
public interface CopyQueue {

    /**
     * Claims the next task. A worker calls this in an open transaction on the target, the one that will carry the
     * data, so that a row lock taken here lasts as long as the copying and dies with the connection. It may block;
     * cancelling the run cancels its query and interrupts the thread. What holds for the hooks of {@link CopyClaim}
     * holds here.
     *
     * @return empty when no work is left: the transaction is rolled back, and the worker ends
     * @throws SQLException fails the run, unless it is of the kind that is {@linkplain CopyEngine#retries tried again}
     */
    Optional<CopyClaim> claim(Connection target) throws SQLException;

    /**
     * Claims the next task for a {@linkplain CopySink#files sink of files}, which has no transaction to claim in. Otherwise as
     * {@link #claim(Connection)}.
     *
     * @throws UnsupportedOperationException unless the queue says otherwise: it hands out tasks in transactions alone
     */
    default Optional<CopyClaim> claim() throws SQLException {
        throw new UnsupportedOperationException("this queue hands out tasks in a transaction of a database");
    }

    /**
     * Takes a task back after a failure that may pass. Its transaction is over, but when the connection was lost in the middle of
     * the commit, nobody but the target knows how it ended: a queue may take such a task back only if {@link #claim} finds out
     * whether it is done, for example by a mark that {@link CopyClaim#beforeCommit} wrote.
     *
     * @param claim what {@link #claim} gave
     * @param mayBeCommitted whether it may be done all the same
     * @return whether {@link #claim} will hand the task out again if it is not done; otherwise the failure is final. A queue that
     *     does not say so takes nothing back
     */
    default boolean takeBack(CopyClaim claim, boolean mayBeCommitted) {
        return false;
    }

    /**
     * Hands out the tasks from memory, in order, each of them until it is done: the queue is used up by one run. It does not take back a
     * task whose commit may have happened.
     */
    static CopyQueue of(List<CopyTask> tasks) {
        return new ListQueue(tasks);
    }
}
