package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.quote;
import static java.util.stream.Collectors.joining;

import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.CompressedRelation.Layout;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The two halves of copying a slice, and the conditions of time ranges. */
public final class CopySql {
    private CopySql() {}

    /** Reads a slice on the source. Always a query: {@code COPY hypertable TO} would silently give no row. */
    public static String out(TableData data, Slice slice) {
        return out(data, slice, "");
    }

    /** Reads a slice on the source, in the order in which the target compresses its rows on arrival. */
    public static String sortedOut(TableData data, Slice slice) {
        return out(
                data,
                slice,
                " ORDER BY " + data.order().stream().map(CopySql::order).collect(joining(", ")));
    }

    private static String out(TableData data, Slice slice, String order) {
        return "COPY (SELECT " + quote(data.columns()) + " FROM " + rowsOf(data, slice) + order + ") TO STDOUT "
                + format(data);
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

    /** Reads what of a slice is not compressed on the source. */
    public static String uncompressedOut(TableData data, Slice slice) {
        return "COPY (SELECT " + quote(data.columns()) + " FROM ONLY " + quote(chunkOf(slice)) + ") TO STDOUT "
                + format(data);
    }

    /** Binary is the fast one; a type without a binary form for other servers makes its table travel as text. */
    private static String format(TableData data) {
        return format(data.columns());
    }

    private static String format(List<Column> columns) {
        return columns.stream().allMatch(Column::binary) ? "(FORMAT binary)" : "(FORMAT text)";
    }

    /** What follows {@code FROM} to read a slice on the source: a chunk or a table, and the condition. */
    public static String rowsOf(TableData data, Slice slice) {
        return switch (slice.mode()) {
                    case WHOLE -> "ONLY " + quote(data.table());
                    case CTID -> "ONLY " + quote(data.table()) + wherePages(slice.from(), slice.to());
                    case ROWS, COMPRESSED -> quote(chunkOf(slice));
                }
                + (slice.chunk() == null || slice.wholeChunk() ? "" : where(timeOf(data), slice.from(), slice.to()));
    }

    private static String wherePages(long from, long to) {
        return " WHERE ctid >= '(" + from + ",0)'::tid"
                + (to == Long.MAX_VALUE ? "" : " AND ctid < '(" + to + ",0)'::tid");
    }

    /** Takes all rows out of a plain table on the target, and leaves those that inherit from it alone. */
    public static String empty(TableData data) {
        return "TRUNCATE TABLE ONLY " + quote(data.table());
    }

    /** {@code WHERE} for a half-open range of time; empty where nothing bounds it. */
    public static String where(TimeDimension time, long from, long to) {
        TimeType type = TimeType.of(time);
        List<String> bounds = new ArrayList<>();
        if (from != DimensionRange.UNBOUNDED_FROM) {
            bounds.add(quote(time.column()) + " >= " + type.literal(from));
        }
        if (to != DimensionRange.UNBOUNDED_TO) {
            bounds.add(quote(time.column()) + " < " + type.literal(to));
        }
        return bounds.isEmpty() ? "" : " WHERE " + String.join(" AND ", bounds);
    }

    private static QualifiedName chunkOf(Slice slice) {
        return Objects.requireNonNull(slice.chunk(), "chunk");
    }

    private static TimeDimension timeOf(TableData data) {
        return Objects.requireNonNull(data.time(), "time");
    }
}
