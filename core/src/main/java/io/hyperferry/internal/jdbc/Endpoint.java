package io.hyperferry.internal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** One side of a migration, ready to be connected to: by JDBC, and by PostgreSQL's tools. */
public final class Endpoint {
    /** The application as which sessions and tools connect, where the address does not name another. */
    public static final String APPLICATION = "hyperferry";

    private static final int CONNECT_TIMEOUT_SECONDS = 10;

    private static final String UNCHECKED_FACTORY = "org.postgresql.ssl.NonValidatingFactory";

    private final DataSource dataSource;
    private final PinnedDataSource pinned;
    private final @Nullable String password;

    private Endpoint(DataSource dataSource, boolean shared, @Nullable String password) {
        this.dataSource = dataSource;
        this.pinned = new PinnedDataSource(dataSource, shared);
        this.password = password;
    }

    /**
     * By URL; the URL's own password goes before the given one, and what it says of TLS before the environment's variables, which libpq
     * knows.
     */
    public static Endpoint ofUrl(
            String url, @Nullable String givenPassword, Function<String, @Nullable String> environment) {
        Urls.Parsed parsed = Urls.parse(url);
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
        dataSource.setApplicationName(APPLICATION);
        dataSource.setTcpKeepAlive(true);
        // The detail of an error can hold values of rows.
        dataSource.setLogServerErrorDetail(false);
        dataSource.setUrl(parsed.jdbc());
        addLoginTimeout(dataSource);
        if (parsed.user() != null) {
            dataSource.setUser(parsed.user());
        }
        String password = parsed.password() == null ? givenPassword : parsed.password();
        if (password != null) {
            dataSource.setPassword(password);
        }
        addTls(dataSource, environment);
        return new Endpoint(dataSource, false, password);
    }

    /** The time to connect bounds only how long a host may take to accept; one that accepts and says nothing more would be waited for without end. */
    private static void addLoginTimeout(PGSimpleDataSource dataSource) {
        if (dataSource.getLoginTimeout() == 0) {
            dataSource.setLoginTimeout(dataSource.getConnectTimeout() * (dataSource.getServerNames().length + 1));
        }
    }

    private static void addTls(PGSimpleDataSource dataSource, Function<String, @Nullable String> environment) {
        if (dataSource.getSslMode() == null && !dataSource.getSsl()) {
            ifSet(environment.apply("PGSSLMODE"), dataSource::setSslMode);
        }
        if (dataSource.getSslRootCert() == null && !Urls.SYSTEM_ROOTS_FACTORY.equals(dataSource.getSslfactory())) {
            ifSet(environment.apply("PGSSLROOTCERT"), value -> {
                if (value.equals(Urls.SYSTEM_ROOTS)) {
                    dataSource.setSslfactory(Urls.SYSTEM_ROOTS_FACTORY);
                } else {
                    dataSource.setSslRootCert(value);
                }
            });
        }
        if (dataSource.getSslCert() == null) {
            ifSet(environment.apply("PGSSLCERT"), dataSource::setSslCert);
        }
        if (dataSource.getSslKey() == null) {
            ifSet(environment.apply("PGSSLKEY"), dataSource::setSslKey);
        }
    }

    private static void ifSet(@Nullable String value, Consumer<String> setter) {
        if (value != null && !value.isEmpty()) {
            setter.accept(value);
        }
    }

    /** By a data source that belongs to the caller. */
    public static Endpoint ofDataSource(DataSource dataSource, @Nullable String password) {
        return new Endpoint(dataSource, true, password);
    }

    /** A data source whose sessions have the {@linkplain PinnedSettings pinned settings}. */
    public DataSource dataSource() {
        return pinned;
    }

    /** The data source whose sessions have the settings of the server, the database and the role. */
    public DataSource plainDataSource() {
        return dataSource;
    }

    /** Gives a session of the {@linkplain #plainDataSource() plain data source} the pinned settings; closes it when that fails. */
    public Connection pin(Connection session) throws SQLException {
        return pinned.pin(session);
    }

