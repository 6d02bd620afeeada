package io.hyperferry.examples.cli;

/** What the exit codes mean; scripts rely on them. */
final class Exit {
    /** Done, and where that was asked for, verified. */
    static final int DONE = 0;

    /** A step failed, or both sides are not identical. */
    static final int FAILED = 1;

    /** The command line is not right; nothing was started. */
    static final int USAGE = 2;

    /** Something keeps the migration from running; nothing was changed. */
    static final int PREFLIGHT = 3;

    /** The target has all rows of the source, and differs otherwise in what is listed. */
    static final int EXCEPT = 4;

    /** Cancelled by Ctrl-C or a termination signal. */
    static final int CANCELLED = 130;

    private Exit() {}
}
