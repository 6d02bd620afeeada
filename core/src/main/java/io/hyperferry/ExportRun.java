package io.hyperferry;

import io.hyperferry.internal.run.CancellableTask;

/** An export that runs, see {@link Export#start}. Thread-safe. */
public final class ExportRun {
    private final CancellableTask<ExportReport> task;

    ExportRun(CancellableTask<ExportReport> task) {
        this.task = task;
    }

    /** Cancels, and returns at once; the slices that are whole are kept for the next run. */
    public void cancel() {
        task.cancel();
    }

    /** Whether it has ended. */
    public boolean isDone() {
        return task.isDone();
    }

    /**
     * Waits for the end; throws what {@link Export#run} throws. Interrupting the waiting thread cancels.
     *
     * @throws MigrationCancelledException when it was cancelled
     */
    public ExportReport await() {
        return task.await();
    }
}
