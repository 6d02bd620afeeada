package io.hyperferry.copy.internal;

/** One worker's hold on one side: opened once, used for task after task, and dropped after a failure. */
public interface Session {

    /** Cancels what the session does at this moment, if it does anything that waits. Any thread; may block for a while. */
    default void cancel() {}

    /** Breaks whatever the session waits for; it is of no use afterwards. Any thread. */
    default void abort() {}

    /** Gives back what the session holds between transactions, if anything, as it was. */
    default void handBack() {}

    /** Undoes the transaction, and drops what the session holds. */
    void discard();
}
