package io.hyperferry;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * What a process did that joined a run, see {@link Migration#work}. Serializable, so that engines can send it from where it worked.
 *
 * @param slices slices that it copied
 * @param rows their rows
 * @param bytes their bytes of COPY data
 * @param elapsed from the call to the return, waiting included
 */
public record WorkSummary(long slices, long rows, long bytes, Duration elapsed) implements Serializable {
    public WorkSummary {
        Objects.requireNonNull(elapsed, "elapsed");
    }
}
