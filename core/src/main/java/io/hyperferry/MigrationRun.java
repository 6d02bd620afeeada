package io.hyperferry;

import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.run.Pace;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** A migration under way on a thread of its own. Thread-safe. */
public final class MigrationRun {
    private final Cancellation cancellation;
    private final Pace pace;
    private final FutureTask<MigrationReport> task;

    private MigrationRun(Cancellation cancellation, Pace pace, FutureTask<MigrationReport> task) {
        this.cancellation = cancellation;
        this.pace = pace;
        this.task = task;
    }

    static MigrationRun start(Cancellation cancellation, Pace pace, Callable<MigrationReport> work) {
        FutureTask<MigrationReport> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "hyperferry-run");
        thread.setDaemon(true);
        thread.start();
        return new MigrationRun(cancellation, pace, task);
    }

    /**
     * Cancels and returns at once. Slices under way are rolled back; what was committed stays, and the same migration can go on later.
     * Does nothing to a run that has ended.
     */
    public void cancel() {
        cancellation.cancel();
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
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    cancel();
                } catch (ExecutionException e) {
                    throw rethrown(e.getCause());
                } catch (CancellationException e) {
                    throw new MigrationCancelledException();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
    }
}
