package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Both sides behind PgBouncer, where it is installed ({@code apt-get install pgbouncer}). */
@AnyEdition
@EnabledIf("isInstalled")
@ExtendWith(TimescaleExtension.class)
class PoolerIT {
    private static final Path PGBOUNCER = Path.of("/usr/sbin/pgbouncer");

    @TempDir
    private Path directory;

    private final List<Process> poolers = new ArrayList<>();
    private TestDatabase from;
    private TestDatabase to;

    static boolean isInstalled() {
        return Files.isExecutable(PGBOUNCER);
    }

    @BeforeEach
    void fill(@Source TestDatabase source, @Target TestDatabase target) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        from = source.createSibling("from");
        to = target.createSibling("to");
        Migrations.fillReadings(from, 3);
    }

    @AfterEach
    void end() {
        poolers.forEach(Process::destroy);
    }

    /** Puts a pooler before a database, and gives its URL. */
    private String pooled(TestDatabase database, String mode) throws IOException {
        int port = freePort();
        Path settings = Files.writeString(
                Files.createTempFile(
                        directory,
                        "pgbouncer",
                        ".ini",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"))),
                String.join(
                        "\n",
                        "[databases]",
                        database.name() + " = host=" + database.host() + " port=" + database.port() + " user="
                                + database.user() + " password=" + database.password(),
                        "[pgbouncer]",
                        "listen_addr = 127.0.0.1",
                        "listen_port = " + port,
                        "unix_socket_dir =",
                        "auth_type = any",
                        "pool_mode = " + mode,
                        "ignore_startup_parameters = extra_float_digits",
                        ""));
        List<String> command = new ArrayList<>(List.of(PGBOUNCER.toString()));
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(settings.toString());
        poolers.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("pgbouncer-" + port + ".log").toFile())
                .start());
        String url = "postgres://" + database.user() + "@127.0.0.1:" + port + "/" + database.name();
        Awaitility.await().ignoreExceptions().until(() -> {
            try (var connection = Database.of(url).endpoint().connect()) {
                return connection.isValid(1);
            }
        });
        return url;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Migration between(String source, String target) {
        return Migration.from(source).to(target).parallelism(3).pgTools(Migrations.tools(to));
    }

    @Test
    void in_session_mode_all_is_as_without() throws IOException {
        MigrationReport report =
                between(pooled(from, "session"), pooled(to, "session")).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(report.snapshots()).isEqualTo(1);
        assertThat(report.retries()).isEmpty();
    }

    @Test
    void in_transaction_mode_it_is_refused_before_anything_is_changed() throws IOException {
        String source = pooled(from, "transaction");
        String target = pooled(to, "transaction");
        Stream<Migration> all =
                Stream.of(between(source, to.url()), between(from.url(), target), between(source, target));
        for (Migration each : all.toList()) {
            PreflightException refused = catchThrowableOfType(PreflightException.class, each::run);
            assertThat(refused.problems()).extracting(Problem::code).containsOnly(Problem.Code.POOLED_BY_TRANSACTION);
            assertThat(refused).hasMessageContaining("pool_mode = session");
            assertThat(catchThrowableOfType(PreflightException.class, each::plan))
                    .isNotNull();
        }
        assertThat(Migrations.isUntouched(to)).isTrue();
    }
}
