package io.hyperferry.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.TestCatalogs;
import org.junit.jupiter.api.Test;

class TimeTypeTest {
    @Test
    void literals_are_exact_to_the_microsecond_and_in_utc() {
        assertThat(TimeType.TIMESTAMPTZ.literal(TestCatalogs.NEW_YEAR))
                .isEqualTo("TIMESTAMPTZ '2026-01-01 00:00:00+00'");
        assertThat(TimeType.TIMESTAMPTZ.literal(TestCatalogs.NEW_YEAR - 1))
                .isEqualTo("TIMESTAMPTZ '2025-12-31 23:59:59.999999+00'");
        assertThat(TimeType.TIMESTAMP.literal(-1)).isEqualTo("TIMESTAMP '1969-12-31 23:59:59.999999'");
        assertThat(TimeType.DATE.literal(-TimeType.DAY_MICROS)).isEqualTo("DATE '1969-12-31'");
        assertThat(TimeType.INTEGER.literal(-42)).isEqualTo("-42");
    }

    @Test
    void a_bound_within_a_day_leaves_that_day_below_it() {
        assertThat(TimeType.DATE.literal(TestCatalogs.NEW_YEAR + 1)).isEqualTo("DATE '2026-01-02'");
        assertThat(TimeType.DATE.literal(TestCatalogs.NEW_YEAR)).isEqualTo("DATE '2026-01-01'");
        assertThat(TimeType.DATE.literal(-1)).isEqualTo("DATE '1970-01-01'");
    }

    @Test
    void years_before_christ_and_beyond_four_digits_are_spelled_as_postgres_reads_them() {
        assertThat(TimeType.TIMESTAMPTZ.literal(-210_866_803_200_000_000L))
                .isEqualTo("TIMESTAMPTZ '4714-11-24 00:00:00+00 BC'");
        assertThat(TimeType.TIMESTAMPTZ.literal(9_223_371_158_400_000_000L))
                .isEqualTo("TIMESTAMPTZ '294246-12-31 00:00:00+00'");
    }

    @Test
    void beyond_the_last_timestamp_of_timescaledb_lies_infinity() {
        assertThat(TimeType.TIMESTAMPTZ.literal(9_223_372_022_400_000_000L)).isEqualTo("TIMESTAMPTZ 'infinity'");
        assertThat(TimeType.DATE.literal(9_223_371_244_800_000_000L)).isEqualTo("DATE 'infinity'");
    }
}
