package io.hyperferry.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRangeTest {

    @ParameterizedTest
    @CsvSource({
        "2.22+, 2.22.0, true",
        "2.22+, 2.21.4, false",
        "2.22+, 2.100.0, true",
        "2.22+, 3.0.0, true",
        "2.22+, 1.99.0, false",
        "2.22+, 2.22.0-dev, true",
        "<2.22, 2.21.4, true",
        "<2.22, 2.22.0, false",
        "<2.22, 2.9.1, true",
        "<2.22, 1.30.0, true",
        "<2.22, 3.0.0, false",
        "2.19, 2.19.3, true",
        "2.19, 2.19, true",
        "2.19, 2.18.2, false",
        "2.19, 2.20.0, false",
        "2.19, 3.19.0, false",
        "2.1, 2.19.3, false",
    })
    void contains_the_versions_it_names(String range, String version, boolean contained) {
        assertThat(VersionRange.parse(range).contains(version)).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.22+", "<2.22", "2.19"})
    void reads_as_it_was_written(String range) {
        assertThat(VersionRange.parse(range)).hasToString(range);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "2.19.3", ">=2.22", ">2.22", "<2.22+", "2.22 +", "2.x", "latest"})
    void refuses_every_other_form(String range) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VersionRange.parse(range))
                .withMessageContaining("'" + range + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "two.nine", "2.19rc1"})
    void refuses_what_is_no_version(String version) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VersionRange.parse("2.19").contains(version))
                .withMessageContaining("'" + version + "'");
    }
}
