package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.quote;

import io.hyperferry.DigestMethod;
import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.QualifiedName;
import java.util.List;
import java.util.stream.Collectors;

/** Queries for the number of rows and their digest; both are sums, so digests of parts add up to the digest of the whole. */
public final class DigestSql {
    private DigestSql() {}

    /** The digest of a slice on the source. Columns {@code row_count} and {@code digest}. */
    public static String ofSlice(TableData data, Slice slice, DigestMethod method) {
        return select(data.columns(), method) + CopySql.rowsOf(data, slice);
    }

    /** The digest of a range of time of a hypertable, read through its root, or of a whole plain table; of the relation of that name. */
    public static String ofRange(TableData data, QualifiedName relation, long from, long to, DigestMethod method) {
        return select(data.columns(), method)
                + (data.time() == null
                        ? "ONLY " + quote(relation)
                        : quote(relation) + CopySql.where(data.time(), from, to));
    }

    /** The number of rows of a hypertable in a range of time. Column {@code row_count}. */
    public static String countOfRange(TableData data, QualifiedName relation, long from, long to) {
        return "SELECT count(*) AS row_count FROM " + quote(relation)
                + (data.time() == null ? "" : CopySql.where(data.time(), from, to));
    }

    private static String select(List<Column> columns, DigestMethod method) {
        return "SELECT count(*) AS row_count, "
                + (method == DigestMethod.COUNT ? "0" : "coalesce(sum(" + hash(columns, method) + "), 0)")
                + " AS digest FROM ";
    }

    private static String hash(List<Column> columns, DigestMethod method) {
        if (columns.isEmpty()) {
            return "0";
        }
        return switch (method) {
            case RECORD_HASH ->
                "hash_record_extended(ROW("
                        + columns.stream()
                                .map(column -> quote(column.name()) + (column.hashable() ? "" : "::text"))
                                .collect(Collectors.joining(", "))
                        + "), 0)";
            case COUNT -> "0";
            case TEXT_HASH -> "hashtextextended(ROW(" + quote(columns) + ")::text, 0)";
        };
    }
}
