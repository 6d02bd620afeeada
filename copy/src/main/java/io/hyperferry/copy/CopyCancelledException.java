package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

/** A run ended because it was cancelled. What was committed before stays; nothing is half done. */
public final class CopyCancelledException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient CopySummary summary;

    /** Makes an exception; the engine does. */
    public CopyCancelledException(CopySummary summary) {
        super("Copying was cancelled after "
                + requireNonNull(summary, "summary").tasks() + " tasks with " + summary.rows() + " rows");
        this.summary = summary;
    }

    /** What was committed before the run ended. */
    public CopySummary summary() {
        return summary;
    }
}
