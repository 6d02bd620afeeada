package io.hyperferry.examples.cli;

/** What was typed cannot be used; the message says what to type instead. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
