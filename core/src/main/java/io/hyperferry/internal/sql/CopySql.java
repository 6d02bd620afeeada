package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.quote;
import static java.util.stream.Collectors.joining;

import io.hyperferry.Slice;
import io.hyperferry.Slice.SpaceRange;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.CompressedRelation.Layout;
import io.hyperferry.catalog.Dimension;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;

/** The two halves of copying a slice, and the conditions of time ranges. */
public final class CopySql {
    private CopySql() {}

    /**
     * Reads rows on the source. Always a query: {@code COPY hypertable TO} would silently give no row.
     *
     * @param rows what follows {@code FROM}, {@link #rowsOf} or {@link #rowsInBox}
     */
    public static String out(TableData data, String rows) {
        return out(data, rows, "");
    }

    /** Reads rows on the source, in the order in which the target compresses them on arrival. */
    public static String sortedOut(TableData data, String rows) {
        return out(
                data,
                rows,
                " ORDER BY " + data.order().stream().map(CopySql::order).collect(joining(", ")));
    }

    private static String out(TableData data, String rows, String order) {
        return "COPY (SELECT " + quote(data.columns()) + " FROM " + rows + order + ") TO STDOUT " + format(data);
    }

    /** A column of an order, as ORDER BY and as the columnstore spell it. */
    static String order(Order order) {
        return quote(order.column())
                + (order.descending() ? " DESC" : " ASC")
                + (order.nullsFirst() ? " NULLS FIRST" : " NULLS LAST");
    }

    /**
     * Writes a slice on the target, through the hypertable.
     *
     * @param relation what is written to, quoted
     */
    public static String in(TableData data, String relation) {
        String columns = data.columns().isEmpty() ? "" : " (" + quote(data.columns()) + ")";
        return "COPY " + relation + columns + " FROM STDIN " + format(data);
    }

    /** Reads the compressed tuples of a slice on the source. */
    public static String tuplesOut(Slice slice, Layout layout) {
        return "COPY (SELECT "
                + layout.columns().stream().map(CopySql::tuple).collect(joining(", ")) + " FROM "
                + quote(Objects.requireNonNull(slice.compressed(), "compressed")) + ") TO STDOUT "
                + format(layout.columns());
    }

    /**
     * A column of compressed tuples. A batch without any value is compressed to a mark that many versions send and cannot receive; a null means
     * the same.
     */
    private static String tuple(Column column) {
        String name = quote(column.name());
        return column.type().equals("_timescaledb_internal.compressed_data")
                ? "CASE WHEN pg_column_size(" + name + ") <= 8 AND _timescaledb_functions.compressed_data_send(" + name
                        + ") = '\\x06'::bytea THEN NULL ELSE " + name + " END"
                : name;
    }

    /** Writes compressed tuples on the target, into the chunk's own relation of them. */
    public static String tuplesIn(String relation, Layout layout) {
        return "COPY " + relation + " (" + quote(layout.columns()) + ") FROM STDIN " + format(layout.columns());
    }

    /**
     * Reads what of a slice is not compressed on the source.
     *
     * @param partly the condition under which the chunk is partly compressed; of any other chunk, no query shows such rows
     */
    public static String uncompressedOut(TableData data, Slice slice, String partly) {
        return "COPY (SELECT " + quote(data.columns()) + " FROM ONLY " + quote(chunkOf(slice)) + " WHERE " + partly
                + ") TO STDOUT " + format(data);
    }

    /** Binary is the fast one; a type without a binary form for other servers makes its table travel as text. */
    private static String format(TableData data) {
        return format(data.columns());
    }

    private static String format(List<Column> columns) {
        return columns.stream().allMatch(Column::binary) ? "(FORMAT binary)" : "(FORMAT text)";
    }

    /** What follows {@code FROM} to read a slice on the source where it was planned: a chunk or a table, and the condition. */
    public static String rowsOf(TableData data, Slice slice) {
        return rowsOf(data, slice, slice.from(), slice.to());
    }

