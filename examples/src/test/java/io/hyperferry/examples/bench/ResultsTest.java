package io.hyperferry.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class ResultsTest {
    @Test
    void a_median_is_the_figure_in_the_middle_or_the_mean_of_two() {
        assertThat(Results.median(3)).isEqualTo(3);
        assertThat(Results.median(9, 1, 5)).isEqualTo(5);
        assertThat(Results.median(4, 1, 100, 2)).isEqualTo(3);
        assertThatIllegalArgumentException().isThrownBy(Results::median);
    }

    @Test
    void medians_and_their_ratios_do_not_follow_outliers() {
        Results results = Measurements.threeRounds();

        assertThat(results.rounds()).isEqualTo(3);
        assertThat(results.ways()).containsExactly(Way.values());
        assertThat(results.median(Way.PSQL, Measurement::comparableSeconds)).isEqualTo(2 + 1);
        assertThat(results.ratio(Way.ROWS, Way.PSQL, Measurement::comparableSeconds))
                .hasValueSatisfying(it -> assertThat(it).isCloseTo(4 / 3.0, Assertions.within(1e-9)));
    }

    @Test
    void there_is_no_ratio_to_what_was_not_measured() {
        Results results = new Results();
        results.add(Measurements.of(Way.ROWS, 1, 5));

        assertThat(results.ratio(Way.ROWS, Way.PSQL, Measurement::comparableSeconds))
                .isEmpty();
        assertThat(results.ratio(Way.ROWS, Way.ROWS, Measurement::comparableSeconds))
                .hasValue(1.0);
    }
}
