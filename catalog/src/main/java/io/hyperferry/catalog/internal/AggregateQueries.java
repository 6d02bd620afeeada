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
import static java.util.stream.Collectors.toMap;

import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.ContinuousAggregate.Invalidation;
import io.hyperferry.catalog.ContinuousAggregate.State;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.Index;
import io.hyperferry.catalog.QualifiedName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Continuous aggregates, with what TimescaleDB knows about the age of their rows. */
public final class AggregateQueries {
    private AggregateQueries() {}

    private record Of<T>(long id, T value) {}

    /**
     * All of them, what one reads before itself.
     *
     * @param hypertables all hypertables, those that hold the aggregates' rows included
     * @param columns columns by the OIDs of their tables
     */
    public static List<ContinuousAggregate> read(
            Queries queries,
            Features features,
            Map<QualifiedName, Hypertable> hypertables,
            Map<Long, List<Column>> columns,
            Roles roles) {
        Map<Long, List<Index>> indexes =
                indexes(queries).stream().collect(groupingBy(Of::id, mapping(Of::value, toList())));
        Map<Long, List<Invalidation>> invalid =
                invalidations(queries, features).stream().collect(groupingBy(Of::id, mapping(Of::value, toList())));
        // "finalized" went with 2.25; until 2.16 a bucket of fixed width had no row about its function, but a column.
        List<ContinuousAggregate> found = queries.list("""
                        SELECT a.mat_hypertable_id AS id, a.user_view_schema, a.user_view_name, a.materialized_only,
                               coalesce((to_jsonb(a) ->> 'finalized')::boolean, true) AS finalized,
                               pg_get_userbyid(v.relowner) AS owner, pg_get_viewdef(d.oid) AS definition,
                               s.schema_name, s.table_name, sc.oid::bigint AS storage,
                               r.schema_name AS raw_schema, r.table_name AS raw_table,
                               p.user_view_schema AS parent_schema, p.user_view_name AS parent_name,
                               coalesce((to_jsonb(f) ->> 'experimental')::boolean, to_jsonb(f) ->> 'bucket_func'
                                   LIKE 'timescaledb_experimental.%', false) AS experimental,
                               coalesce(to_jsonb(f) ->> 'bucket_width', to_jsonb(a) ->> 'bucket_width') AS bucket_width,
                               nullif(coalesce(to_jsonb(f) ->> 'bucket_origin', to_jsonb(f) ->> 'origin'), '') AS origin,
                               to_jsonb(f) ->> 'bucket_offset' AS bucket_offset,
                               nullif(coalesce(to_jsonb(f) ->> 'bucket_timezone', to_jsonb(f) ->> 'timezone'), '')
                                   AS bucket_timezone, x.nspname AS extension_schema,
                               w.watermark, t.watermark AS threshold
                        FROM _timescaledb_catalog.continuous_agg a
                        JOIN pg_class v ON v.oid = to_regclass(format('%I.%I', a.user_view_schema, a.user_view_name))
                        JOIN pg_class d ON d.oid = to_regclass(format('%I.%I', a.direct_view_schema, a.direct_view_name))
                        JOIN _timescaledb_catalog.hypertable s ON s.id = a.mat_hypertable_id
                        JOIN pg_class sc ON sc.oid = to_regclass(format('%I.%I', s.schema_name, s.table_name))
                        JOIN _timescaledb_catalog.hypertable r ON r.id = a.raw_hypertable_id
                        JOIN pg_extension e ON e.extname = 'timescaledb'
                        JOIN pg_namespace x ON x.oid = e.extnamespace
                        LEFT JOIN _timescaledb_catalog.continuous_agg p ON p.mat_hypertable_id = a.raw_hypertable_id
                        LEFT JOIN _timescaledb_catalog.continuous_aggs_bucket_function f
                            ON f.mat_hypertable_id = a.mat_hypertable_id
                        LEFT JOIN _timescaledb_catalog.continuous_aggs_watermark w
                            ON w.mat_hypertable_id = a.mat_hypertable_id
                        LEFT JOIN _timescaledb_catalog.continuous_aggs_invalidation_threshold t
                            ON t.hypertable_id = a.raw_hypertable_id
                        ORDER BY a.user_view_schema COLLATE "C", a.user_view_name COLLATE "C"
                        """, row -> row).stream()
                // A damaged one may lack its hypertable.
                .filter(row -> hypertables.containsKey(name(row, "schema_name", "table_name")))
                .map(row -> aggregate(row, queries, features, hypertables, columns, indexes, invalid, roles))
                .filter(it -> !queries.ignores(it.name()))
                .toList();
        return parentsFirst(found);
    }

