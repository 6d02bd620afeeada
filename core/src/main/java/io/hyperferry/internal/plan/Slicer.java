package io.hyperferry.internal.plan;

import io.hyperferry.PlanOptions;
import io.hyperferry.Slice;
import io.hyperferry.Slice.SpaceRange;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.Dimension;
import io.hyperferry.catalog.Dimension.HashDimension;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.plan.CompressedTransfer.Decision;
import io.hyperferry.internal.sql.TimeType;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Cuts chunks into slices.
 *
 * <p>With a width, the cuts lie at multiples of it since the epoch. Without one, a slice is a chunk, but for chunks that are far larger than the
 * others of their hypertable: more than {@value #FAR_LARGER} times the median of those that are not empty, and more than 256 MB. Such a chunk is
 * cut into as many pieces of equal width as make a piece the size of the median, or 64 MB where that is more. A chunk's own bounds are always
 * cuts: its slices tile it without gap or overlap. A chunk that is unbounded on a side, or whose time cannot be written as a condition,
 * is one slice; so is, without a width, one whose rows the target compresses as they arrive.
 */
final class Slicer {
    /** A chunk that is smaller is not cut unless a width is given. */
    static final long LARGE_BYTES = 256L << 20;

    /** No piece is smaller unless a width is given. */
    static final long SMALLEST_BYTES = 64L << 20;

    /** How many times larger than the median a chunk has to be to be cut without a width. */
    static final int FAR_LARGER = 4;

    private static final Comparator<Piece> OLDEST_FIRST = Comparator.comparingLong(Piece::from)
            .thenComparingLong(Piece::to)
            .thenComparing(piece -> piece.chunk().name());

    private final Hypertable hypertable;
    private final OptionalLong width;
    private final TimeWindow window;
    private final long median;

    /**
     * A slicer of a hypertable.
     *
     * @param width the width of a slice in its internal unit; empty for whole chunks
     * @param window what travels of it; every chunk has a part in it
     */
    Slicer(Hypertable hypertable, OptionalLong width, TimeWindow window) {
        this.hypertable = hypertable;
        this.width = width;
        this.window = window;
        this.median = median(hypertable);
    }

    /**
     * The dimensions of the hypertable after time, each of those that are cut by hash with its function.
     *
     * @param hash the built-in hash function
     */
    static List<Dimension> spaceDimensions(Hypertable hypertable, QualifiedName hash) {
        return hypertable.dimensions().stream()
                .skip(1)
                .map(dimension -> dimension instanceof HashDimension builtIn && builtIn.partitioningFunction() == null
                        ? new HashDimension(builtIn.column(), builtIn.columnType(), builtIn.partitions(), hash)
                        : dimension)
                .toList();
    }

    /** A slicer as the options have it. */
    static Slicer of(Hypertable hypertable, PlanOptions options, TimeWindow window) {
        return new Slicer(hypertable, width(hypertable, options), window);
    }

    /** The lower one of two in the middle, so that of two chunks the larger can be far larger than the other. */
    private static long median(Hypertable hypertable) {
        long[] sizes = hypertable.chunks().stream()
                .mapToLong(Chunk::bytes)
                .filter(it -> it > 0)
                .sorted()
                .toArray();
        return sizes.length == 0 ? 0 : sizes[(sizes.length - 1) / 2];
    }

    /** A slice that has no place in the queue yet. */
    record Piece(Chunk chunk, Slice.Mode mode, long from, long to, boolean wholeChunk, long pieces, boolean onArrival) {
        Slice at(int position, List<Dimension> spaceDimensions) {
            return new Slice(
                    position,
                    mode,
                    chunk.name(),
                    from,
                    to,
                    wholeChunk,
                    chunk.estimatedRows() / pieces,
                    chunk.bytes() / pieces,
                    onArrival,
                    mode == Slice.Mode.COMPRESSED && chunk.compressed() != null
                            ? chunk.compressed().name()
                            : null,
                    space(spaceDimensions));
        }

        private List<SpaceRange> space(List<Dimension> dimensions) {
            List<SpaceRange> space = new ArrayList<>();
            for (int i = 0; i < dimensions.size(); i++) {
                DimensionRange range = chunk.ranges().get(i + 1);
                space.add(new SpaceRange(dimensions.get(i), range.from(), range.to()));
            }
            return space;
        }
    }

    /** Where a chunk is cut: at {@code origin + n * step}, as far as that lies between its bounds. */
    private record Grid(long from, long to, long origin, long step) {
        static Grid whole(DimensionRange range) {
            return new Grid(range.from(), range.to(), 0, 0);
        }

        long count() {
            return step == 0 ? 1 : Math.floorDiv(to - 1 - origin, step) - Math.floorDiv(from - origin, step) + 1;
        }

        long next(long bound) {
            return origin + (Math.floorDiv(bound - origin, step) + 1) * step;
        }
    }

    /**
     * The width of a slice in the hypertable's internal unit; empty where its chunks stay whole.
     */
    static OptionalLong width(Hypertable hypertable, PlanOptions options) {
        Duration split = options.splitBy();
        if (split == null) {
            return OptionalLong.empty();
        }
        TimeType type = TimeType.of(hypertable.time());
        if (type.isCalendar()) {
            long micros = units(split, ChronoUnit.MICROS);
            return OptionalLong.of(type == TimeType.DATE ? roundUp(micros, TimeType.DAY_MICROS) : micros);
        }
        if (type == TimeType.INTEGER && options.integerTimeUnit() != null) {
            return OptionalLong.of(units(split, options.integerTimeUnit()));
        }
        return OptionalLong.empty();
    }

    /** At least one unit, at most {@code Long.MAX_VALUE} of them. */
    private static long units(Duration split, ChronoUnit unit) {
        Duration one = unit.getDuration();
        if (split.compareTo(one) <= 0) {
            return 1;
        }
        try {
            return split.dividedBy(one);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    private static long roundUp(long value, long multiple) {
        long remainder = value % multiple;
        return remainder == 0 || value > Long.MAX_VALUE - multiple ? value : value - remainder + multiple;
    }

    /** How many slices all the chunks give at most, without making them. */
    long count() {
        return hypertable.chunks().stream()
                .mapToLong(it -> grid(it, false).count())
                .sum();
    }

    /**
     * All the slices, oldest first.
     *
     * @param decision how compressed chunks travel
     */
    List<Piece> cut(Decision decision) {
        List<Piece> pieces = new ArrayList<>();
        @Nullable ColumnstoreSettings present = hypertable.columnstore();
        for (Chunk chunk : hypertable.chunks()) {
            boolean onArrival = present != null
                    && !decision.order().isEmpty()
                    && chunk.isCompressed()
                    && Columnstore.isPresent(chunk, present);
            if (decision.asTheyAre().contains(chunk)) {
                DimensionRange time = chunk.ranges().get(0);
                pieces.add(new Piece(chunk, Slice.Mode.COMPRESSED, time.from(), time.to(), true, 1, onArrival));
            } else {
                cut(chunk, onArrival, pieces);
            }
        }
        pieces.sort(OLDEST_FIRST);
        return pieces;
    }

    private void cut(Chunk chunk, boolean onArrival, List<Piece> pieces) {
        Grid grid = grid(chunk, onArrival);
        int count = Math.toIntExact(grid.count());
        if (count == 1) {
            boolean whole = !window.cuts(chunk.ranges().get(0));
            pieces.add(new Piece(chunk, Slice.Mode.ROWS, grid.from(), grid.to(), whole, parts(chunk), onArrival));
            return;
        }
        long from = grid.from();
        for (int i = 0; i < count; i++) {
            long to = i == count - 1 ? grid.to() : grid.next(from);
            pieces.add(new Piece(chunk, Slice.Mode.ROWS, from, to, false, count * parts(chunk), false));
            from = to;
        }
    }

    private Grid grid(Chunk chunk, boolean onArrival) {
        DimensionRange time = window.within(chunk.ranges().get(0));
        if (isUnbounded(time) || time.from() == time.to()) {
            return Grid.whole(time);
        }
        if (width.isPresent()) {
            return new Grid(time.from(), time.to(), 0, width.getAsLong());
        }
        return onArrival ? Grid.whole(time) : likeItsSiblings(chunk, time);
    }

    private Grid likeItsSiblings(Chunk chunk, DimensionRange time) {
        TimeType type = TimeType.of(hypertable.time());
        long span = time.to() - time.from();
        long bytes = chunk.bytes() / parts(chunk);
        // A range wider than a long is one of numbers.
        if (type == TimeType.OPAQUE || span < 0 || bytes <= LARGE_BYTES || (bytes - 1) / FAR_LARGER < median) {
            return Grid.whole(time);
        }
        long unit = type == TimeType.DATE ? TimeType.DAY_MICROS : 1;
        long pieces = Math.min(divideUp(bytes, Math.max(median, SMALLEST_BYTES)), divideUp(span, unit));
        return pieces < 2
                ? Grid.whole(time)
                : new Grid(time.from(), time.to(), time.from(), roundUp(divideUp(span, pieces), unit));
    }

    /** About how many times the part of a chunk that travels goes into all of it. */
    private long parts(Chunk chunk) {
        DimensionRange all = chunk.ranges().get(0);
        DimensionRange part = window.within(all);
        long span = all.to() - all.from();
        return isUnbounded(all) || span < 0 || part.to() == part.from() ? 1 : span / (part.to() - part.from());
    }

    private static long divideUp(long value, long by) {
        return value / by + (value % by == 0 ? 0 : 1);
    }

    private static boolean isUnbounded(DimensionRange range) {
        return range.from() == DimensionRange.UNBOUNDED_FROM || range.to() == DimensionRange.UNBOUNDED_TO;
    }
}
