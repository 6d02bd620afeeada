package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.catalog.Version;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.schema.SchemaDump;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A source that lets a role in with a certificate alone: JDBC and pg_dump check the server's, and show theirs, or neither connects. */
@ExtendWith(TimescaleExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@AnyEdition
class TlsIT {
    private static final String ROLE = "hftls";

    private TestDatabase from;
    private TestDatabase on;
    private Certificates ours;
    private Certificates others;
    private String url;

    @BeforeAll
    void serve(@Source TestDatabase source, @Target TestDatabase target, @TempDir Path directory)
            throws IOException, InterruptedException {
        from = source.createSibling("tls");
        on = target;
        ours = new Certificates(Files.createDirectory(directory.resolve("ours")));
        others = new Certificates(Files.createDirectory(directory.resolve("others")));
        ours.sign(from.host());
        ours.sign(ROLE);
        from.createRole(ROLE, "LOGIN");
        TestDatabase superuser = from.superuser();
        superuser.execute(
                "ALTER DATABASE \"" + from.name() + "\" OWNER TO " + ROLE,
                "SET ROLE " + ROLE,
                "CREATE TABLE notes (id int)",
                "INSERT INTO notes SELECT generate_series(1, 10)");
        String hba = String.valueOf(superuser.value("SHOW hba_file"));
        put(superuser, ours.file(from.host() + ".pem"), "hf_server.pem");
        put(superuser, ours.file(from.host() + ".key"), "hf_server.key");
        put(superuser, ours.authority(), "hf_ca.pem");
        superuser.execute(
                "ALTER SYSTEM SET ssl_cert_file = '/tmp/hf_server.pem'",
                "ALTER SYSTEM SET ssl_key_file = '/tmp/hf_server.key'",
                "ALTER SYSTEM SET ssl_ca_file = '/tmp/hf_ca.pem'",
                "ALTER SYSTEM SET ssl = on",
                "COPY (SELECT 'hostssl all " + ROLE + " all cert' UNION ALL SELECT 'host all " + ROLE
                        + " all reject') TO PROGRAM 'cat - \"" + hba + "\" > /tmp/hf_hba && cat /tmp/hf_hba > \"" + hba
                        + "\"'",
                "SELECT pg_reload_conf()");
        Awaitility.await().until(() -> "on".equals(superuser.value("SHOW ssl")));
        url = "postgres://" + ROLE + "@" + from.host() + ":" + from.port() + "/" + from.name()
                + "?sslmode=verify-full&sslcert=" + ours.file(ROLE + ".pem") + "&sslkey=" + ours.file(ROLE + ".key")
                + "&sslrootcert=";
    }

    /** Others' tests use the same server. */
    @AfterAll
    void serveAsBefore() {
        TestDatabase superuser = from.superuser();
        superuser.execute(
                "ALTER SYSTEM RESET ssl",
                "ALTER SYSTEM RESET ssl_cert_file",
                "ALTER SYSTEM RESET ssl_key_file",
                "ALTER SYSTEM RESET ssl_ca_file",
                "COPY (SELECT 1) TO PROGRAM 'sed -i /" + ROLE + "/d \"" + superuser.value("SHOW hba_file") + "\"'",
                "SELECT pg_reload_conf()");
        Awaitility.await().until(() -> "off".equals(superuser.value("SHOW ssl")));
    }

    private static void put(TestDatabase superuser, Path file, String name) throws IOException {
        superuser.execute("COPY (SELECT unnest(string_to_array('" + Files.readString(file) + "', E'\\n')))"
                + " TO PROGRAM 'umask 077; cat > /tmp/" + name + "'");
    }

    @Test
    void a_server_that_is_known_is_read_by_both() {
        TestDatabase to = on.createSibling("tls");

        MigrationReport report = Migration.from(url + ours.authority())
                .to(to.url())
                .pgTools(tools(ours))
                .run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.count("SELECT count(*) FROM notes")).isEqualTo(10);
    }

    @Test
    void an_authority_or_a_host_name_that_is_another_is_refused_before_anything_is_read() throws IOException {
        String address = InetAddress.getByName(from.host()).getHostAddress();
        for (String wrong : List.of(
                url + others.authority(),
                url.replace("@" + from.host() + ":", "@" + address + ":") + ours.authority())) {
            PreflightException refused = catchThrowableOfType(
                    PreflightException.class,
                    () -> Migration.from(wrong)
                            .to(on.url())
                            .pgTools(tools(ours))
                            .run());

            assertThat(refused.problems()).singleElement().satisfies(it -> {
                assertThat(it.code()).isEqualTo(Problem.Code.SOURCE_UNREACHABLE);
                assertThat(it.remedy()).contains("sslrootcert", "host name");
            });
        }
        assertThat(Migrations.isUntouched(on)).isTrue();
    }

    @Test
    void so_it_is_where_pg_dump_sees_other_files() {
        PreflightException refused = catchThrowableOfType(
                PreflightException.class,
                () -> Migration.from(url + ours.authority())
                        .to(on.url())
                        .pgTools(tools(others))
                        .run());

        assertThat(refused.problems())
                .filteredOn(Problem::blocks)
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.code()).isEqualTo(Problem.Code.TOOL_CANNOT_CONNECT);
                    assertThat(it.message()).contains("ca.pem");
                });
        assertThat(Migrations.isUntouched(on)).isTrue();
    }

    @Test
    void pg_dump_checks_authority_and_host_name_by_itself() throws SQLException, IOException {
        String address = InetAddress.getByName(from.host()).getHostAddress();

        assertThat(reaching(url + ours.authority())).isEmpty();
        assertThat(reaching(url + others.authority())).singleElement().satisfies(it -> {
            assertThat(it.code()).isEqualTo(Problem.Code.TOOL_CANNOT_CONNECT);
            assertThat(it.message()).contains("certificate verify failed");
        });
        assertThat(reaching(url.replace("@" + from.host() + ":", "@" + address + ":") + ours.authority()))
                .singleElement()
                .satisfies(it -> assertThat(it.message()).contains("does not match host name"));
    }

    private List<Problem> reaching(String source) throws SQLException {
        return new SchemaDump(
                        tools(ours, others), Database.of(source).endpoint().toolAccessOfUrl(""), new Cancellation())
                .problems(Version.parse(from.server().postgresVersion()));
    }

    /** The tools in a container that has these files, or, where none is used, as they are. */
    private PgTools tools(Certificates... mounted) {
        List<String> command = new ArrayList<>(from.server().toolPrefix());
        if (command.isEmpty()) {
            return PgTools.onPath();
        }
        for (Certificates certificates : mounted) {
            Path directory = certificates.authority().getParent();
            command.addAll(command.size() - 1, List.of("-v", directory + ":" + directory + ":ro"));
        }
        return PgTools.command(command.toArray(String[]::new));
    }
}