    /**
     * What follows {@code FROM} to read a slice on the source in the chunk that it was planned in. The first piece of a chunk has no lower bound
     * and the last one no upper bound, so that rows outside of the chunk's own bounds are read by exactly one of them.
     *
     * @param chunk the chunk's range of time
     */
    public static String rowsOf(TableData data, Slice slice, DimensionRange chunk) {
        return rowsOf(
                data,
                slice,
                slice.from() == chunk.from() && slice.from() != data.from()
                        ? DimensionRange.UNBOUNDED_FROM
                        : slice.from(),
                slice.to() == chunk.to() && slice.to() != data.to() ? DimensionRange.UNBOUNDED_TO : slice.to());
    }

    private static String rowsOf(TableData data, Slice slice, long from, long to) {
        return switch (slice.mode()) {
                    case WHOLE -> "ONLY " + quote(data.table());
                    case CTID -> "ONLY " + quote(data.table()) + wherePages(slice.from(), slice.to());
                    case ROWS, COMPRESSED -> quote(chunkOf(slice));
                }
                + (slice.chunk() == null || slice.wholeChunk() ? "" : where(timeOf(data), from, to));
    }

    /**
     * What follows {@code FROM} to read a slice of a hypertable on the source wherever its rows are now: the hypertable, and the slice's ranges
     * in all dimensions as the condition.
     *
     * @param hypertable what holds the table's rows on the source
     * @throws IllegalStateException when a dimension has a type whose ranges cannot be written as a condition
     */
    public static String rowsInBox(TableData data, Slice slice, QualifiedName hypertable) {
        List<String> bounds = new ArrayList<>(bounds(timeOf(data), slice.from(), slice.to()));
        for (SpaceRange range : slice.space()) {
            bounds.addAll(
                    range.dimension() instanceof TimeDimension time
                            ? bounds(time, range.from(), range.to())
                            : bounds(hash(range.dimension()), Long::toString, range.from(), range.to()));
        }
        return quote(hypertable) + where(bounds);
    }

    /** Rows without a value are in the partition of 0. */
    private static String hash(Dimension dimension) {
        QualifiedName function = Objects.requireNonNull(dimension.partitioningFunction(), "partitioning function");
        return "coalesce(" + quote(function) + "(" + quote(dimension.column()) + "), 0)";
    }

    /** Locks relations so that none of them is dropped or rewritten. */
    public static String lock(List<QualifiedName> relations) {
        return "LOCK TABLE "
                + relations.stream().map(relation -> "ONLY " + quote(relation)).collect(joining(", "))
                + " IN ACCESS SHARE MODE";
    }

    private static String wherePages(long from, long to) {
        return " WHERE ctid >= '(" + from + ",0)'::tid"
                + (to == Long.MAX_VALUE ? "" : " AND ctid < '(" + to + ",0)'::tid");
    }

    /** Takes all rows out of a plain table on the target, and leaves those that inherit from it alone. */
    public static String empty(TableData data) {
        return "TRUNCATE TABLE ONLY " + quote(data.table());
    }

    /** The condition under which a row of a slice lies outside of its range of time; empty where nothing bounds it. */
    static String outside(TableData data, Slice slice) {
        List<String> bounds = bounds(timeOf(data), slice.from(), slice.to());
        return bounds.isEmpty() ? "" : "NOT (" + String.join(" AND ", bounds) + ")";
    }

    /** {@code WHERE} for a half-open range of time; empty where nothing bounds it. */
    public static String where(TimeDimension time, long from, long to) {
        return where(bounds(time, from, to));
    }

    private static String where(List<String> bounds) {
        return bounds.isEmpty() ? "" : " WHERE " + String.join(" AND ", bounds);
    }

    private static List<String> bounds(TimeDimension time, long from, long to) {
        return bounds(quote(time.column()), TimeType.of(time)::literal, from, to);
    }

    private static List<String> bounds(String expression, LongFunction<String> literal, long from, long to) {
        List<String> bounds = new ArrayList<>();
        if (from != DimensionRange.UNBOUNDED_FROM) {
            bounds.add(expression + " >= " + literal.apply(from));
        }
        if (to != DimensionRange.UNBOUNDED_TO) {
            bounds.add(expression + " < " + literal.apply(to));
        }
        return bounds;
    }

    private static QualifiedName chunkOf(Slice slice) {
        return Objects.requireNonNull(slice.chunk(), "chunk");
    }

    private static TimeDimension timeOf(TableData data) {
        return Objects.requireNonNull(data.time(), "time");
    }
}
