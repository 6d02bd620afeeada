package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.optionalName;
import static io.hyperferry.catalog.internal.Queries.string;

import io.hyperferry.catalog.CatalogDamage;
import io.hyperferry.catalog.CatalogDamage.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares TimescaleDB's catalog with what is there. Reads catalogs alone, and no row of a hypertable: some damages crash a server that reads what they are
 * about. Each query looks at all objects at once.
 */
public final class DamageQueries {
    /** Chunks that are there and hold rows themselves, as {@code ch}, with their hypertable as {@code h}. */
    private static final String CHUNKS = """
            _timescaledb_catalog.chunk ch
            JOIN _timescaledb_catalog.hypertable h ON h.id = ch.hypertable_id AND {visible}
            LEFT JOIN pg_class c ON {relation}
            """;

    private static final String THERE = """
            NOT coalesce((to_jsonb(ch) ->> 'dropped')::boolean, false)
            AND NOT coalesce((to_jsonb(ch) ->> 'osm_chunk')::boolean, false)""";

    private final Queries queries;
    private final Features features;
    private final List<CatalogDamage> damages = new ArrayList<>();

    private DamageQueries(Queries queries, Features features) {
        this.queries = queries;
        this.features = features;
    }

    /** All damages. */
    public static List<CatalogDamage> read(Queries queries) {
        if (!queries.holds("EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')")) {
            return List.of();
        }
        DamageQueries damaged = new DamageQueries(queries, Features.of(queries));
        damaged.hypertables();
        damaged.chunks();
        damaged.compressedChunks();
        damaged.ranges();
        damaged.aggregates();
        damaged.jobs();
        return damaged.damages.stream()
                .filter(damage -> damage.relation() == null || !queries.ignores(damage.relation()))
                .toList();
    }

    /**
     * Adds what a query finds: the columns {@code relation_schema} and {@code relation_name}, which may be null, and {@code object}.
     *
     * @param sql the query, with {@code {chunks}}, {@code {there}}, {@code {relation}} and {@code {visible}} for what chunks are
     */
    private void add(Kind kind, String sql) {
        String complete = sql.replace("{chunks}", CHUNKS)
                .replace("{there}", THERE)
                .replace("{relation}", HypertableQueries.relationOfChunk(features))
                .replace("{visible}", HypertableQueries.VISIBLE)
                .replace(
                        "{name}",
                        features.chunkHasRelid() ? "ch.relid::text" : "format('%I.%I', ch.schema_name, ch.table_name)");
        damages.addAll(queries.list(
                complete,
                row -> new CatalogDamage(
                        kind, optionalName(row, "relation_schema", "relation_name"), string(row, "object"))));
    }

    private void hypertables() {
        add(Kind.HYPERTABLE_WITHOUT_RELATION, """
                SELECT h.schema_name AS relation_schema, h.table_name AS relation_name,
                       'hypertable ' || format('%I.%I', h.schema_name, h.table_name) AS object
                FROM _timescaledb_catalog.hypertable h
                WHERE {visible} AND to_regclass(format('%I.%I', h.schema_name, h.table_name)) IS NULL
                    AND NOT EXISTS (SELECT FROM _timescaledb_catalog.continuous_agg a WHERE a.mat_hypertable_id = h.id)
                ORDER BY h.id""");
        add(Kind.HYPERTABLE_WITHOUT_DIMENSION, """
                SELECT h.schema_name AS relation_schema, h.table_name AS relation_name,
                       'hypertable ' || format('%I.%I', h.schema_name, h.table_name) AS object
                FROM _timescaledb_catalog.hypertable h
                WHERE {visible} AND to_regclass(format('%I.%I', h.schema_name, h.table_name)) IS NOT NULL
                    AND (NOT EXISTS (SELECT FROM _timescaledb_catalog.dimension d
                                     WHERE d.hypertable_id = h.id AND d.interval_length IS NOT NULL)
                         OR EXISTS (SELECT FROM _timescaledb_catalog.dimension d
                                    WHERE d.hypertable_id = h.id AND NOT EXISTS (SELECT FROM pg_attribute a
                                        WHERE a.attrelid = to_regclass(format('%I.%I', h.schema_name, h.table_name))
                                            AND a.attname = d.column_name AND NOT a.attisdropped)))
                ORDER BY h.id""");
    }

    private void chunks() {
        add(Kind.CHUNK_WITHOUT_RELATION, """
                SELECT h.schema_name AS relation_schema, h.table_name AS relation_name, 'chunk ' || {name} AS object
                FROM {chunks}
                WHERE c.oid IS NULL AND {there}
                ORDER BY ch.id""");
        add(Kind.RELATION_WITHOUT_CHUNK, """
                SELECT h.schema_name AS relation_schema, h.table_name AS relation_name,
                       'relation ' || i.inhrelid::regclass::text AS object
                FROM _timescaledb_catalog.hypertable h
                JOIN pg_inherits i ON i.inhparent = to_regclass(format('%I.%I', h.schema_name, h.table_name))
                WHERE {visible} AND NOT EXISTS (SELECT FROM _timescaledb_catalog.chunk ch JOIN pg_class c ON {relation}
                    WHERE c.oid = i.inhrelid)
                ORDER BY i.inhrelid""");
        if (features.settingsPerRelation()) {
            add(Kind.SETTINGS_WITHOUT_RELATION, """
                    SELECT NULL AS relation_schema, NULL AS relation_name, 'settings of relation ' || s.relid::oid AS object
                    FROM _timescaledb_catalog.compression_settings s
                    WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = s.relid)
                    ORDER BY s.relid::oid""");
        }
    }

