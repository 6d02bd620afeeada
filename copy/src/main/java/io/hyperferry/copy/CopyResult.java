package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What one task did.
 *
 * @param task the task
 * @param rows the rows that the target took, which is as many as the source sent
 * @param bytes the bytes of COPY data that were read and written, headers included
 * @param elapsed from the claim until the target had taken the rows; hooks before that are in it
 */
public record CopyResult(CopyTask task, long rows, long bytes, Duration elapsed) {

    /** Makes a result. */
    public CopyResult {
        requireNonNull(task, "task");
        requireNonNull(elapsed, "elapsed");
    }
}
