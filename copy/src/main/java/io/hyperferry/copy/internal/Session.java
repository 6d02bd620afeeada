package io.hyperferry.copy.internal;

/** One worker's hold on one side: opened once, used for task after task, and dropped after a failure. */
public interface Session {

    /** Cancels what the session does at this moment, if anything. Any thread; may block for a while. */
    void cancel();

    /** Breaks whatever the session waits for; it is of no use afterwards. Any thread. */
    void abort();

    /** Gives back what the session holds, as it was. Only between transactions. */
    void handBack();

    /** Undoes the transaction, and drops what the session holds. */
    void discard();
}
