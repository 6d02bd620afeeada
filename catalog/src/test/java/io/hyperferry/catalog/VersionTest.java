package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionTest {
    @ParameterizedTest
    @CsvSource({
        "2.19.3, 2, 19, 3",
        "17.11 (Debian 17.11-1.pgdg13+1), 17, 11, 0",
        "pg_dump (PostgreSQL) 18beta1, 18, 0, 0",
        "2.29.2-dev, 2, 29, 2",
        "PostgreSQL 16.4 on x86_64-pc-linux-gnu, 16, 4, 0",
        "18, 18, 0, 0"
    })
    void the_first_number_of_what_servers_and_tools_say_is_the_version(String text, int major, int minor, int patch) {
        assertThat(Version.parse(text)).isEqualTo(new Version(major, minor, patch));
    }

    @Test
    void a_text_without_a_number_is_refused_and_named() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Version.parse("unknown"))
                .withMessageContaining("unknown");
    }

    @Test
    void versions_are_ordered_by_number_and_not_by_text() {
        assertThat(new Version(2, 9, 3)).isLessThan(new Version(2, 10, 0));
        assertThat(new Version(2, 29, 2)).isLessThan(new Version(3, 0, 0));
        assertThat(new Version(2, 19, 2)).isLessThan(new Version(2, 19, 3));
        assertThat(new Version(2, 19, 3)).isEqualByComparingTo(Version.parse("2.19.3"));
    }

    @Test
    void at_least_counts_the_first_release_of_a_minor_version_and_not_the_last_of_the_one_before() {
        assertThat(new Version(2, 22, 0).isAtLeast(2, 22)).isTrue();
        assertThat(new Version(2, 21, 9).isAtLeast(2, 22)).isFalse();
        assertThat(new Version(3, 0, 0).isAtLeast(2, 22)).isTrue();
    }

    @Test
    void a_version_is_written_as_its_makers_write_it() {
        assertThat(new Version(2, 19, 3)).hasToString("2.19.3");
        assertThat(new Version(17, 11, 0)).hasToString("17.11");
    }
}
