package io.hyperferry.internal.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.Slice;
import io.hyperferry.Slice.SpaceRange;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.Dimension.HashDimension;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.QualifiedName;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkBoxesTest {
    private static final HashDimension DEVICE = new HashDimension("device", "integer", 2, null);
    private static final long MIN = Long.MIN_VALUE;
    private static final long MAX = Long.MAX_VALUE;

    @Test
    void slices_of_a_chunk_are_its_box_together() {
        ChunkBoxes boxes = ChunkBoxes.of(table(slice("a", 0, 5), slice("a", 5, 10), slice("b", 10, 20)));

        assertThat(boxes.hasPlanned(chunk("a", 0, 10))).isTrue();
        assertThat(boxes.hasPlanned(chunk("a", 0, 5))).isFalse();
        assertThat(boxes.hasPlanned(chunk("c", 0, 10))).isFalse();
    }

    @Test
    void halves_and_sums_of_planned_chunks_are_covered_and_what_reaches_beyond_them_is_not() {
        ChunkBoxes boxes = ChunkBoxes.of(table(slice("a", 0, 10), slice("b", 10, 20), slice("c", 30, 40)));

        assertThat(boxes.cover(chunk("x", 5, 10))).isTrue();
        assertThat(boxes.cover(chunk("a", 0, 20))).isTrue();
        assertThat(boxes.cover(chunk("x", 5, 15))).isTrue();
        assertThat(boxes.cover(chunk("b", 10, 40))).isFalse();
        assertThat(boxes.cover(chunk("x", 20, 30))).isFalse();
        assertThat(boxes.cover(chunk("x", 39, 41))).isFalse();
    }

    @Test
    void every_hash_partition_has_to_be_covered_for_all_of_the_time() {
        ChunkBoxes boxes = ChunkBoxes.of(
                table(hashed("a", 0, 10, MIN, 100), hashed("b", 0, 10, 100, MAX), hashed("c", 10, 20, MIN, 100)));

        assertThat(boxes.cover(chunk("x", 0, 20, MIN, 100))).isTrue();
        assertThat(boxes.cover(chunk("x", 0, 10, MIN, MAX))).isTrue();
        assertThat(boxes.cover(chunk("x", 0, 20, 50, 101))).isFalse();
        assertThat(boxes.hasPlanned(chunk("a", 0, 10, MIN, MAX))).isFalse();
    }

    @Test
    void time_that_is_not_copied_needs_no_slice() {
        TableData table = table(slice("a", 5, 10));
        TableData window = new TableData(
                table.table(),
                List.of(),
                table.time(),
                table.slices(),
                false,
                List.of(),
                5,
                10,
                List.of(),
                0,
                List.of());

        assertThat(ChunkBoxes.of(window).cover(chunk("x", 0, 20))).isTrue();
        assertThat(ChunkBoxes.of(window).hasPlanned(chunk("a", 0, 20))).isTrue();
        assertThat(ChunkBoxes.of(window).cover(chunk("x", 10, 20))).isTrue();
        assertThat(ChunkBoxes.of(table).cover(chunk("x", 0, 20))).isFalse();
    }

    private static TableData table(Slice... slices) {
        return new TableData(
                QualifiedName.of("public", "t"), List.of(), TimeDimension.of("time", "bigint", 10), List.of(slices));
    }

    private static Slice slice(String chunk, long from, long to) {
        return new Slice(1, Slice.Mode.ROWS, QualifiedName.of("s", chunk), from, to, true, 0, 0);
    }

    private static Slice hashed(String chunk, long from, long to, long hashFrom, long hashTo) {
        return slice(chunk, from, to).withSpace(List.of(new SpaceRange(DEVICE, hashFrom, hashTo)));
    }

    private static Chunk chunk(String name, long from, long to) {
        return new Chunk(QualifiedName.of("s", name), 1, List.of(new DimensionRange("time", from, to)), 0, 0, 0);
    }

    private static Chunk chunk(String name, long from, long to, long hashFrom, long hashTo) {
        return new Chunk(
                QualifiedName.of("s", name),
                1,
                List.of(new DimensionRange("time", from, to), new DimensionRange("device", hashFrom, hashTo)),
                0,
                0,
                0);
    }
}
