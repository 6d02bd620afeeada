package io.hyperferry.copy.internal;

import java.util.function.BooleanSupplier;

/** Where workers wait between two tasks while a run is paused. Thread-safe. */
final class Gate {

    private boolean shut;

    synchronized void shut() {
        shut = true;
    }

    synchronized void open() {
        shut = false;
        notifyAll();
    }

    /** Has those that wait ask again whether they are to leave. */
    synchronized void askAgain() {
        notifyAll();
    }

    /**
     * Waits while it is shut.
     *
     * @param leave whether whoever waits is to leave for good; asked until it is so, and then no more
     * @return whether it is to leave
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    synchronized boolean leaves(BooleanSupplier leave) throws InterruptedException {
        boolean leaves = leave.getAsBoolean();
        while (shut && !leaves) {
            wait();
            leaves = leave.getAsBoolean();
        }
        return leaves;
    }
}
