package io.hyperferry.internal.run;

/** A step failed, for the reason that the message has. */
final class StepFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StepFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
