package io.hyperferry.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetTest {
    @ParameterizedTest
    @CsvSource({"20000, 14", "1000000, 14", "10000000, 14", "30000000, 14", "100000, 10000", "10000, 10000"})
    void has_about_as_many_rows_as_are_asked_for(long rows, int chunks) {
        Dataset dataset = Dataset.ofRows(rows, chunks, Dataset.USUAL_METRICS);

        assertThat(dataset.rows()).isBetween(rows * 95 / 100, rows * 105 / 100);
        assertThat(dataset.chunks()).isEqualTo(chunks);
    }

    @Test
    void slices_adjoin_and_are_days() {
        assertThat(Dataset.ofRows(1000, 3, 1).slices())
                .containsExactly(
                        "2026-01-01T00:00:00Z,2026-01-02T00:00:00Z",
                        "2026-01-02T00:00:00Z,2026-01-03T00:00:00Z",
                        "2026-01-03T00:00:00Z,2026-01-04T00:00:00Z");
    }

    @Test
    void databases_of_different_data_sets_have_different_names() {
        assertThat(Dataset.ofRows(1000, 3, 1).database(false))
                .isNotEqualTo(Dataset.ofRows(1000, 3, 1).database(true))
                .isNotEqualTo(Dataset.ofRows(1000, 3, 2).database(false))
                .isNotEqualTo(Dataset.ofRows(2000, 3, 1).database(false));
    }

    @Test
    void a_chunk_has_a_row_at_least() {
        assertThatIllegalArgumentException().isThrownBy(() -> Dataset.ofRows(9, 10, 4));
    }
}
