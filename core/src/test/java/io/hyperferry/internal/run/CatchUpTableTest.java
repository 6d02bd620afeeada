package io.hyperferry.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.ledger.CaughtUpQueries.Besides;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.run.CatchUpTable.Known;
import io.hyperferry.internal.verify.DigestRange;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CatchUpTableTest {
    private static final QualifiedName TABLE = QualifiedName.of("public", "t");
    private static final TimeDimension TIME = TimeDimension.of("n", "bigint", 10);
    private static final Digest ONE = digest(1);
    private static final Digest TWO = digest(2);

    private final AtomicInteger last = new AtomicInteger(100);

    @Test
    void a_chunk_keeps_the_slices_by_which_it_was_copied() {
        TableData plan = table(slice(1, "a", 0, 5), slice(2, "a", 5, 10), slice(3, "b", 10, 20));
        TableData today = table(slice(1, "a", 0, 10), slice(2, "b", 10, 20), slice(3, "c", 20, 30));

        CatchUpTable both = both(today, plan, Map.of(1, ONE, 2, TWO, 3, ONE));

        assertThat(both.now().slices())
                .extracting(Slice::position, Slice::from, Slice::to)
                .containsExactly(tuple(1, 0L, 5L), tuple(2, 5L, 10L), tuple(3, 10L, 20L), tuple(101, 20L, 30L));
        assertThat(both.changed(Map.of(1, ONE, 2, TWO, 3, ONE))).isEmpty();
        assertThat(both.changed(Map.of(1, ONE, 2, ONE, 3, ONE, 101, ONE)))
                .extracting(DigestRange::from, DigestRange::slices)
                .containsExactly(tuple(5L, List.of(2)), tuple(20L, List.of(101)));
    }

    @Test
    void slices_of_a_chunk_that_is_gone_go_together_and_only_while_something_is_there() {
        TableData plan = table(slice(1, "a", 0, 5), slice(2, "a", 5, 10), slice(3, "b", 10, 20), slice(4, "c", 20, 30));
        TableData today = table(slice(1, "c", 20, 30));

        CatchUpTable both = both(today, plan, Map.of(1, ONE, 3, ONE, 4, ONE), chunk(0, 10), chunk(10, 20));
        assertThat(both.changed(Map.of(4, ONE)))
                .extracting(DigestRange::from, DigestRange::to)
                .containsExactly(tuple(0L, 10L), tuple(10L, 20L));
        assertThat(both.changed(Map.of(4, ONE))).allMatch(both::isGone);

        assertThat(both(today, plan, Map.of(4, ONE), chunk(10, 20)).changed(Map.of(4, ONE)))
                .as("an empty chunk")
                .extracting(DigestRange::from, DigestRange::to)
                .containsExactly(tuple(10L, 20L));
        assertThat(both(today, plan, Map.of(4, ONE), chunk(20, 30)).changed(Map.of(4, ONE)))
                .isEmpty();
    }

    @Test
    void chunks_that_were_merged_move_once_and_are_known_afterwards() {
        TableData plan = table(slice(1, "a", 0, 10), slice(2, "b", 10, 20));
        TableData merged = table(slice(1, "a", 0, 20));

        CatchUpTable both = both(merged, plan, Map.of(1, ONE, 2, TWO), chunk(0, 10), chunk(10, 20));
        assertThat(both.now().slices()).extracting(Slice::position).containsExactly(101);
        assertThat(both.changed(Map.of(101, digest(3))))
                .extracting(DigestRange::from, DigestRange::to, both::isGone)
                .containsExactly(tuple(0L, 20L, false));

        Besides known = new Besides("public.t", slice(101, "a", 0, 20), digest(3));
        CatchUpTable after = CatchUpTable.of(
                merged,
                new Known(plan, Map.of(), List.of(known)),
                List.of(chunk(0, 10), chunk(10, 20)),
                last::incrementAndGet);
        assertThat(after.now().slices()).extracting(Slice::position).containsExactly(101);
        assertThat(after.changed(Map.of(101, digest(3)))).isEmpty();
    }

    @Test
    void a_new_chunk_is_copied_once_though_some_of_its_slices_are_empty() {
        TableData plan = table(slice(1, "a", 0, 10));
        TableData today =
                table(slice(1, "a", 0, 10), slice(2, "b", 10, 14), slice(3, "b", 14, 18), slice(4, "b", 18, 20));
        Map<Integer, Digest> planned = Map.of(1, ONE);

        CatchUpTable first = both(today, plan, planned);
        assertThat(first.changed(Map.of(1, ONE, 102, TWO)))
                .extracting(DigestRange::from, DigestRange::slices)
                .containsExactly(tuple(14L, List.of(102)));

        Besides noted = new Besides("public.t", slice(102, "b", 14, 18), TWO);
        CatchUpTable second =
                CatchUpTable.of(today, new Known(plan, planned, List.of(noted)), List.of(), last::incrementAndGet);
        assertThat(second.now().slices()).extracting(Slice::position).containsExactly(1, 104, 102, 105);
        assertThat(second.changed(Map.of(1, ONE, 102, TWO))).isEmpty();
        assertThat(second.changed(Map.of(1, ONE, 102, TWO, 105, ONE)))
                .extracting(DigestRange::from, DigestRange::slices)
                .containsExactly(tuple(18L, List.of(105)));
    }

    @Test
    void a_chunk_of_a_hash_partition_moves_with_those_that_share_its_time() {
        TableData plan = table(slice(1, "a", 0, 10), slice(2, "b", 0, 10), slice(3, "c", 10, 20));

        CatchUpTable both = both(plan, plan, Map.of(1, ONE, 2, ONE, 3, ONE));

        assertThat(both.changed(Map.of(1, ONE, 2, TWO, 3, ONE)))
                .extracting(DigestRange::slices)
                .containsExactly(List.of(1, 2));
    }

    @Test
    void a_plain_table_is_one_whatever_it_was_copied_by() {
        TableData plan = new TableData(TABLE, List.of(), null, List.of(pages(1, 0, 10), pages(2, 10, Long.MAX_VALUE)));
        TableData today = new TableData(TABLE, List.of(), null, List.of(pages(1, 0, Long.MAX_VALUE)));

        CatchUpTable both = both(today, plan, Map.of(1, ONE, 2, TWO));

        assertThat(both.now().slices()).singleElement().satisfies(it -> {
            assertThat(it.position()).isEqualTo(1);
            assertThat(it.mode()).isEqualTo(Slice.Mode.WHOLE);
        });
        assertThat(both.changed(Map.of(1, ONE.plus(TWO)))).isEmpty();
        assertThat(both.changed(Map.of(1, ONE))).extracting(DigestRange::slices).containsExactly(List.of(1, 2));
    }

    private CatchUpTable both(TableData today, TableData plan, Map<Integer, Digest> planned, Chunk... chunks) {
        return CatchUpTable.of(today, new Known(plan, planned, List.of()), List.of(chunks), last::incrementAndGet);
    }

    private static TableData table(Slice... slices) {
        return new TableData(TABLE, List.of(), TIME, List.of(slices));
    }

    private static Slice slice(int position, String chunk, long from, long to) {
        return slice(position, Slice.Mode.ROWS, QualifiedName.of("public", chunk), from, to);
    }

    private static Slice pages(int position, long from, long to) {
        return slice(position, Slice.Mode.CTID, null, from, to);
    }

    private static Slice slice(int position, Slice.Mode mode, @Nullable QualifiedName chunk, long from, long to) {
        return new Slice(position, mode, chunk, from, to, false, 0, 0);
    }

    private static Chunk chunk(long from, long to) {
        return new Chunk(
                QualifiedName.of("public", "theirs_" + from), 0, List.of(new DimensionRange("n", from, to)), 0, 0, 0);
    }

    private static Digest digest(long sum) {
        return new Digest(sum, BigDecimal.valueOf(sum));
    }
}
