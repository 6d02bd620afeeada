package io.hyperferry;

import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.run.CancellableTask;
import io.hyperferry.internal.run.Pace;
import java.util.concurrent.Callable;

/** A migration under way on a thread of its own. Thread-safe. */
public final class MigrationRun {
    private final Pace pace;
    private final CancellableTask<MigrationReport> task;

    private MigrationRun(Pace pace, CancellableTask<MigrationReport> task) {
        this.pace = pace;
        this.task = task;
    }

    static MigrationRun start(Cancellation cancellation, Pace pace, Callable<MigrationReport> work) {
        return new MigrationRun(pace, CancellableTask.start("hyperferry-run", cancellation, work));
    }

    /**
     * Cancels and returns at once. Slices under way are rolled back; what was committed stays, and the same migration can go on later.
     * Does nothing to a run that has ended.
     */
    public void cancel() {
        task.cancel();
    }

    /**
     * Changes the number of workers from now on, and returns at once. While rows are copied, more start immediately, each with a connection to
     * each side; one that gets none is left out with a warning in the log, and asking again tries again. Fewer means that the surplus ends
     * after the slices that it has, and gives its connections back. Before rows are copied it takes effect when that begins; steps that work
     * in parallel afterwards, like building indexes, begin with the number that holds then. It ends with the run: one that goes on with it
     * later has the number of its {@link Migration#parallelism(int)}.
     *
     * @throws IllegalArgumentException when it is less than 1
     * @see MigrationPlan#connectionsRequired(int)
     */
    public void parallelism(int workers) {
        pace.parallelism(workers);
    }

    /**
     * Limits what is copied from now on, all workers together, in place of the limit that was; see {@link Migration#rateLimit(long)}. It also
     * holds for slices under way, and for the rows that are yet to be copied when copying has not begun.
     *
     * @param bytesPerSecond in bytes a second
     * @throws IllegalArgumentException when it is less than 1
     */
    public void rateLimit(long bytesPerSecond) {
        pace.rateLimit(bytesPerSecond);
    }

    /** Takes the limit away, if there is one. */
    public void liftRateLimit() {
        pace.rateLimit(Pace.NO_RATE_LIMIT);
    }

    /** Whether it has ended. */
    public boolean isDone() {
        return task.isDone();
    }

    /**
     * Waits for the end. Interrupting the waiting thread cancels the run and waits until it has stopped; the interrupt flag is set again.
     *
     * @return the report of a run in which everything was done and both sides are identical
     * @throws MigrationException as {@link Migration#run} does; {@link MigrationCancelledException} after {@link #cancel}
     */
    public MigrationReport await() {
        return task.await();
    }
}
