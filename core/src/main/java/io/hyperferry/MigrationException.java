package io.hyperferry;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A migration could not be done. The ledger in the target says how far it got; running the same migration again goes on from there.
 *
 * <p>No message has a password or a value of a row.
 */
public class MigrationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Code code;
    private transient @Nullable MigrationReport report;

    /** What kind of failure it is. The names are stable. */
    public enum Code {
        /** The preflight found what keeps the migration from running; nothing was changed. */
        PREFLIGHT,
        /** The target has a run with another plan; nothing was changed. */
        PLAN_CHANGED,
        /** Another process is running a migration into this target; nothing was changed. */
        ALREADY_RUNNING,
        /** A step failed. */
        STEP_FAILED,
        /** Everything was done, and both sides are not identical. */
        NOT_IDENTICAL,
        /** Somebody cancelled it. */
        CANCELLED,
        /** The target has no ledger of a migration. */
        NO_LEDGER,
        /** The run into this target has not come to its end yet. */
        NOT_FINISHED,
        /** The ledger was written by another version of Hyperferry. */
        LEDGER_VERSION,
        /** The source's jobs could not be paused, or not be scheduled again. */
        SOURCE_JOBS,
        /** No process led a run into this target for as long as {@link Migration#work} was to wait. */
        NO_RUN
    }

    /** A failure of a kind, with what happened and what to do. */
    public MigrationException(Code code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** What kind of failure it is. */
    public final Code code() {
        return code;
    }

    /**
     * What is known of the run that ended with this failure: its outcome, problems, steps, tables and retries. Null when it did not end a run, a
     * verification, a repair, a catch-up or an export.
     */
    public @Nullable MigrationReport report() {
        return report;
    }

    /** Adds the report; the first one stays. */
    final void attach(MigrationReport value) {
        if (report == null) {
            report = value;
        }
    }
}
