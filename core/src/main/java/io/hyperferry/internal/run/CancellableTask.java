package io.hyperferry.internal.run;

import io.hyperferry.MigrationCancelledException;
import io.hyperferry.internal.jdbc.Cancellation;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Work on a thread of its own, so that interrupting whoever waits for it cancels it: a thread that reads from a server does not hear its
 * interrupt. Thread-safe.
 */
public final class CancellableTask<T> {
    private final Cancellation cancellation;
    private final FutureTask<T> task;

    private CancellableTask(Cancellation cancellation, FutureTask<T> task) {
        this.cancellation = cancellation;
        this.task = task;
    }

    /** Starts the work. */
    public static <T> CancellableTask<T> start(String threadName, Cancellation cancellation, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, threadName);
        thread.setDaemon(true);
        thread.start();
        return new CancellableTask<>(cancellation, task);
    }

    /** Cancels, and returns at once. */
    public void cancel() {
        cancellation.cancel();
    }

    /** Whether it has ended. */
    public boolean isDone() {
        return task.isDone();
    }

    /** Waits for the end; interrupting the waiting thread cancels, and sets the interrupt flag again. Throws what the work threw. */
    public T await() {
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

    /** Interrupts the work, of which nobody needs the result any more; nothing when it has ended. */
    void abandon() {
        task.cancel(true);
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
    }
}
