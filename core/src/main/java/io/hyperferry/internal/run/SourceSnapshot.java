package io.hyperferry.internal.run;

import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.sql.Identifiers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot of the source that a leader's transaction exports and keeps alive. The leader reads nothing else, so it holds no lock that
 * anybody could wait for.
 *
 * @see <a href="https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION">snapshot
 *     synchronization</a>
 */
public final class SourceSnapshot implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SourceSnapshot.class);

    /** There is no snapshot of this name (by version), or its transaction has ended. */
    private static final Set<String> GONE = Set.of("22023", "42704", "55000");

    private final Connection leader;
    private final int isolation;
    private final String id;

    private SourceSnapshot(Connection leader, int isolation, String id) {
        this.leader = leader;
        this.isolation = isolation;
        this.id = id;
    }

    /** Opens the leader's transaction and exports its snapshot. */
    public static SourceSnapshot export(DataSource source) throws SQLException {
        return export(source, leader -> {});
    }

    /**
     * Opens a transaction with the snapshot that another process exported, and exports it again, so that it lives as long as this process
     * needs it; empty when the snapshot is gone, because its process is.
     */
    public static Optional<SourceSnapshot> share(DataSource source, String id) throws SQLException {
        try {
            return Optional.of(export(
                    source, leader -> Jdbc.execute(leader, "SET TRANSACTION SNAPSHOT " + Identifiers.literal(id))));
        } catch (SQLException e) {
            if (GONE.contains(String.valueOf(e.getSQLState()))) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The beginning of the leader's transaction. */
    private interface Beginning {
        /** Begins. */
        void of(Connection leader) throws SQLException;
    }

    private static SourceSnapshot export(DataSource source, Beginning beginning) throws SQLException {
        Connection leader = source.getConnection();
        try {
            int isolation = leader.getTransactionIsolation();
            leader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            leader.setAutoCommit(false);
            Jdbc.execute(leader, "SET TRANSACTION READ ONLY");
            beginning.of(leader);
            String id = Jdbc.one(leader, "SELECT pg_export_snapshot()", row -> row.getString(1));
            return new SourceSnapshot(leader, isolation, id);
        } catch (SQLException e) {
            leader.close();
            throw e;
        }
    }

    /** The name under which other transactions import it. */
    public String id() {
        return id;
    }

    /**
     * Makes sure that its session is still there.
     *
     * @throws SQLException when it is not
     */
    void requireAlive() throws SQLException {
        Jdbc.execute(leader, "SELECT 1");
    }

    /** Drops the leader, which is of no use any more; its connection may be dead and asks for no answer. */
    void abandon() {
        try (leader) {
            leader.abort(Runnable::run);
        } catch (SQLException e) {
            log.debug("the leader of a lost snapshot could not be dropped: {}", Jdbc.describe(e));
        }
    }

    /** Ends the leader's transaction. */
    @Override
    public void close() {
        try (leader) {
            leader.rollback();
            leader.setAutoCommit(true);
            leader.setTransactionIsolation(isolation);
        } catch (SQLException e) {
            log.warn("the snapshot's transaction could not be ended cleanly: {}", Jdbc.describe(e));
        }
    }
}
