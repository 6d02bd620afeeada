package io.hyperferry;

import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.QualifiedName;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data of one table that travels.
 *
 * @param table the table's name, the same on both sides; of a continuous aggregate, the name of its view
 * @param columns the columns that travel, without generated ones
 * @param time the time dimension, or null for a plain table
 * @param slices the pieces, oldest first
 * @param aggregate whether these are the rows of a continuous aggregate, which are in a hypertable that every server names by itself
 * @param order the order in which rows of whole chunks are read that the target compresses as they arrive; empty when it does not
 * @param from the first time that travels, {@code Long.MIN_VALUE} when nothing bounds it
 * @param to the first time that does not travel, {@code Long.MAX_VALUE} when nothing bounds it
 * @param generated the generated columns, which each server computes by itself; they are digested with the others
 * @param storedBytes what the rows take on the source's disk as they are, compressed or not, without indexes
 * @param refusals why chunks of the columnstore travel as rows, for people; empty when none does that could do otherwise
 */
public record TableData(
        QualifiedName table,
        List<Column> columns,
        @Nullable TimeDimension time,
        List<Slice> slices,
        boolean aggregate,
        List<Order> order,
        long from,
        long to,
        List<Column> generated,
        long storedBytes,
        List<String> refusals) {
    public TableData {
        Objects.requireNonNull(table, "table");
        columns = List.copyOf(columns);
        slices = List.copyOf(slices);
        order = List.copyOf(order);
        generated = List.copyOf(generated);
        refusals = List.copyOf(refusals);
    }

    /** The data of a table. */
    public TableData(QualifiedName table, List<Column> columns, @Nullable TimeDimension time, List<Slice> slices) {
        this(table, columns, time, slices, false, List.of(), Long.MIN_VALUE, Long.MAX_VALUE, List.of(), 0, List.of());
    }

    /** The same table in other slices. */
    public TableData withSlices(List<Slice> value) {
        return new TableData(table, columns, time, value, aggregate, order, from, to, generated, storedBytes, refusals);
    }

    /** The columns that are compared: those that travel, then the generated ones. */
    public List<Column> comparedColumns() {
        return Stream.concat(columns.stream(), generated.stream()).toList();
    }
}
