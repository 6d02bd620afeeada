package io.hyperferry.internal.jdbc;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.slf4j.LoggerFactory;

/** A data source whose sessions have the {@linkplain PinnedSettings pinned settings} until they are closed. Thread-safe. */
final class PinnedDataSource implements DataSource {
    private static final org.slf4j.Logger log = LoggerFactory.getLogger(PinnedDataSource.class);

    private final DataSource sessions;
    private final boolean shared;

    /** The sessions that were pinned, as long as somebody uses them, with the server's process ids. */
    private final Map<Connection, Integer> pids = new WeakHashMap<>();

    /** @param shared whether others use a session after it was closed, so that it needs its former settings then */
    PinnedDataSource(DataSource sessions, boolean shared) {
        this.sessions = sessions;
        this.shared = shared;
    }

    /**
     * Gives a session of this data source the pinned settings.
     *
     * @return the session; closing it restores its former settings where others use it afterwards
     * @throws SQLException when that fails; the session is then closed
     */
    Connection pin(Connection session) throws SQLException {
        try {
            boolean autoCommit = session.getAutoCommit();
            session.setAutoCommit(true);
            List<PinnedSettings.Former> former = PinnedSettings.pin(session);
            session.setAutoCommit(autoCommit);
            note(session);
            return former.isEmpty() || !shared ? session : restoringOnClose(session, former);
        } catch (SQLException | RuntimeException e) {
            try {
                session.close();
            } catch (SQLException lost) {
                e.addSuppressed(lost);
            }
            throw e;
        }
    }

    private void note(Connection session) throws SQLException {
        int pid = session.unwrap(PGConnection.class).getBackendPID();
        synchronized (pids) {
            pids.put(session, pid);
        }
    }

    /** Returns the server's process ids of the pinned sessions that are open. */
    Set<Integer> sessions() {
        Set<Integer> open = new HashSet<>();
        synchronized (pids) {
            pids.keySet().removeIf(PinnedDataSource::isClosed);
            open.addAll(pids.values());
        }
        return open;
    }

    private static boolean isClosed(Connection session) {
        try {
            return session.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    /** A proxy, because a delegate would repeat some 55 methods to change one. */
    private static Connection restoringOnClose(Connection session, List<PinnedSettings.Former> former) {
        return (Connection) Proxy.newProxyInstance(
                PinnedDataSource.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        restore(session, former);
                    }
                    try {
                        return method.invoke(session, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void restore(Connection session, List<PinnedSettings.Former> former) {
        try {
            if (!session.isClosed()) {
                boolean autoCommit = session.getAutoCommit();
                if (!autoCommit) {
                    session.rollback();
                    session.setAutoCommit(true);
                }
                PinnedSettings.restore(session, former);
                session.setAutoCommit(autoCommit);
            }
        } catch (SQLException e) {
            log.debug("dropping a session whose settings could not be restored: {}", Jdbc.describe(e));
            drop(session);
        }
    }

    private static void drop(Connection session) {
        try {
            session.abort(Runnable::run);
        } catch (SQLException e) {
            log.debug("a session could not be dropped: {}", Jdbc.describe(e));
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        return pin(sessions.getConnection());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return pin(sessions.getConnection(user, password));
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return sessions.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        sessions.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        sessions.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return sessions.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return sessions.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : sessions.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || sessions.isWrapperFor(type);
    }
}