    /** Returns the server's process ids of the sessions with pinned settings that are open. */
    public Set<Integer> sessions() {
        return pinned.sessions();
    }

    /** The name of the database, when it is known without connecting. */
    public Optional<String> database() {
        return dataSource instanceof PGSimpleDataSource simple
                ? Optional.ofNullable(simple.getDatabaseName())
                : Optional.empty();
    }

    /** The role that connects, when it is known without connecting. */
    public Optional<String> user() {
        return dataSource instanceof PGSimpleDataSource simple
                ? Optional.ofNullable(simple.getUser())
                : Optional.empty();
    }

    /** A new connection with the pinned settings; the caller closes it. */
    public Connection connect() throws SQLException {
        return pinned.getConnection();
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

    /**
     * How PostgreSQL's tools reach this database: the same host, database and user as these connections, with the pinned settings that
     * matter there.
     *
     * @param connection a pinned session of this database
     */
    public ToolAccess toolAccess(Connection connection) throws SQLException {
        String options = PinnedSettings.dumpOptions(connection);
        if (dataSource instanceof PGSimpleDataSource) {
            return toolAccessOfUrl(options);
        }
        PGSimpleDataSource parsed = new PGSimpleDataSource();
        parsed.setUrl(connection.getMetaData().getURL());
        return toolAccess(parsed, connection.getMetaData().getUserName(), options);
    }

    /**
     * How PostgreSQL's tools reach a database that was given by URL.
     *
     * @param pinnedOptions the options of its sessions beside those of the URL
     */
    public ToolAccess toolAccessOfUrl(String pinnedOptions) {
        PGSimpleDataSource simple = (PGSimpleDataSource) dataSource;
        return toolAccess(simple, simple.getUser(), pinnedOptions);
    }

    private ToolAccess toolAccess(PGSimpleDataSource simple, @Nullable String user, String pinnedOptions) {
        int[] ports = simple.getPortNumbers();
        Map<String, @Nullable String> words = new LinkedHashMap<>();
        // JDBC writes addresses with colons in brackets.
        words.put(
                "host",
                Stream.of(simple.getServerNames())
                        .map(it -> it.replaceAll("[\\[\\]]", ""))
                        .collect(Collectors.joining(",")));
        words.put("port", ports == null ? null : ports(ports));
        words.put("dbname", simple.getDatabaseName());
        words.put("user", user);
        words.put(
                "options",
                Stream.of(Objects.requireNonNullElse(simple.getOptions(), ""), pinnedOptions)
                        .filter(options -> !options.isEmpty())
                        .collect(Collectors.joining(" ")));
        // Older tools do not know these words, and every tool has the same default.
        words.put("gssencmode", unless("allow", simple.getGssEncMode()));
        words.put("channel_binding", unless("prefer", simple.getChannelBinding()));
        words.put("sslmode", sslMode(simple));
        words.put(
                "sslrootcert",
                Urls.SYSTEM_ROOTS_FACTORY.equals(simple.getSslfactory()) ? Urls.SYSTEM_ROOTS : simple.getSslRootCert());
        words.put("sslcert", simple.getSslCert());
        words.put("sslkey", simple.getSslKey());
        words.put("application_name", APPLICATION);
        String conninfo = words.entrySet().stream()
                .filter(word -> word.getValue() != null && !word.getValue().isEmpty())
                .map(word -> word.getKey() + "=" + quoted(String.valueOf(word.getValue())))
                .collect(Collectors.joining(" "));
        return new ToolAccess(conninfo, password == null ? simple.getPassword() : password);
    }

    private static @Nullable String unless(String usual, @Nullable String value) {
        return usual.equals(value) ? null : value;
    }

    /** Without a mode, {@code ssl=true} has pgjdbc check the server's certificate and host name. */
    private static @Nullable String sslMode(PGSimpleDataSource simple) {
        if (simple.getSslMode() != null || !simple.getSsl()) {
            return simple.getSslMode();
        }
        return UNCHECKED_FACTORY.equals(simple.getSslfactory()) ? "require" : "verify-full";
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