    private static ContinuousAggregate aggregate(
            Record row,
            Queries queries,
            Features features,
            Map<QualifiedName, Hypertable> hypertables,
            Map<Long, List<Column>> columns,
            Map<Long, List<Index>> indexes,
            Map<Long, List<Invalidation>> invalid,
            Roles roles) {
        long id = number(row, "id");
        Hypertable storage = Objects.requireNonNull(hypertables.get(name(row, "schema_name", "table_name")), "storage");
        @Nullable QualifiedName parent = optionalName(row, "parent_schema", "parent_name");
        String definition = string(row, "definition").strip();
        long width = width(queries, optionalString(row, "bucket_width"));
        return new ContinuousAggregate(
                name(row, "user_view_schema", "user_view_name"),
                parent == null ? name(row, "raw_schema", "raw_table") : parent,
                roles.name(string(row, "owner")),
                definition.endsWith(";") ? definition.substring(0, definition.length() - 1) : definition,
                flag(row, "materialized_only"),
                flag(row, "finalized"),
                storage,
                columns.getOrDefault(number(row, "storage"), List.of()),
                indexes.getOrDefault(id, List.of()),
                width,
                flag(row, "experimental"),
                state(
                        row,
                        queries,
                        features,
                        storage,
                        width,
                        hypertables.get(name(row, "raw_schema", "raw_table")),
                        invalid.getOrDefault(id, List.of())));
    }

    private static State state(
            Record row,
            Queries queries,
            Features features,
            Hypertable storage,
            long length,
            @Nullable Hypertable source,
            List<Invalidation> noted) {
        // A refresh from the beginning leaves a note of what comes before the first whole bucket, where no row can be.
        long firstWhole = first(storage) + length;
        List<Invalidation> invalid = Invalidation.merge(
                noted.stream().filter(it -> it.greatest() >= firstWhole).toList());
        List<Invalidation> chunks = source == null
                ? List.of()
                : Invalidation.merge(source.chunks().stream()
                        .map(it -> it.ranges().get(0))
                        .map(AggregateQueries::inclusive)
                        .toList());
        @Nullable Long watermark = unlessFirst(optionalNumber(row, "watermark"), storage);
        @Nullable Long threshold = unlessFirst(optionalNumber(row, "threshold"), storage);
        String width = optionalString(row, "bucket_width");
        if (flag(row, "experimental") || width == null) {
            return new State(watermark, threshold, invalid, chunks);
        }
        boolean micros = width.matches("-?\\d+") && !isInteger(storage);
        BucketQueries buckets = new BucketQueries(
                storage.time().columnType(),
                micros ? width + " microseconds" : width,
                length,
                optionalString(row, "origin"),
                optionalString(row, "bucket_offset"),
                optionalString(row, "bucket_timezone"),
                DSL.quotedName(string(row, "extension_schema")).toString(),
                features.functionSchema());
        return new State(watermark, threshold, buckets.around(queries, invalid), buckets.wholeFrom(queries, chunks));
    }

    private static Invalidation inclusive(DimensionRange range) {
        return new Invalidation(
                range.from(), range.to() == DimensionRange.UNBOUNDED_TO ? Long.MAX_VALUE : range.to() - 1);
    }

    private static @Nullable Long unlessFirst(@Nullable Long moment, Hypertable storage) {
        return moment == null || moment <= first(storage) ? null : moment;
    }

    private static long first(Hypertable storage) {
        return switch (storage.time().columnType()) {
            case "smallint" -> Short.MIN_VALUE;
            case "integer" -> Integer.MIN_VALUE;
            case "bigint" -> Long.MIN_VALUE;
            default -> BucketQueries.FIRST_TIMESTAMP;
        };
    }

