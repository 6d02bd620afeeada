package io.hyperferry.copy;

import io.hyperferry.copy.internal.Workers;

/** A run under way. Thread-safe. */
public final class CopyRun {

    private final Workers workers;

    CopyRun(Workers workers) {
        this.workers = workers;
    }

    /**
     * Waits until the run has ended: until the queue is empty and everything is committed, or until the first failure
     * or a cancellation has stopped all workers. Stopping takes at most two seconds: a worker that is held up longer,
     * for example in a hook that ignores its interrupt, is left behind with its connections aborted, and a warning
     * names it. Can be called more than once and from more than one thread.
     *
     * <p>Interrupting the waiting thread cancels the run, so that it is never left without an owner; the thread's
     * interrupt flag is set again before this method throws or returns.
     *
     * @throws CopyException on the first failure; those that other workers met meanwhile are suppressed in it
     * @throws CopyCancelledException when the run was cancelled before its work was done
     */
    public CopySummary await() {
        return workers.await();
    }

    /**
     * Cancels the run and returns at once: no task is claimed any more, and those under way are rolled back. Does
     * nothing to a run whose work is done.
     */
    public void cancel() {
        workers.cancel();
    }

    /** Whether the run has ended, so that {@link #await} returns or throws at once. */
    public boolean isDone() {
        return workers.isDone();
    }
}
