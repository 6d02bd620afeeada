package io.hyperferry.internal.run;

import io.hyperferry.Problem;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Finds poolers that give a connection another session of the server for each of its transactions. Locks, settings and snapshots of a session
 * would be somebody else's there.
 *
 * @see <a href="https://www.pgbouncer.org/features.html">PgBouncer's modes</a>
 */
final class Poolers {
    private static final String OF_SESSION = "SELECT coalesce(current_setting('hyperferry.session', true), '')";

    /** A prepared statement that this client did not make, or that is not where it made it. */
    private static final Set<String> OF_ANOTHER_CLIENT = Set.of("42P05", "26000");

    private Poolers() {}

    /**
     * Returns the problem of a side that is behind such a pooler. The sessions of such a pooler are shared with other clients, so this comes
     * before any setting of a session is changed.
     *
     * @param name what the side is called
     * @param session a plain session of the side, in autocommit
     */
    static Optional<Problem> problem(String name, Endpoint side, Connection session, Cancellation cancellation)
            throws SQLException {
        return mixesSessions(side, session, cancellation) ? Optional.of(problem(name)) : Optional.empty();
    }

    private static Problem problem(String side) {
        return Problem.blocking(
                Problem.Code.POOLED_BY_TRANSACTION,
                side,
                "the " + side + " is behind a pooler that gives each transaction another session (transaction mode), so"
                        + " locks and snapshots of a session would be lost.",
                "Connect to the server itself, or have the pooler keep sessions together (pool_mode = session).");
    }

    private static boolean mixesSessions(Endpoint side, Connection one, Cancellation cancellation) throws SQLException {
        try {
            return forgets(side, one, cancellation);
        } catch (SQLException e) {
            if (OF_ANOTHER_CLIENT.contains(String.valueOf(e.getSQLState()))) {
                return true;
            }
            throw e;
        }
    }

    /** Whether a session forgets what it was told, or another one knows it, while another transaction is open. */
    private static boolean forgets(Endpoint side, Connection one, Cancellation cancellation) throws SQLException {
        String token = UUID.randomUUID().toString();
        Jdbc.query(one, "SELECT set_config('hyperferry.session', ?, false)", row -> row.getString(1), token);
        try (Connection other = cancellation.connect(side.plainDataSource())) {
            boolean autoCommit = other.getAutoCommit();
            other.setAutoCommit(false);
            boolean known = ofSession(other).equals(token);
            boolean forgotten = !ofSession(one).equals(token);
            other.rollback();
            other.setAutoCommit(autoCommit);
            return known || forgotten;
        } finally {
            Jdbc.execute(one, "SET hyperferry.session = ''");
        }
    }

    private static String ofSession(Connection connection) throws SQLException {
        return Jdbc.one(connection, OF_SESSION, row -> row.getString(1));
    }
}
