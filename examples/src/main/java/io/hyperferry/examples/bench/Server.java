package io.hyperferry.examples.bench;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * A server, reached as a role that may create databases and write checkpoints.
 *
 * @param host its host
 * @param port its port
 * @param user the role
 * @param password the role's password
 * @param maintenance a database that is there and is not touched
 */
record Server(String host, int port, String user, String password, String maintenance) {
    private static final int DEFAULT_PORT = 5432;

    /**
     * A server by the URL of its maintenance database, {@code postgres://user:password@host:port/database}.
     *
     * @throws IllegalArgumentException when it is no such URL; the message does not repeat it
     */
    static Server parse(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw notAUrl();
        }
        String userInfo = uri.getUserInfo();
        String path = uri.getPath();
        if (uri.getHost() == null || userInfo == null || !userInfo.contains(":") || path == null || path.length() < 2) {
            throw notAUrl();
        }
        int colon = userInfo.indexOf(':');
        return new Server(
                uri.getHost(),
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                userInfo.substring(0, colon),
                userInfo.substring(colon + 1),
                path.substring(1));
    }

    private static IllegalArgumentException notAUrl() {
        return new IllegalArgumentException("a server is given as postgres://user:password@host:port/database");
    }

    /** The URL of a database, without the password. */
    String url(String database) {
        return "postgres://" + user + "@" + host + ":" + port + "/" + database;
    }

    /** A new connection, which the caller closes. */
    Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "hyperferry-bench");
        return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + port + "/" + database, properties);
    }

    /** Runs statements one after the other in one session, each committed on its own. */
    void execute(String database, String... sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String one : sql) {
                statement.execute(one);
            }
        }
    }

    /** The first column of the only row, as text. */
    String value(String database, String sql) throws SQLException {
        try (Connection connection = connect(database)) {
            return value(connection, sql);
        }
    }

    /** The first column of the only row, as text, asked on a connection that is there. */
    static String value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                throw new SQLException("no row: " + sql);
            }
            return String.valueOf(rows.getString(1));
        }
    }

    /** The first column of the only row, as a number. */
    long number(String database, String sql) throws SQLException {
        return Long.parseLong(value(database, sql));
    }

    /** Makes a database anew, with the extension. */
    void create(String database) throws SQLException {
        drop(database);
        execute(maintenance, "CREATE DATABASE " + database + " TEMPLATE template0");
        execute(database, "CREATE EXTENSION timescaledb");
    }

    /** Drops a database, if it is there. */
    void drop(String database) throws SQLException {
        execute(maintenance, "DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
    }

    /** No password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
