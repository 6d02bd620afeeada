package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MomentConverterTest {
    @ParameterizedTest
    @CsvSource({
        "2026-01-01, 2026-01-01T00:00:00Z",
        "2026-01-01T12:30:00Z, 2026-01-01T12:30:00Z",
        "2026-01-01T12:30:00.123456+02:00, 2026-01-01T10:30:00.123456Z",
        "2026-01-01T12:30-05:00, 2026-01-01T17:30:00Z",
    })
    void a_moment_has_an_offset_or_is_the_midnight_of_a_date(String text, Instant moment) {
        assertThat(new MomentConverter().convert(text)).isEqualTo(moment);
    }
}
