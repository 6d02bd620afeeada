package io.hyperferry;

import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.QualifiedName;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The data of one table that travels.
 *
 * @param table the table's name, the same on both sides
 * @param columns the columns that travel, without generated ones
 * @param time the time dimension, or null for a plain table
 * @param slices the pieces, oldest first
 */
public record TableData(
        QualifiedName table, List<Column> columns, @Nullable TimeDimension time, List<Slice> slices) {
    public TableData {
        Objects.requireNonNull(table, "table");
        columns = List.copyOf(columns);
        slices = List.copyOf(slices);
    }
}
