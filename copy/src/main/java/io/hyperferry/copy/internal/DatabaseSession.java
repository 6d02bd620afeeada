package io.hyperferry.copy.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One worker's connection: its transactions, its cancellation and its way back. */
class DatabaseSession implements Session {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseSession.class);

    private final Connection connection;
    private final PGConnection server;
    private final CancellableCopy copy;
    private final boolean autoCommit;
    private final String settings;

    /** Held while a cancellation is sent, and while it is decided that none may be sent any more. */
    private final ReentrantLock sending = new ReentrantLock();

    private volatile boolean over;
    private volatile boolean cancelled;

    /** Takes over a connection, with whatever has to be undone in the end. */
    DatabaseSession(Connection connection) throws SQLException {
        this.connection = connection;
        this.server = connection.unwrap(PGConnection.class);
        this.copy = new CancellableCopy(server);
        this.settings = settings(connection.getMetaData().getDatabaseMajorVersion());
        this.autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
    }

    /** Makes a session of a connection. */
    interface Making<S extends DatabaseSession> {

        S on(Connection connection) throws SQLException;
    }

    static <S extends DatabaseSession> S open(DataSource dataSource, Making<S> making) throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            return making.on(connection);
        } catch (SQLException | RuntimeException | Error e) {
            try {
                connection.close();
            } catch (SQLException | RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** A long COPY is no runaway query. Plain SET, because a function call would take the transaction's snapshot. */
    private static String settings(int version) {
        String settings = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";
        return version < 17 ? settings : settings + "; SET LOCAL transaction_timeout = 0";
    }

    final Connection connection() {
        return connection;
    }

    final RowsOut copyOut(String sql) throws SQLException {
        return copy.out(sql);
    }

    final RowsIn copyIn(String sql) throws SQLException {
        return copy.in(sql);
    }

    final void begin() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(settings);
        }
    }

    public final void commit() throws SQLException {
        connection.commit();
    }

    final void rollback() throws SQLException {
        connection.rollback();
    }

    @Override
    public final void cancel() {
        sending.lock();
        try {
            if (!over) {
                cancelled = true;
                copy.interrupt();
            }
        } catch (SQLException | RuntimeException e) {
            LOG.debug("The query of backend {} was not cancelled", server.getBackendPID(), e);
        } finally {
            sending.unlock();
        }
    }

    @Override
    public final synchronized void abort() {
        if (!over) {
            LOG.warn(
                    "Closing the connection to backend {}, which did not answer to its cancellation in time: "
                            + "it may run on for a while",
                    server.getBackendPID());
            cancelled = true;
            breakOff();
        }
    }

    private synchronized boolean finish() {
        over = true;
        return !cancelled;
    }

    @Override
    public final void handBack() {
        boolean untouched;
        sending.lock();
        try {
            untouched = finish();
        } finally {
            sending.unlock();
        }
        if (!untouched) {
            // The driver says when a cancellation was sent, not when it arrives: the next user must not get it.
            drop();
            return;
        }
        try {
            connection.setAutoCommit(autoCommit);
        } catch (SQLException | RuntimeException e) {
            LOG.debug("Dropping a connection that could not be restored", e);
            drop();
            return;
        }
        close();
    }

    @Override
    public final void discard() {
        try {
            // Frees the locks now; otherwise they last until the server has seen that the connection is gone.
            copy.clear();
            connection.rollback();
        } catch (SQLException | RuntimeException e) {
            LOG.debug("Backend {} could not roll back", server.getBackendPID(), e);
        }
        finish();
        drop();
    }

    /** A pool does not see what happened inside a COPY, but it sees a connection that is broken. */
    private void drop() {
        breakOff();
        close();
    }

    private void breakOff() {
        try {
            Connection physical = server instanceof Connection c ? c : connection;
            physical.abort(Runnable::run);
        } catch (SQLException | RuntimeException e) {
            LOG.debug("Could not abort the connection to backend {}", server.getBackendPID(), e);
        }
    }

    private void close() {
        try {
            connection.close();
        } catch (SQLException | RuntimeException e) {
            LOG.debug("Closing a connection said", e);
        }
    }
}
