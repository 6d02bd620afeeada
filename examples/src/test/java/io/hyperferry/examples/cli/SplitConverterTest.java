package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SplitConverterTest {
    @ParameterizedTest
    @CsvSource({
        "90s, PT90S",
        "30m, PT30M",
        "12h, PT12H",
        "1d, PT24H",
        "2W, PT336H",
        "PT6H, PT6H",
        "p1d, PT24H",
        "+1d, PT24H"
    })
    void both_spellings(String typed, Duration meant) {
        assertThat(new SplitConverter().convert(typed)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0d", "-1d", "PT0S", "-PT6H"})
    void what_is_not_longer_than_zero_is_refused(String typed) {
        assertThatThrownBy(() -> new SplitConverter().convert(typed))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + typed + "' is not longer than zero");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "d", "1y", "1.5d", "one day", "1d2h", "9999999999999999999d"})
    void what_is_no_duration_is_refused_with_examples(String typed) {
        assertThatThrownBy(() -> new SplitConverter().convert(typed))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + typed + "' is not a duration")
                .hasMessageContaining("1d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999999999999w", "PT9999999999999999999S"})
    void what_no_duration_can_hold_is_refused(String typed) {
        assertThatThrownBy(() -> new SplitConverter().convert(typed)).isInstanceOf(TypeConversionException.class);
    }
}
