package io.hyperferry.testkit;

import io.hyperferry.testkit.internal.ImageName;
import io.hyperferry.testkit.internal.ServerAddress;
import io.hyperferry.testkit.internal.ServerContainer;
import io.hyperferry.testkit.internal.Setting;
import io.hyperferry.testkit.internal.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running server of one role, source or target: a container that the testkit started, or a server that was
 * given by URL. There is one per role and JVM. Thread-safe.
 */
public final class TimescaleServer {

    private static final Logger LOG = LoggerFactory.getLogger(TimescaleServer.class);
    private static final Setting PG_TOOLS = Setting.of("hyperferry.test.pgTools");
    private static final Setting ROLE = Setting.of("hyperferry.test.role");
    private static final int LONGEST_NAME = 63;
    private static final String FEATURE_NOT_SUPPORTED = "0A000";

    /** Who owns databases when tests are run without the rights of a superuser. */
    private static final String OWNER = "hyperferry_owner";

    private static final String OWNER_PASSWORD = "hyperferry";

    private final ServerAddress address;
    private final String image;
    private final String postgresVersion;
    private final String timescaleVersion;
    private final boolean community;
    private final List<String> toolPrefix;
    private final String role;
    private final @Nullable Supplier<String> log;
    private @Nullable String toolContainer;

    private TimescaleServer(
            Role role, ServerAddress address, String image, List<String> toolPrefix, @Nullable Supplier<String> log) {
        DataSource maintenance = address.dataSource();
        this.address = address;
        this.image = image;
        this.toolPrefix = List.copyOf(toolPrefix);
        this.log = log;
        this.role = role.toString();
        this.postgresVersion = Sql.present(maintenance, "SELECT split_part(current_setting('server_version'), ' ', 1)");
        this.timescaleVersion = wantedVersion(maintenance, role.timescaleVersion());
        this.community = findCommunity(role);
        if (testsAsOwner()) {
            // One role for all tests of this server, also when others use it at the same time.
            Sql.execute(
                    maintenance,
                    "DO $$ BEGIN CREATE ROLE " + OWNER + " LOGIN PASSWORD '" + OWNER_PASSWORD
                            + "'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$");
        }
    }

    static TimescaleServer start(Role role) {
        long start = System.nanoTime();
        Optional<String> url = role.url().value();
        TimescaleServer server;
        if (url.isPresent()) {
            List<String> tools = PG_TOOLS.value()
                    .map(prefix -> List.of(prefix.split("\\s+")))
                    .orElse(List.of());
            server = new TimescaleServer(role, ServerAddress.parse(url.get()), "", tools, null);
        } else {
            String image = ImageName.find(role.image());
            ServerContainer.Started started = ServerContainer.start(image, role.toString());
            server = of(role, started.address(), image, started.log());
        }
        LOG.info(
                "{}: {}, ready after {} ms",
                role,
                server,
                Duration.ofNanos(System.nanoTime() - start).toMillis());
        return server;
    }

    /** A server that runs in a container of this image. */
    static TimescaleServer of(Role role, ServerAddress address, String image, @Nullable Supplier<String> log) {
        return new TimescaleServer(
                role,
                address,
                image,
                List.of("docker", "run", "--rm", "-i", "--network", "host", "-e", "PGPASSWORD", image),
                log);
    }

    /** The Docker image, or an empty text for a server given by URL. */
    public String image() {
        return image;
    }

    /** The version of PostgreSQL, such as {@code 17.6}. */
    public String postgresVersion() {
        return postgresVersion;
    }

    /**
     * The version of the extension in the databases that tests get, such as {@code 2.19.3}: the one that is set for
     * this role, otherwise the server's default. The server may have other versions too.
     */
    public String timescaleVersion() {
        return timescaleVersion;
    }

    /** Whether this is the Community edition, tried by giving a table a columnstore. */
    public boolean community() {
        return community;
    }

    /**
     * The command under which {@code pg_dump} and {@code pg_restore} of the server's own version run: append the
     * tool and its arguments, and give the password in the environment variable {@code PGPASSWORD}. Empty means
     * that the tools on the {@code PATH} are meant. A container of these tools sees the host's network but none
     * of its files, so dumps have to go through standard output and input.
     */
    public List<String> toolPrefix() {
        return toolPrefix;
    }

    /**
     * Like {@link #toolPrefix()}, but quicker: one container serves all calls and lives as long as this JVM. A tool goes on in it when its
     * client is ended, so this is not for tests that end tools.
     */
    public List<String> quickToolPrefix() {
        return image.isEmpty() ? toolPrefix : List.of("docker", "exec", "-i", "-e", "PGPASSWORD", toolContainer());
    }

