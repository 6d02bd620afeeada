package io.hyperferry.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.internal.jdbc.Endpoint;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What a server says while it is connected to has a remedy of its own; a pool without a connection is named as such. */
class ConnectFailureTest {
    private static final Endpoint SIDE = Endpoint.ofUrl("postgres://app@old/metrics", null, name -> null);

    @ParameterizedTest
    @CsvSource({
        "28P01, Check user and password",
        "28000, pg_hba.conf",
        "3D000, Check the database's name",
        "53300, raise max_connections",
        "57P03, Wait until the server accepts connections",
        "57014, SET statement_timeout = 0",
        "25P04, transaction_timeout",
        "42501, GRANT CONNECT ON DATABASE",
        "XX000, Check host and port"
    })
    void each_state_has_its_remedy(String state, String remedy) {
        SQLException failure =
                new PSQLException(new ServerErrorMessage("SFATAL\0C" + state + "\0Msaid by the server\0\0"));

        assertThat(ConnectFailure.of(failure, SIDE).remedy()).contains(remedy);
        assertThat(ConnectFailure.of(failure, SIDE).cause()).contains("said by the server");
    }

    @Test
    void a_pool_without_a_free_connection_is_named() {
        ConnectFailure failure = ConnectFailure.of(
                new SQLTransientConnectionException(
                        "Pool-1 - Connection is not available, request timed out after 30000ms"),
                SIDE);

        assertThat(failure.cause())
                .startsWith("the data source gave no connection: Pool-1")
                .doesNotContain("SQLState");
        assertThat(failure.remedy()).contains("connectionsRequired");
    }
}
