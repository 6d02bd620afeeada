package io.hyperferry.internal.verify;

import static java.util.stream.Collectors.toMap;

import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.QualifiedName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/** The boxes that the slices of a hypertable cover: a range of each dimension for each chunk, as far as its time is copied. */
public final class ChunkBoxes {
    private final TableData table;
    private final Map<QualifiedName, List<DimensionRange>> boxes;

    private ChunkBoxes(TableData table, Map<QualifiedName, List<DimensionRange>> boxes) {
        this.table = table;
        this.boxes = boxes;
    }

    /** The boxes of a hypertable's slices. */
    public static ChunkBoxes of(TableData table) {
        return new ChunkBoxes(
                table,
                table.slices().stream()
                        .collect(toMap(
                                slice -> Objects.requireNonNull(slice.chunk(), "chunk"),
                                slice -> box(table, slice),
                                ChunkBoxes::together)));
    }

    private static List<DimensionRange> box(TableData table, Slice slice) {
        List<DimensionRange> box = new ArrayList<>();
        box.add(new DimensionRange(Objects.requireNonNull(table.time(), "time").column(), slice.from(), slice.to()));
        slice.space()
                .forEach(range -> box.add(new DimensionRange(range.dimension().column(), range.from(), range.to())));
        return box;
    }

    /** The slices of a chunk tile its time. */
    private static List<DimensionRange> together(List<DimensionRange> one, List<DimensionRange> other) {
        List<DimensionRange> box = new ArrayList<>(one);
        DimensionRange time = one.get(0);
        box.set(
                0,
                new DimensionRange(
                        time.column(),
                        Math.min(time.from(), other.get(0).from()),
                        Math.max(time.to(), other.get(0).to())));
        return box;
    }

    /** Whether a chunk has the name and the bounds of a planned one. */
    boolean hasPlanned(Chunk chunk) {
        return copied(chunk.ranges()).equals(boxes.get(chunk.name()));
    }

    /** Whether all that is to be copied of a chunk is in slices. */
    public boolean cover(Chunk chunk) {
        List<DimensionRange> ranges = copied(chunk.ranges());
        return hasPlanned(chunk) || ranges.get(0).from() >= ranges.get(0).to() || isCovered(ranges, 0, boxes.values());
    }

    /** The ranges of a chunk as far as its time is copied. */
    private List<DimensionRange> copied(List<DimensionRange> ranges) {
        List<DimensionRange> copied = new ArrayList<>(ranges);
        DimensionRange time = ranges.get(0);
        long from = Math.max(time.from(), table.from());
        copied.set(0, new DimensionRange(time.column(), from, Math.max(from, Math.min(time.to(), table.to()))));
        return copied;
    }

    /** Cuts the range of a dimension where a box begins or ends: each piece is either outside of a box or all inside. */
    private static boolean isCovered(
            List<DimensionRange> ranges, int dimension, Collection<List<DimensionRange>> boxes) {
        if (boxes.isEmpty() || dimension == ranges.size()) {
            return !boxes.isEmpty();
        }
        DimensionRange range = ranges.get(dimension);
        SortedSet<Long> cuts = new TreeSet<>();
        cuts.add(range.from());
        boxes.stream()
                .filter(box -> dimension < box.size())
                .map(box -> box.get(dimension))
                .filter(side -> side.from() < range.to() && range.from() < side.to())
                .forEach(side -> {
                    cuts.add(Math.max(range.from(), side.from()));
                    cuts.add(side.to());
                });
        return cuts.headSet(range.to()).stream()
                .allMatch(cut -> isCovered(
                        ranges,
                        dimension + 1,
                        boxes.stream()
                                .filter(box -> dimension >= box.size() || isIn(box.get(dimension), cut))
                                .toList()));
    }

    private static boolean isIn(DimensionRange range, long value) {
        return range.from() <= value && value < range.to();
    }
}
