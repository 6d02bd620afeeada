package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "no use for 'postgres://app:hush@old:5432/metrics'",
                "postgres://app:hush/hush@hush@old/metrics and text",
                "postgresql://:hush@old",
                "jdbc:postgresql://old/metrics?user=app&password=hush&ssl=true",
                "cannot run docker run -e PGPASSWORD=hush image"
            })
    void passwords_become_stars(String text) {
        assertThat(Secrets.masked(text)).contains("***").doesNotContain("hush");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"postgres://app@old:5432/metrics", "docker run -e PGPASSWORD image", "https://host:80/a b@c"})
    void the_rest_stays(String text) {
        assertThat(Secrets.masked(text)).isEqualTo(text);
    }
}
