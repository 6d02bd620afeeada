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
     * @throws SQLException fails the run
     */
    Optional<CopyClaim> claim(Connection target) throws SQLException;

    /** Hands out the tasks from memory, in order, each of them once: the queue is used up by one run. */
    static CopyQueue of(List<CopyTask> tasks) {
        return new ListQueue(tasks);
    }
}
