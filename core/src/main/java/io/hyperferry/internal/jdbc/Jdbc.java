package io.hyperferry.internal.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** Statements on a connection, without ceremony. */
public final class Jdbc {
    private Jdbc() {}

    /** Makes a value of a row. */
    public interface RowReader<T> {
        /** Reads the current row. */
        T read(ResultSet row) throws SQLException;
    }

    /** Something done in a transaction. */
    public interface Work<T> {
        /** Does it. */
        T run() throws SQLException;
    }

    /** Something done in a transaction that gives nothing. */
    public interface Action {
        /** Does it. */
        void run() throws SQLException;
    }

    /** Executes one statement or a script, exactly as it is written. */
    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** Executes a statement with values, and gives the number of rows that it touched. */
    public static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** All the rows of a query. */
    public static <T> List<T> query(Connection connection, String sql, RowReader<T> reader, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, values);
                ResultSet result = statement.executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(reader.read(result));
            }
            return rows;
        }
    }

    /** The only row of a query. */
    public static <T> T one(Connection connection, String sql, RowReader<T> reader, @Nullable Object... values)
            throws SQLException {
        return query(connection, sql, reader, values).get(0);
    }

    private static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    /** Does something in a transaction of its own on a connection that is in autocommit, and leaves it so. */
    public static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        boolean done = false;
        try {
            T result = work.run();
            connection.commit();
            done = true;
            return result;
        } finally {
            if (!done) {
                rollBack(connection);
            }
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    /** Does something in a transaction of its own on a connection that is in autocommit, and rolls it back whatever comes of it. */
    public static void rolledBack(Connection connection, Action action) throws SQLException {
        connection.setAutoCommit(false);
        try {
            action.run();
        } finally {
            rollBack(connection);
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    /** Like {@link #inTransaction(Connection, Work)}, for what gives nothing. */
    public static void transact(Connection connection, Action action) throws SQLException {
        inTransaction(connection, () -> {
            action.run();
            return connection;
        });
    }

    private static void rollBack(Connection connection) {
        try {
            if (!connection.isClosed()) {
                connection.rollback();
            }
        } catch (SQLException e) {
            // The failure that led here matters; a connection that cannot roll back is lost with its transaction.
        }
    }

    /**
     * An error in one line, with its SQLState and without anything that can hold values of rows: the server's detail and context
     * are left out.
     */
    public static String describe(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnansweredException unanswered) {
                return String.valueOf(unanswered.getMessage());
            }
            if (cause instanceof PSQLException server && server.getServerErrorMessage() != null) {
                String hint = server.getServerErrorMessage().getHint();
                return server.getServerErrorMessage().getMessage() + (hint == null ? "" : " (hint: " + hint + ")")
                        + " [SQLState " + server.getSQLState() + "]";
            }
            if (cause instanceof SQLException sql) {
                String state = sql.getSQLState();
                return String.valueOf(sql.getMessage()).replace('\n', ' ')
                        + (state == null ? "" : " [SQLState " + state + "]");
            }
        }
        return String.valueOf(error.getMessage());
    }
}
