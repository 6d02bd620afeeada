package io.hyperferry;

import java.util.List;

/** The target has the ledger of a run with other options or another source. Nothing was changed. */
public final class PlanChangedException extends MigrationException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> differences;

    /** A failure with what differs, one line each. */
    public PlanChangedException(List<String> differences) {
        super(
                Code.PLAN_CHANGED,
                "the target has a run that was planned differently: " + String.join("; ", differences)
                        + ". Run with the same options to go on, or empty the target and remove the ledger with cleanUp()"
                        + " to start over.",
                null);
        this.differences = List.copyOf(differences);
    }

    /** What differs, one line each. */
    public List<String> differences() {
        return differences;
    }
}
