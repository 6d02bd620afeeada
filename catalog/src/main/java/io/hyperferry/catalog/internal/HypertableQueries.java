package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.flag;
import static io.hyperferry.catalog.internal.Queries.name;
import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.optionalName;
import static io.hyperferry.catalog.internal.Queries.optionalNumber;
import static io.hyperferry.catalog.internal.Queries.optionalString;
import static io.hyperferry.catalog.internal.Queries.string;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.CompressedRelation;
import io.hyperferry.catalog.Dimension;
import io.hyperferry.catalog.Dimension.HashDimension;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.Hypertable.AdaptiveChunking;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.StorageRelation;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Hypertables with their dimensions and chunks; those behind compressed chunks are not among them. */
public final class HypertableQueries {
    private static final Comparator<Chunk> BY_RANGES = Comparator.comparing(
                    Chunk::ranges, HypertableQueries::compareRanges)
            .thenComparing(Chunk::name);

    /** Compression_state 2 marks the storage of compressed chunks. */
    static final String VISIBLE = "h.compression_state <> 2";

    private HypertableQueries() {}

    private record Of<T>(long owner, T value) {}

    /** Those that users see, and those in which continuous aggregates keep their rows. */
    public static List<Hypertable> read(Queries queries, Features features) {
        Columnstore columnstore = ColumnstoreQueries.read(queries, features);
        Properties properties = new Properties(
                grouped(dimensions(queries)),
                grouped(chunks(
                        queries,
                        features,
                        grouped(ranges(queries, features)),
                        columnstore,
                        CompressedRelationQueries.read(queries, features),
                        HiddenRowQueries.read(queries, features))),
                grouped(tablespaces(queries)),
                features.columnStatistics() ? grouped(skippingColumns(queries)) : Map.of(),
                columnstore);
        // hypertable.status came with 2.14; its bit 4 says "columnstore enabled" where compression_state no longer
        // does, and bit 8 "direct compress". Columns that come or go are read as JSON.
        return queries.list("""
                SELECT h.id, h.schema_name, h.table_name, h.associated_schema_name, h.associated_table_prefix,
                       c.oid::bigint AS oid,
                       h.compression_state = 1 OR coalesce((to_jsonb(h) ->> 'status')::int, 0) & 4 <> 0 AS columnstore,
                       coalesce((to_jsonb(h) ->> 'status')::int, 0) & 8 <> 0 AS direct_compress,
                       (SELECT (to_jsonb(d) ->> 'compress_interval_length')::bigint
                        FROM _timescaledb_catalog.dimension d
                        WHERE d.hypertable_id = h.id AND d.interval_length IS NOT NULL
                        ORDER BY d.id LIMIT 1) AS compress_interval,
                       coalesce((to_jsonb(h) ->> 'chunk_target_size')::bigint, 0) AS chunk_target_size,
                       to_jsonb(h) ->> 'chunk_sizing_func_schema' AS sizing_schema,
                       to_jsonb(h) ->> 'chunk_sizing_func_name' AS sizing_name,
                       coalesce((to_jsonb(h) ->> 'replication_factor')::int, 0) > 0 AS distributed
                FROM _timescaledb_catalog.hypertable h
                JOIN pg_namespace n ON n.nspname = h.schema_name
                JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = h.table_name
                WHERE {visible}
                ORDER BY h.schema_name COLLATE "C", h.table_name COLLATE "C"
                """.replace("{visible}", VISIBLE), row -> row).stream()
                // A damaged one may lack its dimensions.
                .filter(row -> properties.dimensions().getOrDefault(number(row, "id"), List.of()).stream()
                        .findFirst()
                        .filter(TimeDimension.class::isInstance)
                        .isPresent())
                .map(row -> hypertable(row, properties))
                .filter(it -> !queries.ignores(it.name()))
                .toList();
    }

    /** What hypertables have, by the hypertable's id. */
    private record Properties(
            Map<Long, List<Dimension>> dimensions,
            Map<Long, List<Chunk>> chunks,
            Map<Long, List<String>> tablespaces,
            Map<Long, List<String>> skippingColumns,
            Columnstore columnstore) {}

