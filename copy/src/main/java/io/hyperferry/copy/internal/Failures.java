package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyException;
import io.hyperferry.copy.CopyTask;
import org.jspecify.annotations.Nullable;

/** Makes the exception that a caller gets. */
final class Failures {

    private Failures() {}

    static CopyException of(@Nullable CopyTask task, @Nullable String side, Throwable error) {
        Throwable cause = SafeErrors.clean(error);
        String what = "Copying" + (task == null ? "" : " " + task.name()) + " failed"
                + (side == null ? "" : " on the " + side) + ": ";
        return new CopyException(what + SafeErrors.words(cause), task, SafeErrors.sqlState(cause), cause);
    }
}
