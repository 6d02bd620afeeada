package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {
    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.0 kB", "104857600, 100 MB", "9223372036854775807, 8.0 EB"})
    void bytes(long bytes, String text) {
        assertThat(Amounts.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0:00:00", "PT62.9S, 0:01:02", "PT50H, 50:00:00"})
    void clock(Duration duration, String text) {
        assertThat(Amounts.clock(duration)).isEqualTo(text);
    }
}
