package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.catalog.ContinuousAggregate.Invalidation;
import io.hyperferry.catalog.ContinuousAggregate.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RefreshableTest {
    private static final Invalidation ALL = new Invalidation(Long.MIN_VALUE, Long.MAX_VALUE);

    @Test
    void what_was_dropped_is_not_refreshed() {
        assertThat(of(100, range(20, 29), range(50, 59)).within(List.of(ALL)))
                .containsExactly(range(20, 29), range(50, 59), new Invalidation(100, Long.MAX_VALUE));
    }

    @Test
    void nothing_below_the_watermark_is_refreshed_when_no_chunk_is_left() {
        assertThat(of(100).within(List.of(ALL))).containsExactly(new Invalidation(100, Long.MAX_VALUE));
    }

    @Test
    void everything_is_refreshed_where_nothing_was_materialized() {
        assertThat(Refreshable.of(State.NEW).within(List.of(ALL))).containsExactly(ALL);
    }

    @Test
    void exactly_what_asked_for_it_and_is_covered_is_refreshed() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            List<Invalidation> covered = ranges(random, 60);
            List<Invalidation> asked = ranges(random, 90);

            List<Invalidation> refreshed =
                    of(70, covered.toArray(Invalidation[]::new)).within(asked);

            for (long moment = 0; moment < 120; moment++) {
                assertThat(covers(refreshed, moment))
                        .as("seed %d, round %d, moment %d", seed, round, moment)
                        .isEqualTo(covers(asked, moment) && (moment >= 70 || covers(covered, moment)));
            }
            assertThat(Invalidation.merge(refreshed)).isEqualTo(refreshed);
        }
    }

    @Test
    void looking_again_at_more_is_as_good_as_long_as_it_loses_nothing() {
        State expected = state(range(30, 39));

        assertThat(Refreshable.isAsGood(expected, state(range(30, 39)))).isTrue();
        assertThat(Refreshable.isAsGood(expected, state(range(20, 49)))).isTrue();
        assertThat(Refreshable.isAsGood(expected, state(range(30, 35)))).isFalse();
        assertThat(Refreshable.isAsGood(expected, state(range(30, 39), range(60, 69))))
                .as("a range whose raw data is gone")
                .isFalse();
    }

    private static State state(Invalidation... invalid) {
        return new State(100L, 100L, List.of(invalid), List.of(range(20, 49)));
    }

    private static List<Invalidation> ranges(Random random, int end) {
        List<Invalidation> ranges = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            long lowest = random.nextInt(end);
            ranges.add(range(lowest, lowest + random.nextInt(20)));
        }
        return ranges;
    }

    private static boolean covers(List<Invalidation> ranges, long moment) {
        return ranges.stream().anyMatch(it -> it.lowest() <= moment && moment <= it.greatest());
    }

    private static Invalidation range(long lowest, long greatest) {
        return new Invalidation(lowest, greatest);
    }

    private static Refreshable of(long watermark, Invalidation... covered) {
        return Refreshable.of(new State(watermark, watermark, List.of(), List.of(covered)));
    }
}
