package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.quote;
import static java.util.stream.Collectors.joining;

import io.hyperferry.DigestMethod;
import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Queries for the number of rows and their digest; both are sums, so digests of parts add up to the digest of the whole. */
public final class DigestSql {
    private DigestSql() {}

    /**
     * The digest of rows on the source. Columns {@code row_count} and {@code digest}.
     *
     * @param rows what follows {@code FROM}, as the rows are copied
     */
    public static String ofRows(TableData data, String rows, DigestMethod method) {
        return select(data, method) + rows;
    }

    /**
     * Like {@link #ofRows(TableData, String, DigestMethod)}, with the number of rows that lie outside of the slice's range of time in the column
     * {@code outside}.
     */
    public static String ofSlice(TableData data, Slice slice, String rows, DigestMethod method) {
        boolean timed = slice.chunk() != null && data.time() != null && TimeType.of(data.time()) != TimeType.OPAQUE;
        String outside = timed ? CopySql.outside(data, slice) : "";
        return "SELECT " + (outside.isEmpty() ? "0" : "count(*) FILTER (WHERE " + outside + ")") + " AS outside, "
                + columns(data, method) + rows;
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
        return "SELECT " + columns(data, method);
    }

    private static String columns(TableData data, DigestMethod method) {
        return "count(*) AS row_count, "
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
            case RECORD_HASH -> rowHash(columns);
            case COUNT -> "0";
            case TEXT_HASH ->
                "hashtextextended(ROW("
                        + columns.stream().map(column -> quote(column.name())).collect(joining(", ")) + ")::text, 0)";
        };
    }

    /**
     * The hash of all values' hashes, each of which begins with the column's number: values which columns or rows exchange change the sum.
     * That is several times as quick as to hash the row's binary form, of which the columns of all other types are hashed.
     */
    private static String rowHash(List<Column> columns) {
        List<String> hashes = new ArrayList<>();
        List<Column> others = new ArrayList<>();
        for (Column column : columns) {
            Optional<String> hash = column.scalar() ? valueHash(column, hashes.size() + 1) : Optional.empty();
            hash.ifPresentOrElse(hashes::add, () -> others.add(column));
        }
        if (!others.isEmpty()) {
            hashes.add(binaryHash(others));
        }
        return "hashint4extended(0, " + String.join(" # ", hashes) + ")";
    }

    /**
     * The hash of a value; empty for a type to whose hash function different values are the same. Of eight bytes of an integer or a point
     * in time, that function takes both halves together and does not tell them apart: the upper half alone goes before them. What a function cannot tell
     * apart now and then is hashed as text: the floating-point numbers 0 and -0, and what is older than the origin of {@code date_bin}, where
     * servers do not agree on how it rounds.
     *
     * @param number another one for each column
     */
    private static Optional<String> valueHash(Column column, int number) {
        String name = quote(column.name());
        String type = column.type().replaceAll("\\(\\d+\\)", "");
        String exact = switch (type) {
            case "smallint" -> "hashint2extended(" + name + ", " + number + ")";
            case "integer" -> "hashint4extended(" + name + ", " + number + ")";
            case "bigint" -> "hashint8extended(" + name + ", hashint8extended(" + name + " >> 32, " + number + "))";
            case "boolean" -> "hashint4extended(" + name + "::int4, " + number + ")";
            case "uuid" -> "uuid_hash_extended(" + name + ", " + number + ")";
            case "text", "character varying" -> "hashtextextended(" + name + "::text COLLATE \"C\", " + number + ")";
            default -> null;
        };
        if (exact != null) {
            return Optional.of("coalesce(" + exact + ", " + number + ")");
        }
        String mostly = switch (type) {
            case "real" -> "hashfloat4extended(nullif(" + name + ", '0'::real), " + number + ")";
            case "double precision" -> "hashfloat8extended(nullif(" + name + ", '0'::float8), " + number + ")";
            case "timestamp without time zone" -> timeHash(name, name, "2000-01-01 00:00", number);
            // As quick as can be: a cast, or the name of a zone, would be calculated with for every row.
            case "timestamp with time zone" ->
                timeHash(name, "timezone('0'::interval, " + name + ")", "2000-01-01 00:00Z", number);
            default -> null;
        };
        return Optional.ofNullable(mostly)
                .map(it ->
                        "coalesce(" + it + ", hashtextextended(" + name + "::text, " + number + "), " + number + ")");
    }

    /** The upper half of a point in time is what is left of its microseconds when they are rounded down to a multiple of 2^32. */
    private static String timeHash(String time, String inUtc, String origin, int number) {
        String upperHalf = "date_bin('4294.967296 s', " + inUtc + ", '2000-01-01')";
        return "CASE WHEN " + time + " >= '" + origin + "' THEN timestamp_hash_extended(" + inUtc
                + ", timestamp_hash_extended(" + upperHalf + ", " + number + ")) END";
    }

    private static String binaryHash(List<Column> columns) {
        return "hash_record_extended(ROW(record_send(ROW(" + binary(columns) + "))), 0)";
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

    /** The number and the digest of the rows of a view, whatever its columns are, under settled settings. Columns {@code row_count}, {@code digest}. */
    public static String ofView(QualifiedName view) {
        return "SELECT count(*) AS row_count, coalesce(sum(hashtextextended(v::text, 0)), 0) AS digest FROM "
                + Identifiers.quote(view) + " v";
    }
}
