package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.PlanOptions;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ColumnstoreSettings;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlicerTest {
    private static final int ROUNDS = 2_000;
    private static final int MOST_PIECES = 500;
    private static final long MB = 1L << 20;
    private static final long GB = 1L << 30;

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

            Slicer slicer = new Slicer(hypertable, cutBy, TimeWindow.ALL);
            List<Piece> pieces = slicer.cut(Decision.LATE);

            String context = "seed " + seed + ", round " + round;
            assertThat(pieces.size()).as(context).isEqualTo((int) slicer.count());
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
        assertThat(new Slicer(hypertable("timestamp with time zone", List.of(chunk)), width, TimeWindow.ALL).count())
                .isEqualTo(1);
    }

    /** Sizes of all kinds without a width: chunks that are like their siblings stay whole, others get pieces that are. */
    @ParameterizedTest
    @ValueSource(
            strings = {"timestamp with time zone", "timestamp without time zone", "date", "bigint", "smallint", "uuid"})
    void a_chunk_far_larger_than_its_siblings_is_tiled_by_pieces_like_them(String type) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        long unit = type.equals("date") ? TimeType.DAY_MICROS : 1;
        for (int round = 0; round < ROUNDS; round++) {
            List<Chunk> chunks = randomChunks(random, unit).stream()
                    .map(it ->
                            sized(it, random.nextInt(3) == 0 ? random.nextInt(64) * GB / 4 : random.nextInt(300) * MB))
                    .toList();
            Slicer slicer = new Slicer(hypertable(type, chunks), OptionalLong.empty(), TimeWindow.ALL);
            List<Piece> all = slicer.cut(Decision.LATE);

            String context = "seed " + seed + ", round " + round;
            assertThat(all).as(context).hasSize((int) slicer.count());
            long[] sizes = chunks.stream()
                    .mapToLong(Chunk::bytes)
                    .filter(it -> it > 0)
                    .sorted()
                    .toArray();
            long median = sizes.length == 0 ? 0 : sizes[(sizes.length - 1) / 2];
            for (Chunk chunk : chunks) {
                DimensionRange range = chunk.ranges().get(0);
                boolean bounded = range.from() != Long.MIN_VALUE && range.to() != Long.MAX_VALUE;
                boolean far = bounded && !type.equals("uuid") && chunk.bytes() > 256 * MB && chunk.bytes() > 4 * median;
                List<Piece> pieces =
                        all.stream().filter(it -> it.chunk().equals(chunk)).toList();
                long like = Math.max(median, 64 * MB);
                long most = far
                        ? Math.min((chunk.bytes() + like - 1) / like, (range.to() - range.from() + unit - 1) / unit)
                        : 1;
                assertThat((long) pieces.size()).as(context).isBetween(most > 1 ? 2L : 1L, most);
                long step = pieces.get(0).to() - pieces.get(0).from();
                // Pieces are whole units of time, so there can be a few less of them than asked for.
                if (pieces.size() > 1) {
                    assertThat(step).as(context).isLessThanOrEqualTo((range.to() - range.from()) / most + unit);
                }
                assertTiles(chunk, all, OptionalLong.of(step), unit, context);
                assertThat(pieces.subList(0, pieces.size() - 1))
                        .as(context)
                        .allMatch(it -> it.to() - it.from() == step);
            }
        }
    }

    @Test
    void the_rule_for_far_larger_chunks_is_the_documented_one() {
        assertThat(piecesOf(257, 64, 64)).as("more than four times the median").isEqualTo(5);
        assertThat(piecesOf(256, 63, 63)).as("not more than 256 MB").isEqualTo(1);
        assertThat(piecesOf(400, 100, 100)).as("four times, not more").isEqualTo(1);
        assertThat(piecesOf(640, 1, 2)).as("pieces of 64 MB at least").isEqualTo(10);
        assertThat(piecesOf(2_000, 0, 0)).as("without siblings").isEqualTo(1);
        assertThat(piecesOf(2_000, 100, 0)).as("with one sibling").isEqualTo(20);
    }

    @Test
    void a_large_chunk_that_the_target_compresses_on_arrival_stays_whole() {
        ColumnstoreSettings settings = new ColumnstoreSettings(
                List.of(), List.of(new ColumnstoreSettings.Order("time", true, true)), null, List.of(), false);
        Decision onArrival =
                new Decision(true, Set.of(), List.of(new ColumnstoreSettings.Order("time", true, true)), List.of());
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            chunks.add(new Chunk(
                    QualifiedName.of("s", "c" + i),
                    i,
                    List.of(new DimensionRange("time", i * 1000L, i * 1000L + 1000)),
                    1,
                    10,
                    i == 1 ? 2 * GB : MB));
        }

        List<Piece> pieces = new Slicer(
                        hypertable("bigint", chunks).withColumnstore(settings), OptionalLong.empty(), TimeWindow.ALL)
                .cut(onArrival);

        assertThat(pieces).hasSize(3).allMatch(Piece::wholeChunk).allMatch(Piece::onArrival);
    }

    private static int piecesOf(long... megabytes) {
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < megabytes.length; i++) {
            chunks.add(sized(
                    TestCatalogs.chunk("c" + i, List.of(new DimensionRange("time", i * 1000L, i * 1000L + 1000))),
                    megabytes[i] * MB));
        }
        return new Slicer(hypertable("bigint", chunks), OptionalLong.empty(), TimeWindow.ALL)
                .cut(Decision.LATE).stream()
                        .filter(it -> it.chunk().equals(chunks.get(0)))
                        .toList()
                        .size();
    }

    private static Chunk sized(Chunk chunk, long bytes) {
        return new Chunk(chunk.name(), chunk.oid(), chunk.ranges(), 0, 1_000, bytes);
    }

    private static Hypertable hypertable(String type, List<Chunk> chunks) {
        return Hypertable.of(QualifiedName.of("s", "t"), List.of(TimeDimension.of("time", type, 1)), chunks);
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
                defaults.verification(),
                defaults.between(),
                defaults.export());
        return Slicer.width(
                Hypertable.of(QualifiedName.of("s", "t"), List.of(TimeDimension.of("time", type, 1)), List.of()),
                options);
    }
}
