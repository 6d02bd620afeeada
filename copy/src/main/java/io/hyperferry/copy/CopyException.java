package io.hyperferry.copy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Copying failed. The message names the task and has the server's message, hint, constraint and SQLState, but no row
 * value: neither in it nor in its causes is the server's detail or context, which can hold values, nor the text that
 * a function raised, nor the values in messages of class 22 (data exceptions). Causes that would show such text are
 * replaced by ones that do not, with the same stack.
 */
public final class CopyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient @Nullable CopyTask task;
    private final @Nullable String sqlState;

    /**
     * Makes an exception; the engine does.
     *
     * @param message without row values
     * @param cause without row values
     */
    public CopyException(String message, @Nullable CopyTask task, @Nullable String sqlState, Throwable cause) {
        super(message, cause);
        this.task = task;
        this.sqlState = sqlState;
    }

    /** The task that failed; empty when a worker failed without one, for example while it connected. */
    public Optional<CopyTask> task() {
        return Optional.ofNullable(task);
    }

    /**
     * The server's or the driver's code for what happened, when there is one.
     *
     * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
     */
    public Optional<String> sqlState() {
        return Optional.ofNullable(sqlState);
    }
}