    private static Hypertable hypertable(Record row, Properties properties) {
        long id = number(row, "id");
        String prefix = string(row, "associated_table_prefix");
        return new Hypertable(
                name(row, "schema_name", "table_name"),
                properties.dimensions().getOrDefault(id, List.of()),
                properties.chunks().getOrDefault(id, List.of()).stream()
                        // A damaged one may lack ranges.
                        .filter(chunk -> chunk.ranges().size()
                                == properties
                                        .dimensions()
                                        .getOrDefault(id, List.of())
                                        .size())
                        .sorted(BY_RANGES)
                        .toList(),
                string(row, "associated_schema_name"),
                prefix.equals("_hyper_" + id) ? null : prefix,
                properties.tablespaces().getOrDefault(id, List.of()),
                properties.skippingColumns().getOrDefault(id, List.of()),
                flag(row, "columnstore")
                        ? properties
                                .columnstore()
                                .ofHypertable(
                                        number(row, "oid"),
                                        optionalNumber(row, "compress_interval"),
                                        flag(row, "direct_compress"))
                        : null,
                adaptiveChunking(row),
                flag(row, "distributed"));
    }

    private static @Nullable AdaptiveChunking adaptiveChunking(Record row) {
        long target = number(row, "chunk_target_size");
        return target > 0 ? new AdaptiveChunking(name(row, "sizing_schema", "sizing_name"), target) : null;
    }

    private static List<Of<String>> tablespaces(Queries queries) {
        return queries.list("""
                SELECT t.hypertable_id, t.tablespace_name
                FROM _timescaledb_catalog.tablespace t
                ORDER BY t.hypertable_id, t.id
                """, row -> new Of<>(number(row, "hypertable_id"), string(row, "tablespace_name")));
    }

    /** The row that marks a column belongs to no chunk: its chunk was 0 until 2.20 and is null since. */
    private static List<Of<String>> skippingColumns(Queries queries) {
        return queries.list("""
                SELECT s.hypertable_id, s.column_name
                FROM _timescaledb_catalog.chunk_column_stats s
                WHERE coalesce(s.chunk_id, 0) = 0
                ORDER BY s.hypertable_id, s.column_name COLLATE "C"
                """, row -> new Of<>(number(row, "hypertable_id"), string(row, "column_name")));
    }

    private static List<Of<Dimension>> dimensions(Queries queries) {
        return queries.list("""
                SELECT d.hypertable_id, d.column_name, format_type(d.column_type, NULL) AS column_type,
                       d.interval_length, d.num_slices, d.partitioning_func_schema, d.partitioning_func,
                       d.integer_now_func_schema, d.integer_now_func
                FROM _timescaledb_catalog.dimension d
                ORDER BY d.hypertable_id, d.id
                """, row -> new Of<>(number(row, "hypertable_id"), dimension(row)));
    }

    private static Dimension dimension(Record row) {
        QualifiedName function = optionalName(row, "partitioning_func_schema", "partitioning_func");
        if (optionalString(row, "interval_length") != null) {
            return new TimeDimension(
                    string(row, "column_name"),
                    string(row, "column_type"),
                    number(row, "interval_length"),
                    function,
                    optionalName(row, "integer_now_func_schema", "integer_now_func"));
        }
        return new HashDimension(
                string(row, "column_name"),
                string(row, "column_type"),
                Math.toIntExact(number(row, "num_slices")),
                isBuiltInHash(function) ? null : function);
    }

    private static boolean isBuiltInHash(@Nullable QualifiedName function) {
        return function != null
                && function.schema().startsWith("_timescaledb_")
                && function.name().equals("get_partition_hash");
    }

    private static List<Of<DimensionRange>> ranges(Queries queries, Features features) {
        return queries.list(
                """
                SELECT {chunk} AS chunk_id, d.column_name, s.range_start, s.range_end
                FROM {slices}
                JOIN _timescaledb_catalog.dimension d ON d.id = s.dimension_id
                ORDER BY {chunk}, d.id
                """.replace("{chunk}", chunkOfSlice(features)).replace("{slices}", slices(features)),
                row -> new Of<>(
                        number(row, "chunk_id"),
                        new DimensionRange(
                                string(row, "column_name"), number(row, "range_start"), number(row, "range_end"))));
    }

    /** The slices of dimensions that chunks have, as {@code s}. */
    static String slices(Features features) {
        return features.sliceHasChunk()
                ? "_timescaledb_catalog.dimension_slice s"
                : "_timescaledb_catalog.dimension_slice s"
                        + " JOIN _timescaledb_catalog.chunk_constraint k ON k.dimension_slice_id = s.id";
    }

    /** The id of the chunk that has one of {@link #slices}. */
    static String chunkOfSlice(Features features) {
        return features.sliceHasChunk() ? "s.chunk_id" : "k.chunk_id";
    }

