package io.hyperferry.internal.verify;

import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.internal.jdbc.ParallelQueries;
import io.hyperferry.internal.sql.TimeType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A range of time in which both sides are compared: the least one that some slices cover together and no other slice touches. Without hash
 * dimensions that is each slice by itself. Chunks that share a range of time, as those of different hash partitions do, are compared
 * together, since the target may have cut them elsewhere.
 *
 * @param table the table
 * @param from the first time inside
 * @param to the first time outside
 * @param slices the positions of the slices that it is made of; none for a range in which no row may be
 */
public record DigestRange(TableData table, long from, long to, List<Integer> slices)
        implements ParallelQueries.Subject {
    public DigestRange {
        slices = List.copyOf(slices);
    }

    /** The ranges of a table that the slices cover, in their order. */
    public static List<DigestRange> covered(TableData table) {
        if (table.slices().isEmpty()) {
            return List.of();
        }
        if (table.time() == null || TimeType.of(table.time()) == TimeType.OPAQUE) {
            return List.of(new DigestRange(
                    table,
                    DimensionRange.UNBOUNDED_FROM,
                    DimensionRange.UNBOUNDED_TO,
                    table.slices().stream().map(Slice::position).toList()));
        }
        List<Slice> byTime = table.slices().stream()
                .sorted(Comparator.comparingLong(Slice::from).thenComparingLong(Slice::to))
                .toList();
        List<DigestRange> ranges = new ArrayList<>();
        List<Integer> together = new ArrayList<>();
        long from = DimensionRange.UNBOUNDED_FROM;
        long to = DimensionRange.UNBOUNDED_FROM;
        for (Slice slice : byTime) {
            if (slice.from() >= to && to != DimensionRange.UNBOUNDED_TO) {
                if (!together.isEmpty()) {
                    ranges.add(new DigestRange(table, from, to, together));
                    together.clear();
                }
                // A chunk of the greatest bigint alone begins where time ends. No range can stop just before that
                // bigint, so this one
                // takes in what lies before it.
                from = slice.from() == DimensionRange.UNBOUNDED_TO ? to : slice.from();
            }
            together.add(slice.position());
            to = Math.max(to, slice.to());
        }
        ranges.add(new DigestRange(table, from, to, together));
        return ranges;
    }

    /** The ranges between and around those that the slices of a hypertable cover: in these the target may have no row, of what travels. */
    static List<DigestRange> gaps(TableData table) {
        if (table.time() == null || TimeType.of(table.time()) == TimeType.OPAQUE) {
            return List.of();
        }
        List<DigestRange> gaps = new ArrayList<>();
        long end = table.from();
        for (DigestRange range : covered(table)) {
            if (range.from() > end) {
                gaps.add(new DigestRange(table, end, range.from(), List.of()));
            }
            end = range.to();
        }
        if (end < table.to()) {
            gaps.add(new DigestRange(table, end, table.to(), List.of()));
        }
        return gaps;
    }

    /** Whether a chunk of the target has a part of it. */
    public boolean touches(Chunk chunk) {
        DimensionRange time = chunk.ranges().get(0);
        return time.from() < to && from < time.to();
    }

    /** Whether all of a chunk lies in it. */
    public boolean contains(Chunk chunk) {
        DimensionRange time = chunk.ranges().get(0);
        return from <= time.from() && time.to() <= to;
    }

    /** Whether all that travels of a chunk lies in it. */
    public boolean containsWhatTravels(Chunk chunk) {
        DimensionRange time = chunk.ranges().get(0);
        return touches(chunk) && from <= Math.max(time.from(), table.from()) && Math.min(time.to(), table.to()) <= to;
    }

    /** This range together with one that comes after it. */
    public DigestRange to(DigestRange later) {
        return new DigestRange(
                table,
                from,
                later.to,
                Stream.concat(slices.stream(), later.slices.stream()).toList());
    }

    /** Returns the range of a slice. */
    public static DigestRange of(TableData table, Slice slice) {
        return new DigestRange(table, slice.from(), slice.to(), List.of(slice.position()));
    }

    @Override
    public String subject() {
        return table.table() + " (" + describe() + ")";
    }

    /** For people. */
    public String describe() {
        if (table.time() == null
                || TimeType.of(table.time()) == TimeType.OPAQUE
                || (from == DimensionRange.UNBOUNDED_FROM && to == DimensionRange.UNBOUNDED_TO)) {
            return "whole table";
        }
        TimeType type = TimeType.of(table.time());
        return table.time().column() + " from "
                + (from == DimensionRange.UNBOUNDED_FROM ? "the beginning" : type.literal(from))
                + " to "
                + (to == DimensionRange.UNBOUNDED_TO ? "the end" : "before " + type.literal(to));
    }
}
