package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.PlanOptions;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.plan.CompressedTransfer.Decision;
import io.hyperferry.internal.plan.Slicer.Piece;
import io.hyperferry.internal.sql.TimeType;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlicerTest {
    private static final int ROUNDS = 2_000;
    private static final int MOST_PIECES = 500;

    /** Chunks of all widths with gaps between them, at all places of the time line, sometimes unbounded at an end. */
    @ParameterizedTest
    @ValueSource(
            strings = {"timestamp with time zone", "timestamp without time zone", "date", "bigint", "integer", "uuid"})
    void slices_tile_the_chunks_without_gap_or_overlap(String type) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            boolean days = type.equals("date");
            long unit = days ? TimeType.DAY_MICROS : 1;
            List<Chunk> chunks = randomChunks(random, unit);
            Hypertable hypertable =
                    Hypertable.of(QualifiedName.of("s", "t"), List.of(TimeDimension.of("time", type, 1)), chunks);
            long widest = chunks.stream()
                    .map(it -> it.ranges().get(0))
                    .filter(it -> it.from() != Long.MIN_VALUE && it.to() != Long.MAX_VALUE)
                    .mapToLong(it -> it.to() - it.from())
                    .max()
                    .orElse(1);
            long width = Math.max(1, widest / (1 + random.nextInt(MOST_PIECES)));
            OptionalLong cutBy = type.equals("uuid")
                    ? OptionalLong.empty()
                    : OptionalLong.of(days ? Math.max(unit, width / unit * unit) : width);

            List<Piece> pieces = Slicer.cut(hypertable, cutBy, Decision.LATE);

            String context = "seed " + seed + ", round " + round;
            assertThat(pieces.size()).as(context).isEqualTo((int)
                    chunks.stream().mapToLong(it -> Slicer.count(it, cutBy)).sum());
            for (Chunk chunk : chunks) {
                assertTiles(chunk, pieces, cutBy, unit, context);
            }
        }
    }

    private static void assertTiles(Chunk chunk, List<Piece> all, OptionalLong width, long unit, String context) {
        List<Piece> pieces = all.stream().filter(it -> it.chunk().equals(chunk)).toList();
        DimensionRange range = chunk.ranges().get(0);
        assertThat(pieces).as(context).isNotEmpty();
        assertThat(pieces.get(0).from()).as(context).isEqualTo(range.from());
        assertThat(pieces.get(pieces.size() - 1).to()).as(context).isEqualTo(range.to());
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            assertThat(piece.wholeChunk()).as(context).isEqualTo(pieces.size() == 1);
            if (i > 0) {
                assertThat(piece.from()).as(context).isEqualTo(pieces.get(i - 1).to());
                assertThat(Math.floorMod(piece.from(), unit)).as(context).isZero();
            }
            if (pieces.size() > 1) {
                assertThat(piece.from()).as(context).isLessThan(piece.to());
                assertThat(piece.to() - piece.from()).as(context).isLessThanOrEqualTo(width.orElseThrow());
            }
        }
    }

    private static List<Chunk> randomChunks(Random random, long unit) {
        List<Chunk> chunks = new ArrayList<>();
        long from = (random.nextInt() / (unit == 1 ? 1 : 100)) * unit;
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            long to = from + (1 + random.nextInt(1_000_000)) * unit;
            long start = i == 0 && random.nextInt(10) == 0 ? Long.MIN_VALUE : from;
            long end = i == count - 1 && random.nextInt(10) == 0 ? Long.MAX_VALUE : to;
            chunks.add(TestCatalogs.chunk("c" + i, List.of(new DimensionRange("time", start, end))));
            from = to + random.nextInt(3) * unit;
        }
        return chunks;
    }

    @Test
    void a_split_of_dates_is_never_narrower_than_a_day() {
        assertThat(width("date", Duration.ofHours(6), null)).hasValue(TimeType.DAY_MICROS);
        assertThat(width("date", Duration.ofHours(30), null)).hasValue(2 * TimeType.DAY_MICROS);
    }

    @Test
    void a_split_of_integers_counts_in_their_unit() {
        assertThat(width("bigint", Duration.ofHours(1), ChronoUnit.MILLIS)).hasValue(3_600_000);
        assertThat(width("integer", Duration.ofHours(1), ChronoUnit.SECONDS)).hasValue(3_600);
        assertThat(width("integer", Duration.ofMillis(1), ChronoUnit.SECONDS)).hasValue(1);
        assertThat(width("bigint", Duration.ofHours(1), null)).isEmpty();
    }

    @Test
    void a_split_longer_than_time_itself_leaves_chunks_whole() {
        OptionalLong width = width("timestamp with time zone", Duration.ofSeconds(Long.MAX_VALUE), null);
        Chunk chunk = TestCatalogs.chunk("c", List.of(new DimensionRange("time", 0, 86_400_000_000L)));

        assertThat(width).hasValue(Long.MAX_VALUE);
        assertThat(Slicer.count(chunk, width)).isEqualTo(1);
    }

    private static OptionalLong width(String type, Duration split, @Nullable ChronoUnit unit) {
        PlanOptions defaults = PlanOptions.DEFAULT;
        PlanOptions options = new PlanOptions(
                split,
                unit,
                defaults.include(),
                defaults.exclude(),
                defaults.consistency(),
                defaults.keepOwners(),
                defaults.aggregates(),
                defaults.roles(),
                defaults.compressed(),
                defaults.maxUncompressed(),
                defaults.verification());
        return Slicer.width(
                Hypertable.of(QualifiedName.of("s", "t"), List.of(TimeDimension.of("time", type, 1)), List.of()),
                options);
    }
}
