package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.CompressedRelation.Layout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compressed tuples are copied by the names of their columns; what else differs is a whole sentence. */
class LayoutDifferenceTest {
    private static final Column COUNT = Column.of("_ts_meta_count", "integer");
    private static final Column DEVICE = Column.of("device", "integer");
    private static final Column LEVEL = Column.of("level", "_timescaledb_internal.compressed_data");
    private static final Layout SOURCE = new Layout(List.of(COUNT, DEVICE, LEVEL), "{device} {time}");

    @Test
    void the_order_of_columns_does_not_matter() {
        assertThat(LayoutDifference.between(SOURCE, new Layout(List.of(LEVEL, COUNT, DEVICE), "{device} {time}")))
                .isEmpty();
    }

    @Test
    void columns_that_one_side_lacks_are_named_with_their_types() {
        assertThat(LayoutDifference.between(
                        SOURCE, new Layout(List.of(COUNT, Column.of("device", "bigint"), LEVEL), "{device} {time}")))
                .hasValue("the target's compressed relation lacks device integer and has in addition device bigint");
    }

    @Test
    void other_settings_are_a_reason_of_their_own() {
        assertThat(LayoutDifference.between(SOURCE, new Layout(SOURCE.columns(), "{device} {time desc}")))
                .hasValue("the target's server orders or groups compressed rows otherwise");
    }
}
