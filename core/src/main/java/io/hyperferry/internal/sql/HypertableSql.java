package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.literal;
import static io.hyperferry.internal.sql.Identifiers.quote;
import static io.hyperferry.internal.sql.Identifiers.regclass;
import static io.hyperferry.internal.sql.Identifiers.regproc;

import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.Dimension;
import io.hyperferry.catalog.Dimension.HashDimension;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.Hypertable.AdaptiveChunking;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Timescale;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes hypertables and chunks as they are on the source.
 *
 * @see <a href="https://docs.tigerdata.com/api/latest/hypertable/create_hypertable/">create_hypertable</a>
 */
public final class HypertableSql {
    /** create_chunk says how a chunk with these bounds is called, whether it made it or found it. */
    private static final String OF_CHUNK = "format('%I.%I', c.schema_name, c.table_name)::regclass) FROM ";

    private HypertableSql() {}

    /** The statements that make a plain table this hypertable, on a server with this TimescaleDB. */
    public static List<String> create(Hypertable hypertable, Timescale target) {
        List<String> sql = new ArrayList<>();
        TimeDimension time = hypertable.time();
        List<String> arguments = new ArrayList<>();
        arguments.add(regclass(hypertable.name()));
        arguments.add(literal(time.column()));
        arguments.add("chunk_time_interval => " + time.interval() + "::bigint");
        // The default index comes with the other indexes, after the rows.
        arguments.add("create_default_indexes => false");
        if (time.partitioningFunction() != null) {
            arguments.add("time_partitioning_func => " + regproc(time.partitioningFunction()));
        }
        if (!hypertable.associatedSchema().equals(Hypertable.DEFAULT_ASSOCIATED_SCHEMA)) {
            arguments.add("associated_schema_name => " + literal(hypertable.associatedSchema()));
        }
        if (hypertable.associatedPrefix() != null) {
            arguments.add("associated_table_prefix => " + literal(hypertable.associatedPrefix()));
        }
        sql.add(call(target, "create_hypertable", arguments));
        hypertable.dimensions().stream()
                .skip(1)
                .map(dimension -> addDimension(hypertable.name(), dimension, target))
                .forEach(sql::add);
        for (Dimension dimension : hypertable.dimensions()) {
            if (dimension instanceof TimeDimension ranged && ranged.integerNow() != null) {
                sql.add(call(
                        target,
                        "set_integer_now_func",
                        List.of(regclass(hypertable.name()), regproc(ranged.integerNow()))));
            }
        }
        for (String tablespace : hypertable.tablespaces()) {
            // The root's own tablespace is attached already.
            sql.add(call(
                    target,
                    "attach_tablespace",
                    List.of(literal(tablespace), regclass(hypertable.name()), "if_not_attached => true")));
        }
        if (!hypertable.skippingColumns().isEmpty()) {
            sql.add("SET LOCAL timescaledb.enable_chunk_skipping = on");
            for (String column : hypertable.skippingColumns()) {
                sql.add(call(target, "enable_chunk_skipping", List.of(regclass(hypertable.name()), literal(column))));
            }
        }
        @Nullable AdaptiveChunking adaptive = hypertable.adaptiveChunking();
        if (adaptive != null) {
            sql.add(call(
                    target,
                    "set_adaptive_chunking",
                    List.of(
                            regclass(hypertable.name()),
                            literal(adaptive.targetBytes() + "B"),
                            "chunk_sizing_func => " + regproc(adaptive.function()))));
        }
        return sql;
    }

    private static String addDimension(QualifiedName table, Dimension dimension, Timescale target) {
        List<String> arguments = new ArrayList<>();
        arguments.add(regclass(table));
        arguments.add(literal(dimension.column()));
        if (dimension instanceof HashDimension hash) {
            arguments.add("number_partitions => " + hash.partitions());
        } else if (dimension instanceof TimeDimension ranged) {
            arguments.add("chunk_time_interval => " + ranged.interval() + "::bigint");
        }
        QualifiedName function = dimension.partitioningFunction();
        if (function != null) {
            arguments.add("partitioning_func => " + regproc(function));
        }
        return call(target, "add_dimension", arguments);
    }

    private static String call(Timescale target, String function, List<String> arguments) {
        return "SELECT " + quote(target.schema()) + "." + function + "(" + String.join(", ", arguments) + ")";
    }

    /** The statement that creates a chunk with these bounds; it does nothing where the chunk exists. Community edition only. */
    public static String createChunk(Root hypertable, Chunk chunk, Timescale target) {
        return "SELECT " + createChunkCall(hypertable, chunk, target);
    }

    /** The statement that compresses the chunk with these bounds; it does nothing where that is done. */
    public static String compressChunk(Root hypertable, Chunk chunk, Timescale target) {
        return "SELECT " + quote(target.schema()) + ".compress_chunk(" + OF_CHUNK
                + createChunkCall(hypertable, chunk, target) + " c";
    }

    /** The name of the chunk with these bounds. Columns {@code schema_name} and {@code table_name}. */
    public static String chunkName(Root hypertable, Chunk chunk, Timescale target) {
        return "SELECT c.schema_name, c.table_name FROM " + createChunkCall(hypertable, chunk, target) + " c";
    }

    /** The statement that opens the compressed chunk with these bounds. */
    public static String decompressChunk(Root hypertable, Chunk chunk, Timescale target) {
        return "SELECT " + quote(target.schema()) + ".decompress_chunk(" + OF_CHUNK
                + createChunkCall(hypertable, chunk, target) + " c";
    }

    /** The statement that opens a compressed chunk and compresses it again, with all rows that its relation has. */
    public static String compressAgain(QualifiedName chunk, Timescale timescale) {
        String schema = quote(timescale.schema());
        return "SELECT " + schema + ".compress_chunk(" + schema + ".decompress_chunk(" + regclass(chunk) + "))";
    }

    /** The statement that freezes the chunk with these bounds. */
    public static String freezeChunk(Root hypertable, Chunk chunk, Timescale target) {
        return "SELECT " + quote(target.functionSchema()) + ".freeze_chunk(" + OF_CHUNK
                + createChunkCall(hypertable, chunk, target) + " c";
    }

    private static String createChunkCall(Root hypertable, Chunk chunk, Timescale target) {
        StringBuilder slices = new StringBuilder("{");
        for (DimensionRange range : chunk.ranges()) {
            slices.append(slices.length() == 1 ? "" : ", ")
                    .append(jsonString(range.column()))
                    .append(": [")
                    .append(range.from())
                    .append(", ")
                    .append(range.to())
                    .append(']');
        }
        slices.append('}');
        return quote(target.functionSchema()) + ".create_chunk(" + hypertable.regclass() + ", "
                + literal(slices.toString()) + ")";
    }

    private static String jsonString(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\').appendCodePoint(c);
            } else if (c < 0x20) {
                json.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                json.appendCodePoint(c);
            }
        });
        return json.append('"').toString();
    }
}
