package io.hyperferry.catalog;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of a hypertable.
 *
 * @param name the relation that holds the chunk's rows
 * @param oid that relation's OID, by which a reader sees whether it is still the same one
 * @param ranges what the chunk covers, one range a dimension, in the order of the hypertable's dimensions
 * @param status TimescaleDB's status bits: 1 compressed, 2 unordered, 4 frozen, 8 partially compressed
 * @param estimatedRows an estimate of its rows, those in the columnstore included
 * @param bytes what its rows take on disk as row-store, without indexes; of compressed rows, what they took before
 * @param storedBytes what its rows take on disk as they are, compressed or not, without indexes
 * @param columnstore the settings with which it was compressed, or null when it is not compressed
 * @param tiered whether its rows lie in object storage, outside of the database
 * @param compressed the relation of its compressed rows, or null when there is none whose tuples can be read as they are
 * @param hiddenRows rows that no query shows: they are not compressed, and the chunk is marked as one whose rows all are. Older versions of
 *     TimescaleDB left them there, for example after a {@code COPY} into a compressed chunk.
 */
public record Chunk(
        QualifiedName name,
        long oid,
        List<DimensionRange> ranges,
        int status,
        long estimatedRows,
        long bytes,
        long storedBytes,
        @Nullable ColumnstoreSettings columnstore,
        boolean tiered,
        @Nullable CompressedRelation compressed,
        long hiddenRows) {
    private static final int COMPRESSED = 1;
    private static final int UNORDERED = 2;
    private static final int FROZEN = 4;

    /** A chunk whose rows are in the database, compressed or not as its status says, with settings that are not known. */
    public Chunk(
            QualifiedName name, long oid, List<DimensionRange> ranges, int status, long estimatedRows, long bytes) {
        this(name, oid, ranges, status, estimatedRows, bytes, bytes, null, false, null);
    }

    /** A chunk all of whose rows queries show. */
    public Chunk(
            QualifiedName name,
            long oid,
            List<DimensionRange> ranges,
            int status,
            long estimatedRows,
            long bytes,
            long storedBytes,
            @Nullable ColumnstoreSettings columnstore,
            boolean tiered,
            @Nullable CompressedRelation compressed) {
        this(name, oid, ranges, status, estimatedRows, bytes, storedBytes, columnstore, tiered, compressed, 0);
    }

    public Chunk {
        Objects.requireNonNull(name, "name");
        ranges = List.copyOf(ranges);
    }

    /** Whether rows of this chunk are in the columnstore. */
    public boolean isCompressed() {
        return (status & COMPRESSED) != 0;
    }

    /** Whether its compressed rows are out of order, as those are that were loaded straight into the columnstore. */
    public boolean isUnordered() {
        return (status & UNORDERED) != 0;
    }

    /** Whether nobody may change it. */
    public boolean isFrozen() {
        return (status & FROZEN) != 0;
    }
}
