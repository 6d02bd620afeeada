package io.hyperferry;

/** Everything was done, and the proof failed: both sides are not identical. */
public final class VerificationException extends MigrationException {
    private static final long serialVersionUID = 1L;

    private final transient MigrationReport report;

    /** A failure with the report that says what differs. */
    public VerificationException(MigrationReport report) {
        super(Code.NOT_IDENTICAL, "source and target are not identical: " + report.summaryOfDifferences(), null);
        this.report = report;
    }

    /** What differs, and all the rest. */
    @Override
    public MigrationReport report() {
        return report;
    }
}
