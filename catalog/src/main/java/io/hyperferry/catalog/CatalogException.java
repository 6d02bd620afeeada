package io.hyperferry.catalog;

/** The catalog could not be read; the cause has the server's error. */
public final class CatalogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error with what was being read and the server's answer. */
    public CatalogException(String message, Throwable cause) {
        super(message, cause);
    }
}
