package io.hyperferry.testkit.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Statements for tests: each call has a connection of its own, and a failure is an {@link IllegalStateException}
 * that names the statement, with the {@link SQLException} as its cause.
 */
public final class Sql {

    private Sql() {}

    /** Runs statements one after the other, each committed on its own. */
    public static void execute(DataSource database, String... statements) {
        String current = "(connecting)";
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                current = sql;
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw failure(current, e);
        }
    }

    /** All rows of a query, every value as PostgreSQL writes it. */
    public static List<List<@Nullable String>> rows(DataSource database, String sql) {
        List<List<@Nullable String>> rows = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<@Nullable String> row = new ArrayList<>(columns);
                for (int column = 1; column <= columns; column++) {
                    row.add(result.getString(column));
                }
                rows.add(Collections.unmodifiableList(row));
            }
        } catch (SQLException e) {
            throw failure(sql, e);
        }
        return Collections.unmodifiableList(rows);
    }

    /** The first column of the first row; null when it is null and when there is no row. */
    public static @Nullable String value(DataSource database, String sql) {
        List<List<@Nullable String>> rows = rows(database, sql);
        return rows.isEmpty() ? null : rows.get(0).get(0);
    }

    /** The first column of the first row, which has to be there. */
    public static String present(DataSource database, String sql) {
        String value = value(database, sql);
        if (value == null) {
            throw new IllegalStateException("no value from: " + sql);
        }
        return value;
    }

    /** A name as PostgreSQL reads it. */
    public static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A text as PostgreSQL reads it. */
    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static IllegalStateException failure(String sql, SQLException cause) {
        return new IllegalStateException(cause.getMessage() + " [" + cause.getSQLState() + "] in: " + sql, cause);
    }
}
