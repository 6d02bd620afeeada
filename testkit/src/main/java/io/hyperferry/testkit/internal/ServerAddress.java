package io.hyperferry.testkit.internal;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where one database is, and who may connect to it.
 *
 * @param host name or address of the machine
 * @param port TCP port of the server
 * @param database the name of the database
 * @param user the role that connects
 * @param password its password
 */
public record ServerAddress(String host, int port, String database, String user, String password) {

    /** The {@code application_name} of every connection that the testkit opens. */
    public static final String APPLICATION_NAME = "hyperferry-test";

    private static final int DEFAULT_PORT = 5432;

    /**
     * Reads {@code postgres://user:password@host:port/database}; the port may be missing.
     *
     * @throws IllegalArgumentException when a part is missing or there are parameters; the message has no password
     */
    public static ServerAddress parse(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw malformed(); // without the cause, whose message has the whole URL
        }
        String scheme = uri.getScheme();
        String host = uri.getHost();
        String credentials = uri.getRawUserInfo();
        String path = uri.getRawPath();
        if (scheme == null
                || !(scheme.equals("postgres") || scheme.equals("postgresql"))
                || host == null
                || credentials == null
                || path == null
                || path.length() < 2
                || uri.getRawQuery() != null) {
            throw malformed();
        }
        int colon = credentials.indexOf(':');
        return new ServerAddress(
                host,
                uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort(),
                decode(path.substring(1)),
                decode(colon < 0 ? credentials : credentials.substring(0, colon)),
                colon < 0 ? "" : decode(credentials.substring(colon + 1)));
    }

    /** The same server and user, another database. */
    public ServerAddress withDatabase(String other) {
        return new ServerAddress(host, port, other, user, password);
    }

    /** The same server and database, another role. */
    public ServerAddress withRole(String other, String itsPassword) {
        return new ServerAddress(host, port, database, other, itsPassword);
    }

    /** {@code jdbc:postgresql://host:port/database}, without credentials. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + encode(database);
    }

    /** {@code postgres://user:password@host:port/database}, each part escaped where it has to be. */
    public String url() {
        return "postgres://" + encode(user) + ":" + encode(password) + "@" + host + ":" + port + "/" + encode(database);
    }

    /** A data source that opens a new connection each time. */
    public DataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {host});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName(database);
        dataSource.setUser(user);
        dataSource.setPassword(password);
        dataSource.setApplicationName(APPLICATION_NAME);
        return dataSource;
    }

    /** The address without the password. */
    @Override
    public String toString() {
        return host + ":" + port + "/" + database;
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException(
                "a server's URL has to be postgres://user:password@host:port/database, without parameters");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
