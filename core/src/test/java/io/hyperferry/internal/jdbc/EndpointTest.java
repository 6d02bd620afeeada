package io.hyperferry.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What JDBC is told and what PostgreSQL's tools are told is the same. */
class EndpointTest {
    private static final Map<String, String> VARIABLES = Map.of(
            "PGSSLMODE", "verify-full",
            "PGSSLROOTCERT", "/ca.pem",
            "PGSSLCERT", "/me.pem",
            "PGSSLKEY", "/me.key");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgres://u@h/d?sslmode=disable | sslmode='disable'",
                "postgres://u@h/d?sslmode=verify-ca&sslrootcert=/a%20b/ca.pem | sslmode='verify-ca' sslrootcert='/a b/ca.pem'",
                "postgres://u@h/d?sslrootcert=/a+b.pem | sslrootcert='/a+b.pem'",
                "postgres://u@h/d?sslmode=verify-full&sslrootcert=system | sslmode='verify-full' sslrootcert='system'",
                "postgres://u@h/d?sslmode=require&sslcert=/c&sslkey=/k | sslmode='require' sslcert='/c' sslkey='/k'",
                "postgres://u@h/d?channel_binding=require | channel_binding='require'",
                "postgres://u@h/d?options=-c%20role%3Downer | options='-c role=owner'",
                "jdbc:postgresql://h/d?user=u&ssl=true | sslmode='verify-full'",
                "jdbc:postgresql://h/d?user=u&ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory | sslmode='require'",
                "postgres://u@h/d | ''"
            })
    void tls_of_a_url_is_told_to_the_tools(String url, String told) throws SQLException {
        assertThat(conninfo(url, Map.of()))
                .isEqualTo("host='h' port='5432' dbname='d' user='u' " + (told.isEmpty() ? "" : told + " ")
                        + "application_name='hyperferry'");
    }

    @Test
    void the_environment_says_what_the_url_does_not() throws SQLException {
        Endpoint endpoint = Endpoint.ofUrl("postgres://u@h/d?sslcert=/mine", null, VARIABLES::get);

        assertThat(endpoint.toolAccessOfUrl("").conninfo())
                .contains("sslmode='verify-full' sslrootcert='/ca.pem' sslcert='/mine' sslkey='/me.key'");
        assertThat(((PGSimpleDataSource) endpoint.plainDataSource()).getUrl())
                .contains("sslmode=verify-full", "sslrootcert=%2Fca.pem", "sslcert=%2Fmine", "sslkey=%2Fme.key");
        assertThat(conninfo("jdbc:postgresql://h/d?sslmode=disable", VARIABLES)).contains("sslmode='disable'");
        assertThat(conninfo("jdbc:postgresql://h/d?ssl=true", VARIABLES)).contains("sslmode='verify-full'");
        assertThat(conninfo("postgres://h/d", Map.of("PGSSLROOTCERT", "system")))
                .contains("sslrootcert='system'");
    }

    @Test
    void names_and_addresses_of_any_form_arrive_as_they_are() throws SQLException {
        assertThat(conninfo("postgres://a%27b%5C%20%3D:p@[::1]:6432/-d%20b%3D'x+", Map.of()))
                .startsWith("host='::1' port='6432' dbname='-d b=\\'x+' user='a\\'b\\\\ ='");
        assertThat(conninfo("postgres://u@h1:1,h2:2/d", Map.of())).startsWith("host='h1,h2' port='1,2'");
    }

    @Test
    void passwords_are_apart_from_everything_that_is_shown() throws SQLException {
        Endpoint endpoint = Endpoint.ofUrl("postgres://u:s%203+cret@h/d?sslpassword=s3cret", null, name -> null);

        assertThat(endpoint.toolAccessOfUrl("").password()).isEqualTo("s 3+cret");
        assertThat(endpoint.toolAccessOfUrl("").conninfo()).doesNotContain("cret");
        assertThat(endpoint.toolAccessOfUrl("").toString()).doesNotContain("cret");
    }

    private static String conninfo(String url, Map<String, String> environment) throws SQLException {
        return Endpoint.ofUrl(url, null, environment::get).toolAccessOfUrl("").conninfo();
    }
}
