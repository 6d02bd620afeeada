package io.hyperferry.testkit.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/** A TimescaleDB server in a container, which lives until the JVM ends. */
public final class ServerContainer {

    /** The label of every container of the testkit; its value is the role. */
    public static final String LABEL = "io.hyperferry.testkit";

    private static final int PORT = 5432;
    private static final String DATABASE = "postgres";
    private static final String USER = "postgres";
    private static final String PASSWORD = "hyperferry";
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long SHARED_MEMORY = 512L << 20;

    // Nothing here has to survive a crash of the machine. Every database with the extension takes a background
    // worker for its scheduler, and one more for each running job. Locks are as many as PostgreSQL has by default
    // (some images have more), so that a test notices what would exhaust them.
    private static final List<String> SETTINGS = List.of(
            "fsync=off",
            "full_page_writes=off",
            "max_wal_size=4GB",
            "shared_buffers=256MB",
            "max_connections=200",
            "max_worker_processes=32",
            "max_locks_per_transaction=64",
            "timescaledb.max_background_workers=16",
            "timescaledb.telemetry_level=off");

    private ServerContainer() {}

    /**
     * A server that was started.
     *
     * @param address where it answers
     * @param log gives what it has written to its log until now
     */
    public record Started(ServerAddress address, Supplier<String> log) {}

    /**
     * Starts a server and waits until it answers.
     *
     * @param image the Docker image, which understands the variables of the published PostgreSQL images
     * @param role what the server is for, as a label
     * @throws ContainerLaunchException when it does not answer within two minutes
     */
    public static Started start(String image, String role) {
        GenericContainer<?> container = container(image, role);
        container.start();
        return new Started(address(container), container::getLogs);
    }

    /** A container that is not started yet. */
    static GenericContainer<?> container(String image, String role) {
        List<String> command = new ArrayList<>(List.of("postgres"));
        SETTINGS.forEach(setting -> command.addAll(List.of("-c", setting)));
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
                .withEnv("POSTGRES_USER", USER)
                .withEnv("POSTGRES_PASSWORD", PASSWORD)
                .withEnv("POSTGRES_DB", DATABASE)
                .withLabel(LABEL, role)
                .withExposedPorts(PORT)
                .withSharedMemorySize(SHARED_MEMORY)
                .withCommand(command.toArray(String[]::new));
        container.setWaitStrategy(new Answers(container).withStartupTimeout(START));
        // Testcontainers' own clean-up needs its helper container, which not every machine can run.
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "hyperferry-stop-" + role));
        return container;
    }

    /**
     * Starts a container of the image that does nothing but wait for {@code docker exec}, on the host's network.
     *
     * @return its id
     */
    public static String startTools(String image, String role) {
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
                .withLabel(LABEL, role + "-tools")
                .withNetworkMode("host")
                .withCommand("sleep", "infinity");
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "hyperferry-stop-" + role + "-tools"));
        container.start();
        return container.getContainerId();
    }

    static ServerAddress address(GenericContainer<?> container) {
        return new ServerAddress(container.getHost(), container.getMappedPort(PORT), DATABASE, USER, PASSWORD);
    }

    /** Waits until a query is answered. */
    static void awaitAnswer(GenericContainer<?> container, ServerAddress address) {
        long start = System.nanoTime();
        DataSource database = address.dataSource();
        while (true) {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
                return;
            } catch (SQLException e) {
                if (!container.isRunning()) {
                    throw new ContainerLaunchException("the server ended while it started", e);
                }
                if (System.nanoTime() - start > START.toNanos()) {
                    throw new ContainerLaunchException("the server does not answer after " + START, e);
                }
            }
            pause();
        }
    }

    static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ContainerLaunchException("interrupted while a server starts or ends", e);
        }
    }

    /**
     * Ready means that a query over TCP is answered. The published images start a first server for their
     * set-up and stop it again, so neither a line in the log nor an open port tells.
     */
    private static final class Answers extends AbstractWaitStrategy {

        private final GenericContainer<?> container;

        Answers(GenericContainer<?> container) {
            this.container = container;
        }

        @Override
        protected void waitUntilReady() {
            awaitAnswer(container, address(container));
        }
    }
}
