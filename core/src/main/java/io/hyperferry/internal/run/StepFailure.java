package io.hyperferry.internal.run;

import io.hyperferry.internal.jdbc.Jdbc;
import org.jspecify.annotations.Nullable;

/** A step failed, for the reason that the message has. */
final class StepFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean triedEnough;

    StepFailure(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    /** @param triedEnough whether the step has tried again by itself, as often as that is allowed */
    StepFailure(String message, @Nullable Throwable cause, boolean triedEnough) {
        super(message, cause);
        this.triedEnough = triedEnough;
    }

    /** Whether the step has tried again by itself, as often as that is allowed. */
    boolean triedEnough() {
        return triedEnough;
    }

    /** What a failure is, in one line without values of rows. */
    static String describe(Throwable failure) {
        return failure instanceof StepFailure ? String.valueOf(failure.getMessage()) : Jdbc.describe(failure);
    }
}
