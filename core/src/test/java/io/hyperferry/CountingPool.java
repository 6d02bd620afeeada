package io.hyperferry;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A pool of so many connections, which fails as HikariCP does when somebody waits too long for one. */
final class CountingPool implements DataSource {
    private static final Set<String> ENDING = Set.of("close", "abort");

    private final DataSource server;
    private final Semaphore free;
    private final int size;
    private volatile boolean closed;

    CountingPool(DataSource server, int size) {
        this.server = server;
        this.free = new Semaphore(size, true);
        this.size = size;
    }

    /** A pool that was closed. */
    static CountingPool closed(DataSource server) {
        CountingPool pool = new CountingPool(server, 1);
        pool.closed = true;
        return pool;
    }

    /** How many connections are in use. */
    int used() {
        return size - free.availablePermits();
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (closed) {
            throw new SQLException("pool has been closed.");
        }
        try {
            if (!free.tryAcquire(3, TimeUnit.SECONDS)) {
                throw new SQLTransientConnectionException(
                        "pool - Connection is not available, request timed out after 3000ms (total=" + size
                                + ", active=" + size + ", idle=0, waiting=0)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
        try {
            return returning(server.getConnection());
        } catch (SQLException e) {
            free.release();
            throw e;
        }
    }

    private Connection returning(Connection connection) {
        AtomicBoolean open = new AtomicBoolean(true);
        InvocationHandler handler = (proxy, method, arguments) -> {
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            } finally {
                if (ENDING.contains(method.getName()) && open.getAndSet(false)) {
                    free.release();
                }
            }
        };
        return (Connection)
                Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, handler);
    }

    @Override
    public Connection getConnection(String user, String password) {
        throw new UnsupportedOperationException("the pool has its own user");
    }

    @Override
    public PrintWriter getLogWriter() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setLogWriter(PrintWriter writer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setLoginTimeout(int seconds) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return server.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return server.isWrapperFor(type);
    }
}
