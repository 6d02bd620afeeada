package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A side that cannot be connected to is reported with what happened and what to do about just that. */
@ExtendWith(TimescaleExtension.class)
class ConnectFailureIT {
    @Test
    void a_host_that_nobody_knows(@Target TestDatabase target) {
        requireFailure(
                "postgres://u:s3cret@no-such-host.invalid/d",
                target,
                "host name is not known here: no-such-host.invalid",
                "Check the host");
    }

    @Test
    void a_port_at_which_nobody_listens(@Target TestDatabase target) {
        requireFailure(
                "postgres://u:s3cret@localhost:1/d", target, "nothing accepts connections there", "listen_addresses");
    }

    @Test
    void a_host_that_never_answers(@Target TestDatabase target) throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            requireFailure(
                    "postgres://u:s3cret@127.0.0.1:" + silent.getLocalPort() + "/d?connect_timeout=1",
                    target,
                    "nothing answered in time",
                    "connect_timeout");
        }
    }

    @Test
    void no_password(@Source TestDatabase source, @Target TestDatabase target) {
        requireFailure(
                source.url().replace(":" + source.password() + "@", "@"),
                target,
                "asks for a password, and none was given",
                "PGPASSWORD");
    }

    @Test
    void a_wrong_password(@Source TestDatabase source, @Target TestDatabase target) {
        requireFailure(
                source.url().replace(":" + source.password() + "@", ":s3cret@"),
                target,
                "28P01",
                "Check user and password");
    }

    @Test
    void a_database_that_is_not_there(@Source TestDatabase source, @Target TestDatabase target) {
        requireFailure(
                source.url().replace("/" + source.name(), "/no_such"), target, "no_such", "Check the database's name");
    }

    @Test
    void tls_that_the_server_does_not_have(@Source TestDatabase source, @Target TestDatabase target) {
        requireFailure(source.url() + "?sslmode=require", target, "the server has no TLS", "sslmode=prefer");
    }

    private static void requireFailure(String url, TestDatabase target, String message, String remedy) {
        PreflightException refused = catchThrowableOfType(
                PreflightException.class,
                () -> Migration.from(url).to(target.url()).plan());

        assertThat(refused).isNotNull();
        assertThat(refused.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(Problem.Code.SOURCE_UNREACHABLE);
            assertThat(problem.message()).contains(message);
            assertThat(problem.remedy()).contains(remedy);
            assertThat(problem.toString()).doesNotContain("s3cret");
        });
    }
}
