package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.flag;
import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.optionalStrings;
import static io.hyperferry.catalog.internal.Queries.string;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.ColumnstoreSettings.SparseIndex;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Settings of the columnstore, of hypertables and of the chunks that are in it. */
final class ColumnstoreQueries {
    private ColumnstoreQueries() {}

    private record Stored(
            long hypertable, long relation, @Nullable Long chunk, ColumnstoreSettings settings) {}

    private record IndexOf(long relation, SparseIndex index) {}

    static Columnstore read(Queries queries, Features features) {
        return features.settingsPerRelation() ? perRelation(queries, features) : perHypertable(queries);
    }

    private static Columnstore perRelation(Queries queries, Features features) {
        Map<Long, List<SparseIndex>> indexes = features.settingsHaveIndex()
                ? indexes(queries).stream().collect(groupingBy(IndexOf::relation, mapping(IndexOf::index, toList())))
                : Map.of();
        List<Stored> stored =
                queries.list("""
                SELECT 0 AS hypertable, s.relid::oid::bigint AS relation, chunks.id AS chunk,
                       s.segmentby, s.orderby, s.orderby_desc, s.orderby_nullsfirst
                FROM _timescaledb_catalog.compression_settings s
                LEFT JOIN ({chunks}) chunks ON chunks.relation = s.relid
                """.replace("{chunks}", chunks(features)), row -> stored(row, features, indexes));
        return new Columnstore(
                stored.stream().filter(it -> it.chunk() == null).collect(toMap(Stored::relation, Stored::settings)),
                stored.stream().filter(it -> it.chunk() != null).collect(toMap(Stored::chunk, Stored::settings)),
                Map.of());
    }

    /** Which relation names a chunk's settings: the chunk itself since 2.19, before that the relation of its compressed rows. */
    private static String chunks(Features features) {
        if (features.settingsHaveCompressedRelation()) {
            return "SELECT ch.id, c.oid AS relation FROM _timescaledb_catalog.chunk ch JOIN pg_class c ON "
                    + HypertableQueries.relationOfChunk(features);
        }
        return """
                SELECT of.id, c.oid AS relation
                FROM _timescaledb_catalog.chunk of
                JOIN _timescaledb_catalog.chunk ch ON ch.id = of.compressed_chunk_id
                JOIN pg_class c ON {relation}""".replace("{relation}", HypertableQueries.relationOfChunk(features));
    }

    /** A null list of segments is an open question since there are sparse indexes; before, it is none. */
    private static Stored stored(Record row, Features features, Map<Long, List<SparseIndex>> indexes) {
        long relation = number(row, "relation");
        @Nullable List<String> segments = optionalStrings(row, "segmentby");
        return new Stored(
                number(row, "hypertable"),
                relation,
                row.get("chunk", Long.class),
                new ColumnstoreSettings(
                        segments == null && !features.settingsHaveIndex() ? List.of() : segments,
                        order(row),
                        null,
                        indexes.getOrDefault(relation, List.of()),
                        false));
    }

    private static @Nullable List<Order> order(Record row) {
        @Nullable List<String> columns = optionalStrings(row, "orderby");
        Boolean[] descending = row.get("orderby_desc", Boolean[].class);
        Boolean[] nullsFirst = row.get("orderby_nullsfirst", Boolean[].class);
        if (columns == null || descending == null || nullsFirst == null) {
            return null;
        }
        return IntStream.range(0, columns.size())
                .mapToObj(i -> new Order(columns.get(i), descending[i], nullsFirst[i]))
                .toList();
    }

    /** An index without a type says only that the user wants none. */
    private static List<IndexOf> indexes(Queries queries) {
        return queries.list(
                """
                SELECT s.relid::oid::bigint AS relation, i.value ->> 'type' AS type,
                       CASE jsonb_typeof(i.value -> 'column')
                            WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(i.value -> 'column'))
                            ELSE ARRAY[i.value ->> 'column'] END AS columns
                FROM _timescaledb_catalog.compression_settings s
                CROSS JOIN LATERAL jsonb_array_elements(s.index) WITH ORDINALITY i(value, n)
                WHERE i.value ->> 'source' = 'config' AND i.value ->> 'type' IS NOT NULL
                ORDER BY s.relid::oid, i.n
                """,
                row -> new IndexOf(
                        number(row, "relation"),
                        new SparseIndex(string(row, "type"), List.of(row.get("columns", String[].class)))));
    }

    private record ColumnOf(long hypertable, long relation, boolean segment, Order order) {}

    /** Before 2.14 all compressed chunks of a hypertable have the hypertable's settings. */
    private static Columnstore perHypertable(Queries queries) {
        Map<Long, List<ColumnOf>> columns = queries
                .list(
                        """
                        SELECT h.id AS hypertable, c.oid::bigint AS relation, z.attname,
                               z.segmentby_column_index IS NOT NULL AS segment,
                               coalesce(NOT z.orderby_asc, false) AS descending,
                               coalesce(z.orderby_nullsfirst, false) AS nulls_first
                        FROM _timescaledb_catalog.hypertable_compression z
                        JOIN _timescaledb_catalog.hypertable h ON h.id = z.hypertable_id
                        JOIN pg_namespace n ON n.nspname = h.schema_name
                        JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = h.table_name
                        WHERE z.segmentby_column_index IS NOT NULL OR z.orderby_column_index IS NOT NULL
                        ORDER BY h.id, z.segmentby_column_index, z.orderby_column_index
                        """,
                        row -> new ColumnOf(
                                number(row, "hypertable"),
                                number(row, "relation"),
                                flag(row, "segment"),
                                new Order(string(row, "attname"), flag(row, "descending"), flag(row, "nulls_first"))))
                .stream()
                .collect(groupingBy(ColumnOf::hypertable));
        List<Stored> stored = columns.values().stream()
                .map(of -> new Stored(of.get(0).hypertable(), of.get(0).relation(), null, settings(of)))
                .toList();
        return new Columnstore(
                stored.stream().collect(toMap(Stored::relation, Stored::settings)),
                Map.of(),
                stored.stream().collect(toMap(Stored::hypertable, Stored::settings)));
    }

    private static ColumnstoreSettings settings(List<ColumnOf> columns) {
        List<Order> order = columns.stream()
                .filter(it -> !it.segment())
                .map(ColumnOf::order)
                .toList();
        return new ColumnstoreSettings(
                columns.stream()
                        .filter(ColumnOf::segment)
                        .map(it -> it.order().column())
                        .toList(),
                order.isEmpty() ? null : order,
                null,
                List.of(),
                false);
    }
}
