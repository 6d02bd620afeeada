package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;

/**
 * What a whole run did, in totals, so that a run of any length needs constant memory. The results of single tasks go
 * to {@link CopyClaim#committed} and to {@link CopyEvent.Finished}.
 *
 * <p>A task is not in them when the connection was lost in the middle of its commit, and a later claim found it done.
 *
 * @param tasks the tasks whose transaction was committed
 * @param rows their rows
 * @param bytes their bytes of COPY data
 * @param elapsed the time from the start of the run to its end
 * @param retries how often something was tried again, by the SQLState of the failure before it; where there is none, by the
 *     name of the exception's class
 */
public record CopySummary(long tasks, long rows, long bytes, Duration elapsed, Map<String, Long> retries) {

    /** Makes a summary. */
    public CopySummary {
        requireNonNull(elapsed, "elapsed");
        retries = Map.copyOf(retries);
    }
}
