package io.hyperferry.copy;

/** CSV files cannot be loaded as they were given; nothing was changed. The message says what to do, and holds no row value. */
public final class CsvInputException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Makes an exception; {@link CsvLoad} does. */
    public CsvInputException(String message) {
        super(message);
    }

    /** Makes an exception with a cause; {@link CsvLoad} does. */
    public CsvInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
