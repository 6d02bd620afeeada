package io.hyperferry;

import io.hyperferry.catalog.Dimension;
import io.hyperferry.catalog.QualifiedName;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a table that travels in one transaction: all of it arrives together with its mark in the ledger, or none.
 *
 * <p>A slice of a hypertable is the half-open range {@code [from, to)} of one chunk's time, in TimescaleDB's internal unit:
 * microseconds since 1970-01-01 UTC for dates and timestamps, the value itself for integers. It never crosses a chunk's bound,
 * and the slices of a chunk tile it without gap or overlap. A chunk whose compressed tuples travel is
 * one slice. A slice of a plain table is the whole table, or a half-open range of its pages when it is large; these ranges tile it, and the last
 * one has no end.
 *
 * @param position the slice's number in the plan, from 1, which is also its place in the queue
 * @param mode how it is read and written
 * @param chunk the source's chunk, or null for a plain table
 * @param from the first time, or page, inside; {@code Long.MIN_VALUE} when nothing bounds it
 * @param to the first time, or page, outside; {@code Long.MAX_VALUE} when nothing bounds it
 * @param wholeChunk whether the slice is all of its chunk, so that it is read without a condition
 * @param estimatedRows rows to expect, by the source's statistics
 * @param estimatedBytes bytes on the source's disk to expect, as row-store
 * @param compressedOnArrival whether the target compresses its rows as they arrive, if rows are what travels
 * @param compressed the source's relation of compressed tuples, which is what travels, or null when rows do
 * @param space the chunk's ranges in the dimensions after time; empty for a plain table and for a hypertable without such dimensions
 */
public record Slice(
        int position,
        Mode mode,
        @Nullable QualifiedName chunk,
        long from,
        long to,
        boolean wholeChunk,
        long estimatedRows,
        long estimatedBytes,
        boolean compressedOnArrival,
        @Nullable QualifiedName compressed,
        List<SpaceRange> space) {
    /**
     * The half-open range {@code [from, to)} of a chunk in a dimension after time.
     *
     * @param dimension the dimension; of one that is cut by hash, with the hash function's name
     * @param from the first value inside; {@code Long.MIN_VALUE} when nothing bounds it
     * @param to the first value outside; {@code Long.MAX_VALUE} when nothing bounds it
     */
    public record SpaceRange(Dimension dimension, long from, long to) {
        public SpaceRange {
            Objects.requireNonNull(dimension, "dimension");
        }
    }

    /** How a slice is read and written. */
    public enum Mode {
        /** A time range of a chunk, as rows, in binary COPY through the hypertable. */
        ROWS,
        /** All of a compressed chunk, as the compressed tuples that it has, and its rows that are not compressed yet. */
        COMPRESSED,
        /** A whole plain table. */
        WHOLE,
        /** A range of the pages of a plain table. Pages mean something under one snapshot only, so all of a table's are read under the same. */
        CTID
    }

    /** A slice that travels as rows. */
    public Slice(
            int position,
            Mode mode,
            @Nullable QualifiedName chunk,
            long from,
            long to,
            boolean wholeChunk,
            long estimatedRows,
            long estimatedBytes) {
        this(position, mode, chunk, from, to, wholeChunk, estimatedRows, estimatedBytes, false, null, List.of());
    }

    /** The same slice with other ranges in the dimensions after time. */
    public Slice withSpace(List<SpaceRange> value) {
        return new Slice(
                position,
                mode,
                chunk,
                from,
                to,
                wholeChunk,
                estimatedRows,
                estimatedBytes,
                compressedOnArrival,
                compressed,
                value);
    }

    /** The same slice, taking in all of its plain table. */
    public Slice ofWholeTable() {
        return new Slice(
                position, Mode.WHOLE, null, Long.MIN_VALUE, Long.MAX_VALUE, false, estimatedRows, estimatedBytes);
    }

    public Slice {
        Objects.requireNonNull(mode, "mode");
        // A plan's JSON has no empty ones.
        space = space == null ? List.of() : List.copyOf(space);
        if (from > to) {
            throw new IllegalArgumentException("slice ends before it starts: [" + from + ", " + to + ")");
        }
    }
}