    private synchronized String toolContainer() {
        if (toolContainer == null) {
            toolContainer = ServerContainer.startTools(image, role);
        }
        return toolContainer;
    }

    /** What the server has written to its log until now; empty where that cannot be read, because the server was given by URL. */
    public Optional<String> log() {
        return Optional.ofNullable(log).map(Supplier::get);
    }

    /** A description for messages and logs; it has no password. */
    @Override
    public String toString() {
        return "TimescaleDB " + timescaleVersion + (community ? " Community" : " Apache") + " on PostgreSQL "
                + postgresVersion + " at " + address.host() + ":" + address.port()
                + (image.isEmpty() ? "" : " from " + image);
    }

    /** Whether tests run as a role that owns its databases and is no superuser. */
    static boolean testsAsOwner() {
        String role = ROLE.value().orElse("superuser");
        return switch (role) {
            case "owner" -> true;
            case "superuser" -> false;
            default -> throw new IllegalStateException(ROLE + " is neither owner nor superuser: " + role);
        };
    }

    /** Gives a database to the role that tests have. */
    ServerAddress handOver(ServerAddress database) {
        if (!testsAsOwner()) {
            return database;
        }
        Sql.execute(
                address.dataSource(), "ALTER DATABASE " + Sql.identifier(database.database()) + " OWNER TO " + OWNER);
        return database.withRole(OWNER, OWNER_PASSWORD);
    }

    ServerAddress createDatabase(String name) {
        return withExtension(createEmptyDatabase(name));
    }

    ServerAddress createDatabase(String name, String tablespace) {
        return createDatabaseWith(name, "TABLESPACE " + Sql.identifier(tablespace));
    }

    /** A database with the extension, and with options of CREATE DATABASE. */
    ServerAddress createDatabaseWith(String name, String options) {
        return withExtension(createEmptyDatabase(name, " " + options));
    }

    private ServerAddress withExtension(ServerAddress database) {
        // In a session of its own, because a version of the extension's library never leaves its session.
        Sql.execute(database.dataSource(), "CREATE EXTENSION timescaledb VERSION " + Sql.literal(timescaleVersion));
        return database;
    }

    ServerAddress createEmptyDatabase(String name) {
        return createEmptyDatabase(name, "");
    }

    private ServerAddress createEmptyDatabase(String name, String options) {
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("PostgreSQL would shorten this database's name: " + name);
        }
        Sql.execute(address.dataSource(), "CREATE DATABASE " + Sql.identifier(name) + " TEMPLATE template0" + options);
        return address.withDatabase(name);
    }

    void dropDatabase(String name) {
        Sql.execute(address.dataSource(), "DROP DATABASE IF EXISTS " + Sql.identifier(name) + " WITH (FORCE)");
    }

    private static String wantedVersion(DataSource maintenance, Setting setting) {
        List<String> available = Sql.rows(
                        maintenance, "SELECT version FROM pg_available_extension_versions WHERE name = 'timescaledb'")
                .stream()
                .map(row -> row.get(0))
                .toList();
        if (available.isEmpty()) {
            throw new IllegalStateException("the server has no extension timescaledb");
        }
        String version = setting.value()
                .orElseGet(() -> Sql.present(
                        maintenance, "SELECT default_version FROM pg_available_extensions WHERE name = 'timescaledb'"));
        if (!available.contains(version)) {
            throw new IllegalStateException(setting + " is " + version + ", but the server has " + available);
        }
        return version;
    }

    /** The license is a setting of the extension's library, so only a database with the extension can tell. */
    private boolean findCommunity(Role role) {
        String name = "hf_" + role + "_edition_" + uniqueSuffix();
        try {
            DataSource trial = createDatabase(name).dataSource();
            if (!"timescale".equals(Sql.value(trial, "SELECT current_setting('timescaledb.license', true)"))) {
                return false;
            }
            Sql.execute(
                    trial,
                    "CREATE TABLE edition (at timestamptz NOT NULL)",
                    "SELECT create_hypertable('edition', 'at')",
                    "ALTER TABLE edition SET (timescaledb.compress)");
            return true;
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof SQLException sql && FEATURE_NOT_SUPPORTED.equals(sql.getSQLState())) {
                return false;
            }
            throw e;
        } finally {
            dropDatabase(name);
        }
    }

    static String uniqueSuffix() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }
}
