package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizeConverterTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "4096, 4096",
        "512B, 512",
        "500k, 500000",
        "500kB, 500000",
        "500KiB, 512000",
        "20MB, 20000000",
        "20 mb, 20000000",
        "64MiB, 67108864",
        "1.5M, 1500000",
        "1GiB, 1073741824",
        "3g, 3000000000",
        "2TB, 2000000000000",
        "1TiB, 1099511627776",
        "9223372036854775807, 9223372036854775807"
    })
    void every_spelling(String typed, long bytes) {
        assertThat(new SizeConverter().convert(typed)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "k", "MB", "fast", "-1", "+1k", "1,5MB", "1.MB", "20MB/s", "1e6", "20 M B", "5ib", "1kk"})
    void what_is_no_size_is_refused_with_examples(String typed) {
        assertThatThrownBy(() -> new SizeConverter().convert(typed))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + typed + "' is no size; write 500MB, 20GB or 64MiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0kB", "0.9", "0.0001k", "9223372036854775808", "9999999999999999999k", "8388608TiB"})
    void less_than_a_byte_and_more_than_can_be_counted_is_refused(String typed) {
        assertThatThrownBy(() -> new SizeConverter().convert(typed))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + typed + "' is not a size between 1 byte and 9223372036854775807");
    }
}
