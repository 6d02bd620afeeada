package io.hyperferry.catalog.internal;

import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.QualifiedName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The bounds of chunks as a transaction's snapshot sees them. */
public final class ChunkBoundsQueries {
    private ChunkBoundsQueries() {}

    /** By name, through an index: asked once a slice. */
    public static List<DimensionRange> ofChunk(Connection connection, QualifiedName chunk, Features features)
            throws SQLException {
        String sql = """
                SELECT d.column_name, s.range_start, s.range_end
                FROM _timescaledb_catalog.chunk ch
                JOIN {slices} ON {chunk} = ch.id
                JOIN _timescaledb_catalog.dimension d ON d.id = s.dimension_id
                WHERE {named}
                ORDER BY d.id
                """.replace("{slices}", HypertableQueries.slices(features))
                .replace("{chunk}", HypertableQueries.chunkOfSlice(features))
                .replace(
                        "{named}",
                        features.chunkHasRelid()
                                ? "ch.relid = to_regclass(format('%I.%I', ?, ?))"
                                : "ch.schema_name = ? AND ch.table_name = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, chunk.schema());
            statement.setString(2, chunk.name());
            List<DimensionRange> ranges = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ranges.add(new DimensionRange(
                            row.getString("column_name"), row.getLong("range_start"), row.getLong("range_end")));
                }
            }
            return ranges;
        }
    }

    public static List<QualifiedName> overlapping(
            Connection connection, QualifiedName hypertable, List<DimensionRange> ranges, Features features)
            throws SQLException {
        String overlaps = """
                AND EXISTS (SELECT FROM {slices}
                    JOIN _timescaledb_catalog.dimension d ON d.id = s.dimension_id
                    WHERE {chunk} = ch.id AND d.column_name = ? AND s.range_start < ? AND s.range_end > ?)
                """.replace("{slices}", HypertableQueries.slices(features))
                .replace("{chunk}", HypertableQueries.chunkOfSlice(features));
        String sql = """
                SELECT n.nspname, c.relname
                FROM _timescaledb_catalog.hypertable h
                JOIN _timescaledb_catalog.chunk ch ON ch.hypertable_id = h.id
                JOIN pg_class c ON {relation}
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE h.schema_name = ? AND h.table_name = ?
                    AND NOT coalesce((to_jsonb(ch) ->> 'osm_chunk')::boolean, false)
                    {overlaps}
                ORDER BY c.oid
                """.replace("{relation}", HypertableQueries.relationOfChunk(features))
                .replace("{overlaps}", overlaps.repeat(ranges.size()));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int parameter = 1;
            statement.setString(parameter++, hypertable.schema());
            statement.setString(parameter++, hypertable.name());
            for (DimensionRange range : ranges) {
                statement.setString(parameter++, range.column());
                statement.setLong(parameter++, range.to());
                statement.setLong(parameter++, range.from());
            }
            List<QualifiedName> chunks = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    chunks.add(new QualifiedName(row.getString("nspname"), row.getString("relname")));
                }
            }
            return chunks;
        }
    }
}
