package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyException;
import io.hyperferry.copy.CopyTask;
import org.jspecify.annotations.Nullable;

/** Makes the exception that a caller gets. */
final class Failures {

    private Failures() {}

    static CopyException of(@Nullable CopyTask task, Throwable error) {
        Throwable cause = SafeErrors.clean(error);
        String what = task == null ? "Copying failed: " : "Copying " + task.name() + " failed: ";
        return new CopyException(what + SafeErrors.words(cause), task, SafeErrors.sqlState(cause), cause);
    }
}
