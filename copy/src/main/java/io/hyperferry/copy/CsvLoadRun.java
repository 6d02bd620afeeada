package io.hyperferry.copy;

import io.hyperferry.copy.internal.CsvStart;

/** A load under way. Thread-safe. */
public final class CsvLoadRun {

    private final CsvStart start;
    private final boolean skipConflicts;

    CsvLoadRun(CsvStart start, boolean skipConflicts) {
        this.start = start;
        this.skipConflicts = skipConflicts;
    }

    /**
     * Waits for the end, as {@link CopyRun#await} does, and closes the files.
     *
     * @throws CopyException on the first failure
     * @throws CopyCancelledException when the load was cancelled before it was done
     */
    public CsvLoadReport await() {
        return start.await(skipConflicts);
    }

    /** Cancels the load and returns at once: batches under way are rolled back. */
    public void cancel() {
        start.cancel();
    }

    /** Whether the load has ended, so that {@link #await} returns or throws at once. */
    public boolean isDone() {
        return start.isDone();
    }
}
