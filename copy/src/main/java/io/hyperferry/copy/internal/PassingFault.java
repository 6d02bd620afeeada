package io.hyperferry.copy.internal;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A failure that may not come again, and after which a worker tries again. It is the cause; this only carries it through the retry.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class PassingFault extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Connections that are lost or not to be had, and resources that are short at the moment. */
    private static final Set<String> CLASSES = Set.of("08", "53");

    /**
     * Serialization failure, deadlock, lock not available; a server that shuts down, crashed or starts up; a session that idled or whose
     * transaction took longer than the server allows.
     */
    private static final Set<String> STATES =
            Set.of("40001", "40P01", "55P03", "57P01", "57P02", "57P03", "57P05", "25P03", "25P04");

    private static final String QUERY_CANCELED = "57014";

    PassingFault(Throwable cause) {
        super(null, cause, false, false);
    }

    /** The SQLState of an error of this kind, or what there is in its place; empty for any other error. */
    public static Optional<String> reason(Throwable error) {
        return is(error)
                ? Optional.of(Objects.requireNonNullElse(SafeErrors.sqlState(error), "I/O error"))
                : Optional.empty();
    }

    /** Whether an error is of this kind. */
    static boolean is(Throwable error) {
        String state = SafeErrors.sqlState(error);
        if (state != null) {
            return STATES.contains(state)
                    || (state.length() == 5 && CLASSES.contains(state.substring(0, 2)))
                    || (state.equals(QUERY_CANCELED) && ranOutOfTime(error));
        }
        return SafeErrors.find(error, IOException.class) != null
                || isTransient(SafeErrors.find(error, SQLTransientException.class))
                || SafeErrors.find(error, SQLRecoverableException.class) != null;
    }

    /**
     * A pool that gives no connection, and names no failure of one, has too few of them, and will not get more. HikariCP names such a failure to one of
     * those that wait, and tells the others that it has no connection at all.
     */
    private static boolean isTransient(@Nullable SQLException found) {
        return found != null
                && (!(found instanceof SQLTransientConnectionException)
                        || found.getCause() != null
                        || String.valueOf(found.getMessage()).contains("total=0"));
    }

    /** Whether the connection is what failed, rather than what the server said over it. */
    static boolean isOfConnection(Throwable error) {
        String state = SafeErrors.sqlState(error);
        return state == null || state.startsWith("08");
    }

    /**
     * Whether a failed commit may have happened all the same. It did not when the server says that this statement failed; after anything
     * else, a session that ends included, only the database knows.
     */
    static boolean leavesOpen(Throwable failedCommit) {
        ServerErrorMessage said = serverMessage(failedCommit);
        return said == null || !"ERROR".equals(said.getSeverity());
    }

    /**
     * The code for a statement that took too long is the code for one that somebody cancelled. Only the words differ, so a server that
     * speaks another language than English is taken for cancelled, which is final.
     */
    private static boolean ranOutOfTime(Throwable error) {
        ServerErrorMessage said = serverMessage(error);
        return said != null && String.valueOf(said.getMessage()).contains("statement timeout");
    }

    private static @Nullable ServerErrorMessage serverMessage(Throwable error) {
        SQLException found = SafeErrors.find(error, PSQLException.class);
        return found instanceof PSQLException e ? e.getServerErrorMessage() : null;
    }
}
