package io.hyperferry.internal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** One side of a migration, ready to be connected to: by JDBC, and by PostgreSQL's tools. */
public final class Endpoint {
    private static final int CONNECT_TIMEOUT_SECONDS = 10;

    private final DataSource dataSource;
    private final @Nullable String password;

    private Endpoint(DataSource dataSource, @Nullable String password) {
        this.dataSource = dataSource;
        this.password = password;
    }

    /** By URL; the URL's own password goes before the given one. */
    public static Endpoint ofUrl(String url, @Nullable String givenPassword) {
        Urls.Parsed parsed = Urls.parse(url);
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
        dataSource.setApplicationName("hyperferry");
        dataSource.setTcpKeepAlive(true);
        // The detail of an error can hold values of rows.
        dataSource.setLogServerErrorDetail(false);
        dataSource.setUrl(parsed.jdbc());
        if (parsed.user() != null) {
            dataSource.setUser(parsed.user());
        }
        String password = parsed.password() == null ? givenPassword : parsed.password();
        if (password != null) {
            dataSource.setPassword(password);
        }
        return new Endpoint(dataSource, password);
    }

    /** By a data source that belongs to the caller. */
    public static Endpoint ofDataSource(DataSource dataSource, @Nullable String password) {
        return new Endpoint(dataSource, password);
    }

    /** The data source. */
    public DataSource dataSource() {
        return dataSource;
    }

    /** A new connection; the caller closes it. */
    public Connection connect() throws SQLException {
        return dataSource.getConnection();
    }

    /**
     * How PostgreSQL's tools reach this database.
     *
     * @param conninfo a connection string without a password
     * @param password the password, or null when the tools find it in the password file or need none
     */
    public record ToolAccess(String conninfo, @Nullable String password) {
        /** Has no password. */
        @Override
        public String toString() {
            return conninfo;
        }
    }

    /** How PostgreSQL's tools reach this database: the same host, database and user as these connections. */
    public ToolAccess toolAccess() throws SQLException {
        if (dataSource instanceof PGSimpleDataSource simple) {
            return toolAccess(simple, simple.getUser());
        }
        try (Connection connection = connect()) {
            PGSimpleDataSource parsed = new PGSimpleDataSource();
            parsed.setUrl(connection.getMetaData().getURL());
            return toolAccess(parsed, connection.getMetaData().getUserName());
        }
    }

    private ToolAccess toolAccess(PGSimpleDataSource simple, @Nullable String user) {
        String[] hosts = simple.getServerNames();
        int[] ports = simple.getPortNumbers();
        Map<String, @Nullable String> words = new LinkedHashMap<>();
        words.put("host", String.join(",", hosts));
        words.put("port", ports == null ? null : ports(ports));
        words.put("dbname", simple.getDatabaseName());
        words.put("user", user);
        words.put("sslmode", simple.getSslMode());
        words.put("sslrootcert", simple.getSslRootCert());
        words.put("sslcert", simple.getSslCert());
        words.put("sslkey", simple.getSslKey());
        words.put("application_name", "hyperferry");
        String conninfo = words.entrySet().stream()
                .filter(word -> word.getValue() != null && !word.getValue().isEmpty())
                .map(word -> word.getKey() + "=" + quoted(String.valueOf(word.getValue())))
                .collect(Collectors.joining(" "));
        return new ToolAccess(conninfo, password);
    }

    private static String ports(int[] ports) {
        StringBuilder text = new StringBuilder();
        for (int port : ports) {
            text.append(text.length() == 0 ? "" : ",").append(port == 0 ? 5432 : port);
        }
        return text.toString();
    }

    private static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
