package io.hyperferry;

/** Somebody cancelled the migration. Nothing is lost: running it again goes on where it stopped. */
public final class MigrationCancelledException extends MigrationException {
    private static final long serialVersionUID = 1L;

    /** A cancellation. */
    public MigrationCancelledException() {
        super(Code.CANCELLED, "the migration was cancelled; run it again to go on where it stopped", null);
    }
}
