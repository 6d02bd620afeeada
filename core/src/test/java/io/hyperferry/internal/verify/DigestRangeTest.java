package io.hyperferry.internal.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.QualifiedName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DigestRangeTest {
    @Test
    void slices_of_hash_partitions_that_share_time_are_compared_together() {
        TableData table = table(slice(1, 0, 10), slice(2, 0, 10), slice(3, 10, 20), slice(4, 5, 10));

        assertThat(DigestRange.covered(table))
                .extracting(DigestRange::from, DigestRange::to, DigestRange::slices)
                .containsExactly(tuple(0L, 10L, List.of(1, 2, 4)), tuple(10L, 20L, List.of(3)));
    }

    @Test
    void covered_ranges_and_gaps_tile_all_of_time_and_hold_every_slice_once() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            List<Slice> slices = new ArrayList<>();
            int count = random.nextInt(12);
            for (int i = 1; i <= count; i++) {
                long from = random.nextInt(100);
                slices.add(slice(i, from, from + 1 + random.nextInt(20)));
            }
            if (random.nextInt(4) == 0) {
                slices.add(slice(count + 1, 90, Long.MAX_VALUE));
            }
            for (int i = slices.size() + 1; random.nextInt(4) == 0; i++) {
                slices.add(slice(i, Long.MAX_VALUE, Long.MAX_VALUE));
            }
            TableData table = table(slices.toArray(Slice[]::new));

            List<DigestRange> all = new ArrayList<>(DigestRange.covered(table));
            all.addAll(DigestRange.gaps(table));
            all.sort(Comparator.comparingLong(DigestRange::from));

            String context = "seed " + seed + ", round " + round;
            long end = Long.MIN_VALUE;
            TreeSet<Integer> positions = new TreeSet<>();
            for (DigestRange range : all) {
                assertThat(range.from()).as(context).isEqualTo(end);
                assertThat(positions.addAll(range.slices()) || range.slices().isEmpty())
                        .as(context)
                        .isTrue();
                end = range.to();
            }
            assertThat(end).as(context).isEqualTo(Long.MAX_VALUE);
            assertThat(positions).as(context).hasSize(slices.size());
        }
    }

    @Test
    void a_hypertable_without_a_chunk_may_have_no_row_anywhere() {
        assertThat(DigestRange.covered(table())).isEmpty();
        assertThat(DigestRange.gaps(table()))
                .singleElement()
                .satisfies(it -> assertThat(it.from()).isEqualTo(Long.MIN_VALUE))
                .satisfies(it -> assertThat(it.to()).isEqualTo(Long.MAX_VALUE));
    }

    @Test
    void the_range_of_the_greatest_bigint_alone_takes_in_the_gap_before_it() {
        TableData table = table(slice(1, 0, 10), slice(2, Long.MAX_VALUE, Long.MAX_VALUE));

        assertThat(DigestRange.covered(table))
                .extracting(DigestRange::from, DigestRange::to, DigestRange::slices)
                .containsExactly(tuple(0L, 10L, List.of(1)), tuple(10L, Long.MAX_VALUE, List.of(2)));
        assertThat(DigestRange.gaps(table))
                .extracting(DigestRange::from, DigestRange::to)
                .containsExactly(tuple(Long.MIN_VALUE, 0L));
    }

    private static TableData table(Slice... slices) {
        return new TableData(
                QualifiedName.of("s", "t"), List.of(), TimeDimension.of("time", "bigint", 1), List.of(slices));
    }

    private static Slice slice(int position, long from, long to) {
        return new Slice(position, Slice.Mode.ROWS, QualifiedName.of("s", "c"), from, to, true, 0, 0);
    }
}
