package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.name;
import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.string;
import static java.util.stream.Collectors.toMap;

import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.CompressedRelation;
import io.hyperferry.catalog.CompressedRelation.Layout;
import io.hyperferry.catalog.CompressionSizes;
import io.hyperferry.catalog.QualifiedName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Record;
import org.jooq.impl.DSL;

/**
 * Relations of compressed rows. Those whose tuples mean nothing without what else their chunk has are not among them: unordered ones, since
 * queries take another chunk's tuples for ordered; chunks in the access method hypercore, whose row-store part cannot be read alone; and chunks
 * that were there when a column with a default was added, which is then what a null in the compressed column means. Before 2.14 nothing says how
 * a chunk was compressed.
 */
public final class CompressedRelationQueries {
    /** Compressed, and not unordered. */
    private static final String ORDERED = "status & 3 = 1";

    private static final String SETTINGS = "concat_ws(' ', coalesce(s.segmentby, '{}'), coalesce(s.orderby, '{}'),"
            + " coalesce(s.orderby_desc, '{}'), coalesce(s.orderby_nullsfirst, '{}'))";

    private CompressedRelationQueries() {}

    /** The compressed relations, by the id of the chunk. */
    static Map<Long, CompressedRelation> read(Queries queries, Features features) {
        if (!features.settingsPerRelation()) {
            return Map.of();
        }
        Map<Layout, Layout> layouts = new HashMap<>();
        return queries.list(sql(features, "true"), row -> row).stream()
                .collect(toMap(row -> number(row, "chunk"), row -> relation(row, layouts)));
    }

    /** There are few layouts, and thousands of chunks. */
    private static CompressedRelation relation(Record row, Map<Layout, Layout> layouts) {
        Layout layout = layout(
                row.get("names", String[].class),
                row.get("types", String[].class),
                row.get("binaries", Boolean[].class),
                string(row, "settings"));
        return new CompressedRelation(name(row, "nspname", "relname"), layouts.computeIfAbsent(layout, it -> it));
    }

    public static Optional<CompressedRelation> ofChunk(Connection connection, QualifiedName chunk, Features features)
            throws SQLException {
        if (!features.settingsPerRelation()) {
            return Optional.empty();
        }
        try (PreparedStatement statement =
                connection.prepareStatement(sql(features, "k.chunk_oid = to_regclass(format('%I.%I', ?, ?))"))) {
            statement.setString(1, chunk.schema());
            statement.setString(2, chunk.name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new CompressedRelation(
                                new QualifiedName(row.getString("nspname"), row.getString("relname")),
                                layout(
                                        (String[]) row.getArray("names").getArray(),
                                        (String[]) row.getArray("types").getArray(),
                                        (Boolean[]) row.getArray("binaries").getArray(),
                                        row.getString("settings"))))
                        : Optional.empty();
            }
        }
    }

    public static Optional<CompressionSizes> sizes(Connection connection, QualifiedName chunk, Features features)
            throws SQLException {
        String sql = """
                SELECT z.uncompressed_heap_size, z.uncompressed_toast_size, z.uncompressed_index_size,
                       z.compressed_heap_size, z.compressed_toast_size, z.compressed_index_size,
                       coalesce(z.numrows_pre_compression, 0), coalesce(z.numrows_post_compression, 0)
                FROM _timescaledb_catalog.compression_chunk_size z
                WHERE z.chunk_id = {functions}.chunk_id_from_relid(to_regclass(format('%I.%I', ?, ?))::oid)
                """.replace("{functions}", features.functionSchema());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, chunk.schema());
            statement.setString(2, chunk.name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new CompressionSizes(
                                row.getLong(1),
                                row.getLong(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6),
                                row.getLong(7),
                                row.getLong(8)))
                        : Optional.empty();
            }
        }
    }

    /** It refers to no column of a query that has it, so it is evaluated once. */
    public static String partlyCompressed(QualifiedName chunk, Features features) {
        String name = DSL.quotedName(chunk.schema(), chunk.name()).toString();
        return "EXISTS (SELECT FROM _timescaledb_catalog.chunk ch WHERE "
                + (features.chunkHasRelid()
                        ? "ch.relid = " + DSL.inline(name) + "::regclass"
                        : "ch.schema_name = " + DSL.inline(chunk.schema()) + " AND ch.table_name = "
                                + DSL.inline(chunk.name()))
                + " AND ch.status & 8 <> 0)";
    }

    private static Layout layout(String[] names, String[] types, Boolean[] binaries, String settings) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            columns.add(new Column(names[i], types[i], false, false, false, binaries[i]));
        }
        return new Layout(columns, settings);
    }

    /** Names types with their schemas whatever the search path is, since relations of two servers are compared. */
    private static String sql(Features features, String condition) {
        return """
                SELECT k.chunk, k.settings, n.nspname, c.relname,
                       array_agg(a.attname::text ORDER BY a.attnum) AS names,
                       array_agg(CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace
                                      THEN format_type(a.atttypid, a.atttypmod)
                                      ELSE format('%I.%I', tn.nspname, t.typname)
                                          || CASE WHEN a.atttypmod < 0 THEN '' ELSE '(' || a.atttypmod || ')' END
                                 END ORDER BY a.attnum) AS types,
                       array_agg(t.typsend <> 0 AND t.typreceive <> 0 ORDER BY a.attnum) AS binaries
                FROM ({chunks}) k
                JOIN pg_class o ON o.oid = k.chunk_oid
                JOIN pg_am m ON m.oid = o.relam AND m.amname = 'heap'
                JOIN pg_class c ON c.oid = k.relation
                JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                JOIN pg_type t ON t.oid = a.atttypid
                JOIN pg_namespace tn ON tn.oid = t.typnamespace
                WHERE has_table_privilege(c.oid, 'SELECT')
                    AND NOT EXISTS (SELECT FROM pg_attribute d WHERE d.attrelid = o.oid AND d.atthasmissing)
                    AND {condition}
                GROUP BY k.chunk, k.settings, n.nspname, c.relname
                """.replace("{chunks}", chunks(features)).replace("{condition}", condition);
    }

    /** Settings name the compressed relation since 2.19; before that, it is a chunk of a hypertable of its own. */
    private static String chunks(Features features) {
        String relation = HypertableQueries.relationOfChunk(features);
        if (features.settingsHaveCompressedRelation()) {
            return """
                    SELECT ch.id AS chunk, c.oid AS chunk_oid, s.compress_relid::oid AS relation, {settings} AS settings
                    FROM _timescaledb_catalog.chunk ch
                    JOIN pg_class c ON {relation}
                    JOIN _timescaledb_catalog.compression_settings s ON s.relid = c.oid
                    WHERE s.compress_relid IS NOT NULL AND ch.{ordered}""".replace("{relation}", relation)
                    .replace("{ordered}", ORDERED)
                    .replace("{settings}", SETTINGS);
        }
        return """
                SELECT of.id AS chunk, to_regclass(format('%I.%I', of.schema_name, of.table_name))::oid AS chunk_oid,
                       c.oid AS relation, {settings} AS settings
                FROM _timescaledb_catalog.chunk of
                JOIN _timescaledb_catalog.chunk ch ON ch.id = of.compressed_chunk_id
                JOIN pg_class c ON {relation}
                JOIN _timescaledb_catalog.compression_settings s ON s.relid = c.oid
                WHERE NOT of.dropped AND of.{ordered}""".replace("{relation}", relation).replace("{ordered}", ORDERED).replace("{settings}", SETTINGS);
    }
}
