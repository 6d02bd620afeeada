package io.hyperferry.testkit;

import io.hyperferry.testkit.internal.ServerAddress;
import io.hyperferry.testkit.internal.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One fresh database, which exists until its test class has ended. All methods are thread-safe; each opens a
 * connection of its own, and nothing is pooled.
 */
public final class TestDatabase {

    private static final Pattern SUFFIX = Pattern.compile("[a-z0-9_]{1,16}");

    private final TimescaleServer server;
    private final ServerAddress address;
    private final ServerAddress maintenance;
    private final DataSource dataSource;
    private final Queue<TestDatabase> siblings = new ConcurrentLinkedQueue<>();
    private final AtomicInteger siblingCount = new AtomicInteger();

    private TestDatabase(TimescaleServer server, ServerAddress address, ServerAddress maintenance) {
        this.server = server;
        this.address = address;
        this.maintenance = maintenance;
        this.dataSource = address.dataSource();
    }

    /** A fresh database with the extension. */
    static TestDatabase create(TimescaleServer server, String name) {
        return of(server, server.createDatabase(name));
    }

    private static TestDatabase of(TimescaleServer server, ServerAddress maintenance) {
        return new TestDatabase(server, server.handOver(maintenance), maintenance);
    }

    /** A fresh database with the extension, in a tablespace. */
    static TestDatabase createIn(TimescaleServer server, String name, String tablespace) {
        return of(server, server.createDatabase(name, tablespace));
    }

    /** The host name of the server. */
    public String host() {
        return address.host();
    }

    /** The TCP port of the server. */
    public int port() {
        return address.port();
    }

    /** The name of the database, unique on its server. */
    public String name() {
        return address.database();
    }

    /** The role to connect as; it owns the database. It is a superuser unless the tests are run without one, see {@link TimescaleExtension}. */
    public String user() {
        return address.user();
    }

    /** The password of the role. */
    public String password() {
        return address.password();
    }

    /** {@code jdbc:postgresql://host:port/name}, without credentials. */
    public String jdbcUrl() {
        return address.jdbcUrl();
    }

    /** {@code postgres://user:password@host:port/name}. */
    public String url() {
        return address.url();
    }

    /** A data source with the credentials; every connection is new, and its application is {@code hyperferry-test}. */
    public DataSource dataSource() {
        return dataSource;
    }

    /**
     * Opens a connection, which the caller closes.
     *
     * @throws SQLException when the server refuses it
     */
    public Connection connect() throws SQLException {
        return dataSource.getConnection();
    }

    /**
     * Runs statements one after the other in one session, each committed on its own.
     *
     * @throws IllegalStateException when one fails; it names the statement, and the cause is the SQLException
     */
    public void execute(String... sql) {
        Sql.execute(dataSource, sql);
    }

    /**
     * The first column of the first row as the driver's text ({@code t} and {@code f} for booleans), or null when it
     * is null or there is no row.
     *
     * @throws IllegalStateException when the query fails
     */
    public @Nullable String value(String sql) {
        return Sql.value(dataSource, sql);
    }

    /**
     * All rows of a query, every value as the driver's text; unmodifiable.
     *
     * @throws IllegalStateException when the query fails
     */
    public List<List<@Nullable String>> rows(String sql) {
        return Sql.rows(dataSource, sql);
    }

    /**
     * The first column of the first row as a number.
     *
     * @throws IllegalStateException when the query fails, has no row or gives null
     * @throws NumberFormatException when the value is no whole number
     */
    public long count(String sql) {
        return Long.parseLong(Sql.present(dataSource, sql));
    }

    /**
     * Another fresh database on the same server, with the same version of the extension; dropped with this one.
     * Every call makes a new one, also with a suffix that was used before.
     *
     * @param suffix part of the new database's name: 1 to 16 of a-z, 0-9 and underscore
     * @throws IllegalArgumentException when the suffix has other characters or another length
     */
    public TestDatabase createSibling(String suffix) {
        return remember(server.createDatabase(siblingName(suffix)));
    }

    /**
     * Like {@link #createSibling(String)}, but with options of CREATE DATABASE.
     *
     * @param suffix part of the new database's name: 1 to 16 of a-z, 0-9 and underscore
     * @param options the options, for example {@code LOCALE_PROVIDER icu ICU_LOCALE 'en'}; the template is {@code template0}
     * @throws IllegalArgumentException when the suffix has other characters or another length
     */
    public TestDatabase createSiblingWith(String suffix, String options) {
        return remember(server.createDatabaseWith(siblingName(suffix), options));
    }

    /**
     * Like {@link #createSibling(String)}, but without the extension.
     *
     * @param suffix part of the new database's name: 1 to 16 of a-z, 0-9 and underscore
     * @throws IllegalArgumentException when the suffix has other characters or another length
     */
    public TestDatabase createEmptySibling(String suffix) {
        return remember(server.createEmptyDatabase(siblingName(suffix)));
    }

    /**
     * The same database, as a superuser sees it: for what only a superuser can set up, whatever role the tests have. Siblings and all else
     * are this database's.
     */
    public TestDatabase superuser() {
        return new TestDatabase(server, maintenance, maintenance);
    }

    /**
     * Makes a role of the server, unless it is there already, as which the role that tests have may act. It stays there.
     *
     * @param name the role's name, as the server stores it
     * @param options what the role is made with, for example {@code LOGIN}; may be empty
     * @throws IllegalStateException when it cannot be made
     */
    public void createRole(String name, String options) {
        String role = Sql.identifier(name);
        DataSource superuser = maintenance.dataSource();
        Sql.execute(
                superuser,
                "DO $role$ BEGIN CREATE ROLE " + role + " " + options
                        + "; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $role$");
        if (!user().equals(maintenance.user())) {
            Sql.execute(superuser, "GRANT " + role + " TO " + Sql.identifier(user()));
        }
    }

    /**
     * Lets the role that tests have keep triggers and foreign keys from firing, which a superuser may do anyway: a right on the server, that
     * stays.
     */
    public void letTriggersRest() {
        if (!user().equals(maintenance.user())) {
            Sql.execute(
                    maintenance.dataSource(),
                    "GRANT SET ON PARAMETER session_replication_role TO " + Sql.identifier(user()));
        }
    }

    /** The server of this database. */
    public TimescaleServer server() {
        return server;
    }

    /** Host, port and name; no password. */
    @Override
    public String toString() {
        return address.toString();
    }

    /** Drops this database and its siblings, whoever is connected to them. */
    void drop() {
        for (TestDatabase sibling = siblings.poll(); sibling != null; sibling = siblings.poll()) {
            sibling.drop();
        }
        server.dropDatabase(name());
    }

    private String siblingName(String suffix) {
        if (!SUFFIX.matcher(suffix).matches()) {
            throw new IllegalArgumentException("not 1 to 16 of a-z, 0-9 and underscore: '" + suffix + "'");
        }
        return name() + "_" + suffix + siblingCount.incrementAndGet();
    }

    private TestDatabase remember(ServerAddress sibling) {
        TestDatabase database = of(server, sibling);
        siblings.add(database);
        return database;
    }
}
