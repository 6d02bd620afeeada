package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.quote;
import static java.util.stream.Collectors.joining;

import io.hyperferry.DigestMethod;
import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.QualifiedName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Queries for the number of rows and their digest; both are sums, so digests of parts add up to the digest of the whole. */
public final class DigestSql {
    /** As many calls within one another as no limit of a server's stack is near to. */
    private static final int MOST_CHAINED = 100;

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
            case RECORD_HASH -> rowHash(columns);
            case COUNT -> "0";
            case TEXT_HASH ->
                "hashtextextended(ROW("
                        + columns.stream().map(column -> quote(column.name())).collect(joining(", ")) + ")::text, 0)";
        };
    }

    /**
     * Where most columns allow it, the hash of each value begins where that of the one before it ended, so that values which columns or rows
     * exchange change the sum. That is twice as quick as to hash the row's binary form. Rows for which it would not be exact, those with a null or with a floating-point number that
     * is 0 or -0, are hashed by their binary form nevertheless, as are the columns of all other types.
     */
    private static String rowHash(List<Column> columns) {
        List<Column> chained = columns.stream()
                .filter(it -> it.scalar() && chained(it, "").isPresent())
                .limit(MOST_CHAINED)
                .toList();
        if (chained.size() < columns.size() - chained.size()) {
            return binaryHash(columns);
        }
        List<Column> others =
                columns.stream().filter(it -> !chained.contains(it)).toList();
        String hash = others.isEmpty() ? "0" : binaryHash(others);
        for (Column column : chained) {
            hash = chained(column, hash).orElseThrow();
        }
        return "CASE WHEN " + chained.stream().map(DigestSql::mayBeChained).collect(joining(" AND ")) + " THEN " + hash
                + " ELSE " + binaryHash(columns) + " END";
    }

    private static String mayBeChained(Column column) {
        return quote(column.name())
                + (column.type().equals("double precision") || column.type().equals("real") ? " <> 0" : " IS NOT NULL");
    }

    /**
     * The hash of a value that begins with another hash; empty for a type to whose hash function different values are the same. Of eight bytes of an
     * integer or a point in time, that function takes both halves together, and does not tell them apart; as a floating-point number they
     * can differ in the last bits only, in which case the former does.
     */
    private static Optional<String> chained(Column column, String hash) {
        String name = quote(column.name());
        String type = column.type().replaceAll("\\(\\d+\\)", "");
        return Optional.ofNullable(
                switch (type) {
                    case "smallint" -> "hashint2extended(" + name + ", " + hash + ")";
                    case "integer" -> "hashint4extended(" + name + ", " + hash + ")";
                    case "bigint" ->
                        "hashfloat8extended(" + name + "::float8, hashint8extended(" + name + ", " + hash + "))";
                    case "real" -> "hashfloat4extended(" + name + ", " + hash + ")";
                    case "double precision" -> "hashfloat8extended(" + name + ", " + hash + ")";
                    case "boolean" -> "hashint4extended(" + name + "::int4, " + hash + ")";
                    case "uuid" -> "uuid_hash_extended(" + name + ", " + hash + ")";
                    case "text", "character varying" ->
                        "hashtextextended(" + name + "::text COLLATE \"C\", " + hash + ")";
                    case "timestamp with time zone", "timestamp without time zone" ->
                        "hashfloat8extended(date_part('epoch', " + name + "), timestamp_hash_extended(" + name
                                + "::timestamp, " + hash + "))";
                    default -> null;
                });
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
}
