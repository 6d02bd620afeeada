package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.quote;
import static java.util.stream.Collectors.joining;

import io.hyperferry.DigestMethod;
import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.QualifiedName;
import java.util.List;
import java.util.stream.Stream;

/** Queries for the number of rows and their digest; both are sums, so digests of parts add up to the digest of the whole. */
public final class DigestSql {
    private DigestSql() {}

    /** The digest of a slice on the source. Columns {@code row_count} and {@code digest}. */
    public static String ofSlice(TableData data, Slice slice, DigestMethod method) {
        return select(data, method) + CopySql.rowsOf(data, slice);
    }

    /** The digest of a range of time of a hypertable, read through its root, or of a whole plain table; of the relation of that name. */
    public static String ofRange(TableData data, QualifiedName relation, long from, long to, DigestMethod method) {
        return select(data, method)
                + (data.time() == null
                        ? "ONLY " + quote(relation)
                        : quote(relation) + CopySql.where(data.time(), from, to));
    }

    /** The number of rows of a hypertable in a range of time. Column {@code row_count}. */
    public static String countOfRange(TableData data, QualifiedName relation, long from, long to) {
        return "SELECT count(*) AS row_count FROM " + quote(relation)
                + (data.time() == null ? "" : CopySql.where(data.time(), from, to));
    }

    private static String select(TableData data, DigestMethod method) {
        return "SELECT count(*) AS row_count, "
                + (method == DigestMethod.COUNT
                        ? "0"
                        : "coalesce(sum(" + hash(data.comparedColumns(), method) + "), 0)")
                + " AS digest FROM ";
    }

    /** An expression for the hash of a row. */
    static String hash(List<Column> columns, DigestMethod method) {
        if (columns.isEmpty()) {
            return "0";
        }
        return switch (method) {
            case RECORD_HASH -> "hash_record_extended(ROW(record_send(ROW(" + binary(columns) + "))), 0)";
            case COUNT -> "0";
            case TEXT_HASH ->
                "hashtextextended(ROW("
                        + columns.stream().map(column -> quote(column.name())).collect(joining(", ")) + ")::text, 0)";
        };
    }

    /**
     * What of a row the binary form is taken of. The record's hash must not be taken of the columns themselves: it is their sum with weights,
     * so values that two rows exchange would not change the sum over all rows; and the hashes of types follow their equality, and of eight bytes
     * keep four. Columns that are not scalar are one text together: that of a record, which asks every type for its output and no cast.
     */
    private static String binary(List<Column> columns) {
        String texts = columns.stream()
                .filter(it -> !it.scalar())
                .map(it -> quote(it.name()))
                .collect(joining(", "));
        Stream<String> scalars = columns.stream().filter(Column::scalar).map(DigestSql::scalar);
        return Stream.concat(scalars, texts.isEmpty() ? Stream.empty() : Stream.of("ROW(" + texts + ")::text"))
                .collect(joining(", "));
    }

    /** A scalar column. All that is no number is the same NaN, whatever bits a processor made it of. */
    private static String scalar(Column column) {
        String name = quote(column.name());
        return switch (column.type()) {
            case "real", "double precision" -> "CASE WHEN " + name + " = 'NaN' THEN 'NaN' ELSE " + name + " END";
            default -> name;
        };
    }
}
