package io.hyperferry.copy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A task in the hands of one worker, with what must happen around it in the same transactions.
 *
 * <p>The worker calls, on its own thread and in this order: {@link #beforeRead}, {@link #beforeWrite}, then copies,
 * then {@link #afterRead}, {@link #beforeCommit} and, once the target has committed, {@link #committed}. Whatever a
 * method throws fails the run, unless it is a failure that is {@linkplain CopyEngine#retries tried again}: the target's transaction is
 * rolled back, except after {@code committed}, which comes too late for that. A claim whose task is tried again is not used any more.
 *
 * <p>Where a side consists of files, the hooks with a connection to it are left out.
 *
 * <p>A hook uses the connection that it is given as it likes, for as long as it likes: cancelling the run cancels its
 * query, and interrupts its thread. It must not commit, roll back, close, change autocommit, or keep the connection.
 * Inside the transactions {@code statement_timeout}, {@code idle_in_transaction_session_timeout} and, where the server
 * has it, {@code transaction_timeout} are off; {@code lock_timeout} is what the connection came with.
 */
public interface CopyClaim {

    /** How the engine goes on after {@link #beforeRead}. */
    enum BeforeRead {
        /** It reads. */
        READ,
        /**
         * There is nothing to read, for example because the relation is gone: nothing is copied, {@code beforeWrite} and
         * {@code afterRead} are left out, and the task counts zero rows.
         */
        NOTHING_TO_READ,
        /** It rolls the source's transaction back, begins a new one, and calls {@link #beforeRead} again. */
        BEGIN_AGAIN
    }

    /**
     * The task to copy. The engine asks for its parts after {@link #beforeRead}, which may have decided on them; the name is the same each
     * time.
     */
    CopyTask task();

    /**
     * Prepares the source's transaction, which is new: autocommit is off, and nothing ran in it that takes a snapshot,
     * so that {@code SET TRANSACTION} with an isolation level or a snapshot is still allowed. The engine sets neither.
     *
     * @return how the engine goes on
     * @throws SQLException fails the run
     */
    default BeforeRead beforeRead(Connection source) throws SQLException {
        return BeforeRead.READ;
    }

    /**
     * Runs in the source's transaction after the last row has left and the target has taken it.
     *
     * @throws SQLException fails the run
     */
    default void afterRead(Connection source) throws SQLException {}

    /**
     * Runs in the target's transaction, which is the one of the claim, before the first byte is written.
     *
     * @throws SQLException fails the run
     */
    default void beforeWrite(Connection target) throws SQLException {}

    /**
     * Runs in the target's transaction after the rows were accepted and before the engine commits: a mark that is
     * written here commits with the data or not at all.
     *
     * @throws SQLException rolls back the rows, and fails the run
     */
    default void beforeCommit(Connection target, CopyResult result) throws SQLException {}

    /**
     * Runs after the rows are in files, in place of {@link #beforeWrite} and {@link #beforeCommit}: the files are whole, on the disk, and under
     * their names. Until the claim has noted that somewhere, they are as good as not there.
     *
     * @param files one for each part, in their order
     * @throws SQLException fails the run
     */
    default void filesWritten(List<CopiedFile> files, CopyResult result) throws SQLException {}

    /** Hears that the target has committed. */
    default void committed(CopyResult result) {}
}
