package io.hyperferry.internal.plan;

import io.hyperferry.PlanOptions;
import io.hyperferry.Slice;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
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
 * <p>The cuts lie at multiples of the width since the epoch, and a chunk's own bounds are always cuts: the slices of a chunk tile it
 * without gap or overlap. A chunk that is unbounded on a side, or whose time cannot be written as a condition, is one slice.
 */
final class Slicer {
    private static final Comparator<Piece> OLDEST_FIRST = Comparator.comparingLong(Piece::from)
            .thenComparingLong(Piece::to)
            .thenComparing(piece -> piece.chunk().name());

    private Slicer() {}

    /** A slice that has no place in the queue yet. */
    record Piece(Chunk chunk, Slice.Mode mode, long from, long to, boolean wholeChunk, int pieces, boolean onArrival) {
        Slice at(int position) {
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
                            : null);
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

    /** How many slices a chunk gives, without making them. */
    static long count(Chunk chunk, OptionalLong width) {
        DimensionRange time = chunk.ranges().get(0);
        if (width.isEmpty() || isUnbounded(time) || time.from() == time.to()) {
            return 1;
        }
        long first = Math.floorDiv(time.from(), width.getAsLong());
        long last = Math.floorDiv(time.to() - 1, width.getAsLong());
        return last - first + 1;
    }

    /**
     * All the slices of a hypertable, oldest first.
     *
     * @param decision how its compressed chunks travel
     */
    static List<Piece> cut(Hypertable hypertable, OptionalLong width, Decision decision) {
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
                cut(chunk, width, onArrival, pieces);
            }
        }
        pieces.sort(OLDEST_FIRST);
        return pieces;
    }

    private static void cut(Chunk chunk, OptionalLong width, boolean onArrival, List<Piece> pieces) {
        DimensionRange time = chunk.ranges().get(0);
        int count = Math.toIntExact(count(chunk, width));
        if (count == 1) {
            pieces.add(new Piece(chunk, Slice.Mode.ROWS, time.from(), time.to(), true, 1, onArrival));
            return;
        }
        long step = width.orElseThrow();
        long from = time.from();
        for (int i = 0; i < count; i++) {
            long to = i == count - 1 ? time.to() : (Math.floorDiv(from, step) + 1) * step;
            pieces.add(new Piece(chunk, Slice.Mode.ROWS, from, to, false, count, false));
            from = to;
        }
    }

    private static boolean isUnbounded(DimensionRange range) {
        return range.from() == DimensionRange.UNBOUNDED_FROM || range.to() == DimensionRange.UNBOUNDED_TO;
    }
}