    private static List<Of<Chunk>> chunks(
            Queries queries,
            Features features,
            Map<Long, List<DimensionRange>> rangesOf,
            Columnstore columnstore,
            Map<Long, CompressedRelation> compressed,
            Map<Long, Long> hidden) {
        return queries.list(
                """
                SELECT ch.hypertable_id, ch.id, ch.status, c.oid::bigint AS oid, n.nspname, c.relname,
                       greatest(c.reltuples, 0)::bigint + coalesce(z.numrows_pre_compression, 0) AS estimated_rows,
                       own.size + coalesce(z.uncompressed_heap_size + z.uncompressed_toast_size, 0) AS bytes,
                       own.size + coalesce(z.compressed_heap_size + z.compressed_toast_size, 0) AS stored_bytes,
                       coalesce((to_jsonb(ch) ->> 'osm_chunk')::boolean, false) AS tiered
                FROM _timescaledb_catalog.chunk ch
                JOIN pg_class c ON {relation}
                JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN _timescaledb_catalog.hypertable h ON h.id = ch.hypertable_id
                LEFT JOIN _timescaledb_catalog.compression_chunk_size z ON z.chunk_id = ch.id
                -- Asks the file system several times, hence once a chunk.
                CROSS JOIN LATERAL (SELECT coalesce(pg_table_size(c.oid), 0) AS size OFFSET 0) own
                WHERE {visible}
                """.replace("{relation}", relationOfChunk(features)).replace("{visible}", VISIBLE),
                row -> new Of<>(
                        number(row, "hypertable_id"),
                        new Chunk(
                                name(row, "nspname", "relname"),
                                number(row, "oid"),
                                rangesOf.getOrDefault(number(row, "id"), List.of()),
                                Math.toIntExact(number(row, "status")),
                                number(row, "estimated_rows"),
                                number(row, "bytes"),
                                number(row, "stored_bytes"),
                                columnstore.ofChunk(
                                        number(row, "id"), number(row, "hypertable_id"), number(row, "status")),
                                flag(row, "tiered"),
                                compressed.get(number(row, "id")),
                                hidden.getOrDefault(number(row, "id"), 0L))));
    }

    /** Whether a chunk {@code ch} with the relation {@code c} has a compressed relation, whatever its status says. */
    static String hasCompressedRelation(Features features) {
        return features.settingsHaveCompressedRelation()
                ? "EXISTS (SELECT FROM _timescaledb_catalog.compression_settings s JOIN pg_class r ON r.oid = s.compress_relid"
                        + " WHERE s.relid = c.oid)"
                : "EXISTS (SELECT FROM _timescaledb_catalog.chunk o WHERE o.id = ch.compressed_chunk_id"
                        + " AND to_regclass(format('%I.%I', o.schema_name, o.table_name)) IS NOT NULL)";
    }

    static String relationOfChunk(Features features) {
        return features.chunkHasRelid()
                ? "c.oid = ch.relid"
                : "c.relname = ch.table_name AND c.relnamespace ="
                        + " (SELECT s.oid FROM pg_namespace s WHERE s.nspname = ch.schema_name)";
    }

    /** Relations of chunks, compressed or not, that stand in a user's schema. */
    public static List<StorageRelation> storageRelations(Queries queries, Features features) {
        String compressed = features.settingsHaveCompressedRelation()
                ? "UNION SELECT s.compress_relid FROM _timescaledb_catalog.compression_settings s"
                : "";
        return queries.listOfUsers(
                """
                SELECT c.oid::bigint AS oid, n.nspname, c.relname
                FROM (SELECT c.oid FROM _timescaledb_catalog.chunk ch JOIN pg_class c ON {relation} {compressed}) storage
                JOIN pg_class c ON c.oid = storage.oid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE {user_object}
                ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
                """.replace("{relation}", relationOfChunk(features)).replace("{compressed}", compressed),
                "pg_class",
                "c.oid",
                row -> new StorageRelation(name(row, "nspname", "relname"), number(row, "oid")));
    }

    private static <T> Map<Long, List<T>> grouped(List<Of<T>> values) {
        return values.stream().collect(groupingBy(Of::owner, mapping(Of::value, toList())));
    }

    private static int compareRanges(List<DimensionRange> left, List<DimensionRange> right) {
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            int byFrom = Long.compare(left.get(i).from(), right.get(i).from());
            if (byFrom != 0) {
                return byFrom;
            }
            int byTo = Long.compare(left.get(i).to(), right.get(i).to());
            if (byTo != 0) {
                return byTo;
            }
        }
        return Integer.compare(left.size(), right.size());
    }
}