    private static boolean isInteger(Hypertable storage) {
        return List.of("smallint", "integer", "bigint").contains(storage.time().columnType());
    }

    /** The width of a bucket is a number of the internal unit, or an interval. */
    private static long width(Queries queries, @Nullable String text) {
        if (text == null) {
            return 0;
        }
        if (text.matches("-?\\d+")) {
            return Long.parseLong(text);
        }
        return Long.parseLong(queries.text("""
                SELECT (((extract(year FROM w) * 12 + extract(month FROM w)) * 31 + extract(day FROM w)) * 86400
                    + extract(hour FROM w) * 3600 + extract(minute FROM w) * 60 + extract(second FROM w))::numeric
                    * 1000000 FROM CAST(? AS interval) AS w""", text).replaceAll("\\..*", ""));
    }

    /** The names that TimescaleDB makes hold the storage's, so the statement leaves the choice to the server again. */
    private static List<Of<Index>> indexes(Queries queries) {
        return queries.list(
                """
                SELECT a.mat_hypertable_id AS id, a.user_view_schema, a.user_view_name, i.relname,
                       replace(
                           CASE WHEN starts_with(i.relname, s.table_name::text)
                               THEN replace(pg_get_indexdef(i.oid), 'INDEX ' || quote_ident(i.relname) || ' ON ', 'INDEX ON ')
                               ELSE pg_get_indexdef(i.oid) END,
                           format(' ON %I.%I USING ', s.schema_name, s.table_name),
                           format(' ON %I.%I USING ', a.user_view_schema, a.user_view_name)) AS definition
                FROM _timescaledb_catalog.continuous_agg a
                JOIN _timescaledb_catalog.hypertable s ON s.id = a.mat_hypertable_id
                JOIN pg_index x ON x.indrelid = to_regclass(format('%I.%I', s.schema_name, s.table_name))
                JOIN pg_class i ON i.oid = x.indexrelid
                ORDER BY a.mat_hypertable_id, i.relname COLLATE "C"
                """,
                row -> new Of<>(
                        number(row, "id"),
                        new Index(
                                name(row, "user_view_schema", "user_view_name"),
                                string(row, "relname"),
                                string(row, "definition"))));
    }

    /** What a refresh would look at: what it noted for this aggregate, what of its source it has not distributed, and what was begun. */
    private static List<Of<Invalidation>> invalidations(Queries queries, Features features) {
        String begun = features.materializationRanges() ? """
                  UNION ALL
                  SELECT r.materialization_id, r.lowest_modified_value, r.greatest_modified_value
                  FROM _timescaledb_catalog.continuous_aggs_materialization_ranges r""" : "";
        return queries.list(
                """
                SELECT i.materialization_id AS id, i.lowest_modified_value AS lowest, i.greatest_modified_value AS greatest
                FROM (
                    SELECT l.materialization_id, l.lowest_modified_value, l.greatest_modified_value
                    FROM _timescaledb_catalog.continuous_aggs_materialization_invalidation_log l
                    UNION ALL
                    SELECT a.mat_hypertable_id, h.lowest_modified_value, h.greatest_modified_value
                    FROM _timescaledb_catalog.continuous_aggs_hypertable_invalidation_log h
                    JOIN _timescaledb_catalog.continuous_agg a ON a.raw_hypertable_id = h.hypertable_id
                    {begun}
                ) i
                WHERE i.materialization_id IS NOT NULL
                """.replace("{begun}", begun),
                row -> new Of<>(number(row, "id"), new Invalidation(number(row, "lowest"), number(row, "greatest"))));
    }

    private static List<ContinuousAggregate> parentsFirst(List<ContinuousAggregate> found) {
        Map<QualifiedName, ContinuousAggregate> open =
                found.stream().collect(toMap(ContinuousAggregate::name, it -> it, (a, b) -> a, LinkedHashMap::new));
        List<ContinuousAggregate> ordered = new ArrayList<>();
        while (!open.isEmpty()) {
            List<ContinuousAggregate> next = open.values().stream()
                    .filter(it -> !open.containsKey(it.source()))
                    .toList();
            next.forEach(it -> open.remove(it.name()));
            ordered.addAll(next);
        }
        return ordered;
    }
}
