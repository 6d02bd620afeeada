package io.hyperferry.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlsTest {
    @Test
    void a_libpq_url_becomes_a_jdbc_url() {
        Urls.Parsed parsed =
                Urls.parse("postgres://me:p%40ss+%2F@db.example:6432/metrics?sslmode=require&application_name=x");

        assertThat(parsed.jdbc())
                .isEqualTo("jdbc:postgresql://db.example:6432/metrics?sslmode=require&ApplicationName=x");
        assertThat(parsed.user()).isEqualTo("me");
        assertThat(parsed.password()).isEqualTo("p@ss+/");
    }

    @Test
    void a_jdbc_url_gives_up_its_credentials() {
        Urls.Parsed parsed = Urls.parse("jdbc:postgresql://h/d?user=me&ssl=true&password=secret");

        assertThat(parsed.jdbc()).isEqualTo("jdbc:postgresql://h/d?ssl=true");
        assertThat(parsed.user()).isEqualTo("me");
        assertThat(parsed.password()).isEqualTo("secret");
        assertThat(parsed.toString()).isEqualTo("h/d");
    }

    @Test
    void a_plus_sign_is_itself_for_libpq_and_a_space_for_jdbc() {
        Urls.Parsed libpq = Urls.parse("postgres://a+b:c+d@h/e+f?options=-c%20x+y&keepalives=0");

        assertThat(libpq.user()).isEqualTo("a+b");
        assertThat(libpq.password()).isEqualTo("c+d");
        assertThat(libpq.jdbc()).isEqualTo("jdbc:postgresql://h/e%2Bf?options=-c%20x%2By&tcpKeepAlive=false");
        Urls.Parsed jdbc = Urls.parse("jdbc:postgresql://h/d?user=a+b&password=c%2Bd");
        assertThat(jdbc.user()).isEqualTo("a b");
        assertThat(jdbc.password()).isEqualTo("c+d");
    }

    @Test
    void several_hosts_and_a_missing_password_are_fine() {
        assertThat(Urls.parse("postgresql://me@a:1,b:2/d").jdbc()).isEqualTo("jdbc:postgresql://a:1,b:2/d");
        assertThat(Urls.parse("postgresql:///d").jdbc()).isEqualTo("jdbc:postgresql://localhost/d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "metrics",
                "mysql://h/d",
                "postgres://h",
                "postgres://me:s3cret@h:port/d",
                "postgres://me:%s3cret@h/d"
            })
    void what_is_no_url_is_refused_without_repeating_it(String url) {
        assertThatThrownBy(() -> Urls.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("postgres://user:password@host:port/database")
                .hasMessageNotContaining("s3cret");
    }
}
