package io.hyperferry.catalog;

import io.hyperferry.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What the server tests share: reading a whole catalog, and finding one thing in it. */
final class Reading {
    private Reading() {}

    static DatabaseCatalog of(TestDatabase database) {
        return with(database, CatalogReader.create());
    }

    static DatabaseCatalog with(TestDatabase database, CatalogReader reader) {
        try (Connection connection = database.connect()) {
            return reader.read(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("no connection to " + database, e);
        }
    }

    static Table table(TestDatabase database, String name) {
        return of(database).table(name(name)).orElseThrow(() -> new AssertionError("the catalog has no table " + name));
    }

    static Hypertable hypertable(TestDatabase database, String name) {
        return of(database)
                .hypertable(name(name))
                .orElseThrow(() -> new AssertionError("the catalog has no hypertable " + name));
    }

    /** A name as it stands in these tests: {@code schema.name}, or a name in {@code public}. */
    static QualifiedName name(String name) {
        int dot = name.indexOf('.');
        return dot < 0
                ? QualifiedName.of("public", name)
                : QualifiedName.of(name.substring(0, dot), name.substring(dot + 1));
    }

    /** A name for SQL. */
    static String quoted(QualifiedName name) {
        return '"' + name.schema().replace("\"", "\"\"") + "\".\"" + name.name().replace("\"", "\"\"") + '"';
    }

    static String value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            if (!result.next()) {
                throw new AssertionError("no row from " + sql);
            }
            return result.getString(1);
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