    private void compressedChunks() {
        String compressed = HypertableQueries.hasCompressedRelation(features);
        add(Kind.COMPRESSED_WITHOUT_RELATION, """
                SELECT h.schema_name AS relation_schema, h.table_name AS relation_name, 'chunk ' || {name} AS object
                FROM {chunks}
                WHERE c.oid IS NOT NULL AND ch.status & 1 = 1 AND {there} AND NOT {compressed}
                ORDER BY ch.id""".replace("{compressed}", compressed));
        add(Kind.RELATION_WITHOUT_COMPRESSED, """
                SELECT h.schema_name AS relation_schema, h.table_name AS relation_name, 'chunk ' || {name} AS object
                FROM {chunks}
                WHERE c.oid IS NOT NULL AND ch.status & 1 = 0 AND {there} AND {compressed}
                ORDER BY ch.id""".replace("{compressed}", compressed));
    }

    private void ranges() {
        String slices = "FROM " + HypertableQueries.slices(features)
                + " JOIN _timescaledb_catalog.dimension d ON d.id = s.dimension_id"
                + " GROUP BY " + HypertableQueries.chunkOfSlice(features);
        add(Kind.CHUNK_WITHOUT_RANGE, """
                SELECT h.schema_name AS relation_schema, h.table_name AS relation_name, 'chunk ' || {name} AS object
                FROM {chunks}
                LEFT JOIN (SELECT {chunk} AS chunk, count(*) AS ranges {slices}) r ON r.chunk = ch.id
                WHERE c.oid IS NOT NULL AND {there} AND coalesce(r.ranges, 0) <
                    (SELECT count(*) FROM _timescaledb_catalog.dimension d WHERE d.hypertable_id = h.id)
                ORDER BY ch.id""".replace("{chunk}", HypertableQueries.chunkOfSlice(features))
                .replace("{slices}", slices));
        // Of chunks with the same ranges in all other dimensions, each begins where the one before it has ended.
        add(Kind.OVERLAPPING_CHUNKS, """
                SELECT relation_schema, relation_name, object
                FROM (SELECT h.schema_name AS relation_schema, h.table_name AS relation_name, 'chunk ' || {name} AS object, ch.id,
                             r.starts[1] AS range_start,
                             max(r.ends[1]) OVER (PARTITION BY h.id, r.starts[2:], r.ends[2:] ORDER BY r.starts[1], ch.id
                                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS end_before
                      FROM {chunks}
                      JOIN (SELECT {chunk} AS chunk, array_agg(s.range_start ORDER BY d.id) AS starts,
                                   array_agg(s.range_end ORDER BY d.id) AS ends {slices}) r ON r.chunk = ch.id
                      WHERE c.oid IS NOT NULL AND {there}) ordered
                WHERE range_start < end_before
                ORDER BY id""".replace("{chunk}", HypertableQueries.chunkOfSlice(features))
                .replace("{slices}", slices));
    }

    private void aggregates() {
        aggregate(
                Kind.AGGREGATE_WITHOUT_VIEW,
                "to_regclass(format('%I.%I', a.user_view_schema, a.user_view_name)) IS NULL");
        aggregate(
                Kind.AGGREGATE_WITHOUT_DEFINITION,
                "to_regclass(format('%I.%I', a.direct_view_schema, a.direct_view_name)) IS NULL"
                        + " OR to_regclass(format('%I.%I', a.partial_view_schema, a.partial_view_name)) IS NULL");
        aggregate(Kind.AGGREGATE_WITHOUT_STORAGE, hypertableIsGone("a.mat_hypertable_id"));
        aggregate(Kind.AGGREGATE_WITHOUT_SOURCE, hypertableIsGone("a.raw_hypertable_id"));
    }

    private static String hypertableIsGone(String id) {
        return "NOT EXISTS (SELECT FROM _timescaledb_catalog.hypertable g WHERE g.id = " + id
                + " AND to_regclass(format('%I.%I', g.schema_name, g.table_name)) IS NOT NULL)";
    }

    private void aggregate(Kind kind, String condition) {
        add(kind, """
                SELECT a.user_view_schema AS relation_schema, a.user_view_name AS relation_name,
                       'continuous aggregate ' || format('%I.%I', a.user_view_schema, a.user_view_name) AS object
                FROM _timescaledb_catalog.continuous_agg a
                WHERE {condition}
                ORDER BY a.mat_hypertable_id""".replace("{condition}", condition));
    }

    private void jobs() {
        add(Kind.JOB_WITHOUT_HYPERTABLE, """
                SELECT NULL AS relation_schema, NULL AS relation_name, 'job ' || j.id AS object
                FROM {jobs} j
                WHERE j.id >= 1000 AND j.hypertable_id IS NOT NULL
                    AND NOT EXISTS (SELECT FROM _timescaledb_catalog.hypertable h WHERE h.id = j.hypertable_id)
                ORDER BY j.id""".replace("{jobs}", features.jobTable()));
    }
}
