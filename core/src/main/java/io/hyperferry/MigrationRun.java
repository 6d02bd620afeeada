package io.hyperferry;

import io.hyperferry.internal.jdbc.Cancellation;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** A migration under way on a thread of its own. Thread-safe. */
public final class MigrationRun {
    private final Cancellation cancellation;
    private final FutureTask<MigrationReport> task;

    private MigrationRun(Cancellation cancellation, FutureTask<MigrationReport> task) {
        this.cancellation = cancellation;
        this.task = task;
    }

    static MigrationRun start(Cancellation cancellation, Callable<MigrationReport> work) {
        FutureTask<MigrationReport> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "hyperferry-run");
        thread.setDaemon(true);
        thread.start();
        return new MigrationRun(cancellation, task);
    }

    /**
     * Cancels and returns at once. Slices under way are rolled back; what was committed stays, and the same migration can go on later.
     * Does nothing to a run that has ended.
     */
    public void cancel() {
        cancellation.cancel();
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
