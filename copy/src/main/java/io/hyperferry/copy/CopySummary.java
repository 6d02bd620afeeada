package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a whole run did, in totals, so that a run of any length needs constant memory. The results of single tasks go
 * to {@link CopyClaim#committed} and to {@link CopyEvent.Finished}.
 *
 * @param tasks the tasks whose transaction was committed
 * @param rows their rows
 * @param bytes their bytes of COPY data
 * @param elapsed the time from the start of the run to its end
 */
public record CopySummary(long tasks, long rows, long bytes, Duration elapsed) {

    /** Makes a summary. */
    public CopySummary {
        requireNonNull(elapsed, "elapsed");
    }
}
