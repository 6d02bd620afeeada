package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hyperferry.catalog.Dimension.HashDimension;
import io.hyperferry.catalog.Dimension.TimeDimension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HypertableTest {
    private static final QualifiedName READINGS = QualifiedName.of("public", "readings");
    private static final TimeDimension TIME = TimeDimension.of("at", "timestamp with time zone", 86_400_000_000L);
    private static final HashDimension HASH = new HashDimension("device", "integer", 4, null);

    @Test
    void a_range_that_ends_before_it_starts_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DimensionRange("at", 10, 9))
                .withMessageContaining("[10, 9)");
        assertThat(new DimensionRange("at", DimensionRange.UNBOUNDED_FROM, DimensionRange.UNBOUNDED_TO).to())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_hypertable_without_a_time_dimension_in_first_place_is_refused_and_named() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hypertable.of(READINGS, List.of(), List.of()))
                .withMessageContaining("public.readings");
        assertThatIllegalArgumentException().isThrownBy(() -> Hypertable.of(READINGS, List.of(HASH, TIME), List.of()));
        assertThat(Hypertable.of(READINGS, List.of(TIME, HASH), List.of()).time())
                .isEqualTo(TIME);
    }

    @Test
    void a_list_that_its_owner_changes_later_does_not_change_the_hypertable() {
        List<Dimension> dimensions = new ArrayList<>(List.of(TIME));
        Hypertable hypertable = Hypertable.of(READINGS, dimensions, List.of());
        dimensions.add(HASH);

        assertThat(hypertable.dimensions()).containsExactly(TIME);
    }

    @Test
    void a_chunk_is_compressed_by_its_first_status_bit_alone() {
        assertThat(chunk(0).isCompressed()).isFalse();
        assertThat(chunk(1).isCompressed()).isTrue();
        assertThat(chunk(4).isCompressed()).isFalse();
        assertThat(chunk(9).isCompressed()).isTrue();
    }

    @Test
    void generated_columns_do_not_travel() {
        Column plain = Column.of("a", "integer");
        Column generated = new Column("b", "integer", false, true, true);
        Table table = new Table(READINGS, 1, Table.Kind.PLAIN, List.of(plain, generated), 0, 0);

        assertThat(table.copiedColumns()).containsExactly(plain);
    }

    private static Chunk chunk(int status) {
        return new Chunk(READINGS, 1, List.of(), status, 0, 0);
    }
}
