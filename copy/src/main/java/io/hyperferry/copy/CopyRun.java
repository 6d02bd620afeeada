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

    /**
     * Changes the number of workers for the rest of the run, and returns at once. More: new workers start now, each with a
     * thread and a connection to each side. One that gets none is left out with a warning in the log, and copying goes on
     * with those that are there; asking again tries again. Fewer: the surplus ends after the tasks that it has, and
     * gives its connections back.
     *
     * <p>Does nothing when no work is left to be claimed, or the run stops or has ended.
     *
     * @throws IllegalArgumentException when it is less than 1
     */
    public void parallelism(int count) {
        workers.parallelism(count);
    }

    /**
     * Limits what all workers carry together from now on, as {@link CopyEngine#rateLimit} does, in place of the limit
     * that was. It also holds for those that wait at this moment.
     *
     * @param bytesPerSecond in bytes a second
     * @throws IllegalArgumentException when it is less than 1
     */
    public void rateLimit(long bytesPerSecond) {
        workers.rateLimit(bytesPerSecond);
    }

    /** Takes the limit away, if there is one: all workers go on as fast as they can. */
    public void liftRateLimit() {
        workers.rateLimit(Workers.NO_RATE_LIMIT);
    }

    /**
     * Pauses the run, and returns at once: tasks under way are finished and committed, then no other is claimed until {@link #resume}.
     * Workers that wait keep their connections, outside of any transaction: they hold no lock and no snapshot. A task that another worker
     * leaves open meanwhile may still be claimed by one that waited for it already. Does nothing to a run that is paused.
     */
    public void pause() {
        workers.pause();
    }

    /** Goes on after {@link #pause}. Does nothing to a run that is not paused. */
    public void resume() {
        workers.resume();
    }

    /** Whether the run has ended, so that {@link #await} returns or throws at once. */
    public boolean isDone() {
        return workers.isDone();
    }
}
