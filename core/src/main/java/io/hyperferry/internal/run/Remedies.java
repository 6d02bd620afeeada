package io.hyperferry.internal.run;

import io.hyperferry.copy.CopyEngine;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to do about a failed statement. Only where it can help, that is to run the same command again.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
final class Remedies {
    private static final String OTHER =
            "Fix the cause that the server reports first; until then, the same command fails again.";

    private static final Map<String, String> BY_STATE = Map.of(
            "40001", "Other sessions on %s changed the same rows. Run it again.",
            "40P01", "Other sessions on %s took the same locks in another order. Run it again.",
            "55P03", "Another session on %s holds a lock (pg_locks). End its transaction, then run it again.",
            "53100", "Free disk space on %s, then run it again.",
            "53300", "Raise max_connections on %s or use fewer workers (parallelism), then run it again.",
            "57014", "A statement was cancelled on %s (pg_cancel_backend, statement_timeout). Run it again.",
            "42501", "GRANT the role of %s the privilege that is missing, then run it again.",
            "XX001", "Data on %s is damaged. Check it with pg_amcheck and restore it from a backup.",
            "XX002", "An index on %s is damaged. Check it with pg_amcheck and REINDEX it, then run it again.");

    private Remedies() {}

    /**
     * Returns the remedy of a failure.
     *
     * @param where the server, human-readable
     */
    static String of(String where, Throwable failure) {
        String remedy = BY_STATE.get(state(failure));
        if (remedy != null) {
            return remedy.replace("%s", where);
        }
        return CopyEngine.passing(failure).isPresent()
                ? "Check that " + where + " runs and accepts connections, then run it again."
                : OTHER;
    }

    /** How to go on with a run that a step ended, as part of a sentence: the same failure would end it again where nothing passes by itself. */
    static String goOn(Throwable failure) {
        return CopyEngine.passing(failure).isPresent()
                ? "run it again to go on from there"
                : "remove the cause, then run it again to go on from there";
    }

    private static String state(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }
}
