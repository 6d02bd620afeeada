package io.hyperferry.catalog;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How rows are laid out in the columnstore: of a hypertable for chunks to come, of a chunk as it was compressed.
 *
 * @param segmentBy the columns by which rows are grouped; empty for none, null when the server decides as it compresses
 * @param orderBy the order within a segment; null when the server decides
 * @param chunkInterval the width to which chunks are merged when they are compressed, in the internal unit of the time dimension; null
 *     when they are not
 * @param indexes the sparse indexes that the user chose; those that the server adds by itself are not among them
 * @param directCompress whether rows are loaded straight into the columnstore
 * @see <a href="https://docs.tigerdata.com/api/latest/hypercore/alter_table/">ALTER TABLE (hypercore)</a>
 */
public record ColumnstoreSettings(
        @Nullable List<String> segmentBy,
        @Nullable List<Order> orderBy,
        @Nullable Long chunkInterval,
        List<SparseIndex> indexes,
        boolean directCompress) {
    /** Columnstore with everything left to the server. */
    public static final ColumnstoreSettings AUTOMATIC = new ColumnstoreSettings(null, null, null, List.of(), false);

    public ColumnstoreSettings {
        segmentBy = segmentBy == null ? null : List.copyOf(segmentBy);
        orderBy = orderBy == null ? null : List.copyOf(orderBy);
        indexes = List.copyOf(indexes);
    }

    /** Columnstore with these segments and this order. */
    public static ColumnstoreSettings of(List<String> segmentBy, List<Order> orderBy) {
        return new ColumnstoreSettings(segmentBy, orderBy, null, List.of(), false);
    }

    /**
     * A column of the order within a segment.
     *
     * @param column its name
     * @param descending whether its greatest value comes first
     * @param nullsFirst whether nulls come before all values
     */
    public record Order(String column, boolean descending, boolean nullsFirst) {
        public Order {
            Objects.requireNonNull(column, "column");
        }
    }

    /**
     * A sparse index.
     *
     * @param type {@code bloom} or {@code minmax}
     * @param columns its columns
     */
    public record SparseIndex(String type, List<String> columns) {
        public SparseIndex {
            Objects.requireNonNull(type, "type");
            columns = List.copyOf(columns);
        }
    }
}
