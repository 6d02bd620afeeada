package io.hyperferry.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

    @Test
    void reads_every_part_of_a_url() {
        assertThat(ServerAddress.parse("postgres://me:secret@db.example:5433/metrics"))
                .isEqualTo(new ServerAddress("db.example", 5433, "metrics", "me", "secret"));
    }

    @Test
    void knows_the_default_port_and_the_long_scheme() {
        assertThat(ServerAddress.parse("postgresql://me@db.example/metrics"))
                .isEqualTo(new ServerAddress("db.example", 5432, "metrics", "me", ""));
    }

    @Test
    void escapes_what_it_reads_back() {
        ServerAddress address = new ServerAddress("db.example", 5433, "my metrics", "me@home", "a+b/c:d%e f");

        assertThat(ServerAddress.parse(address.url())).isEqualTo(address);
    }

    @Test
    void keeps_credentials_out_of_the_jdbc_url_and_of_its_text() {
        ServerAddress address = new ServerAddress("db.example", 5433, "metrics", "me", "secret");

        assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:5433/metrics");
        assertThat(address).hasToString("db.example:5433/metrics");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "db.example:5433/metrics",
                "mysql://me:secret@db.example/metrics",
                "postgres://db.example/metrics",
                "postgres://me:secret@db.example",
                "postgres://me:secret@db.example/",
                "postgres://me:secret@db.example/metrics?sslmode=require",
                "postgres://me:secret word@db.example/metrics",
            })
    void refuses_other_urls_without_showing_them(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse(url))
                .withMessageNotContaining("secret")
                .withNoCause();
    }
}
