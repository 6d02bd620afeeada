package io.hyperferry.catalog.internal;

import io.hyperferry.catalog.QualifiedName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Compares a relation in a snapshot with the same relation now. A query on {@code pg_class} sees the snapshot's row; functions such as
 * {@code to_regclass}, {@code pg_relation_filenode} and {@code chunk_status} see the present.
 */
public final class GuardQueries {
    private GuardQueries() {}

    public static boolean hasTimescale(Queries queries) {
        return queries.holds("EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')");
    }

    public static boolean unchanged(Connection connection, QualifiedName relation, boolean timescale, Features features)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql(timescale, features))) {
            statement.setString(1, relation.schema());
            statement.setString(2, relation.name());
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    private static String sql(boolean timescale, Features features) {
        String sameStatus = timescale
                ? """
                  NOT EXISTS (SELECT FROM _timescaledb_catalog.chunk ch
                      WHERE {relation} AND ch.status IS DISTINCT FROM {functions}.chunk_status(c.oid))""".replace("{relation}", HypertableQueries.relationOfChunk(features))
                        .replace("{functions}", features.functionSchema())
                : "true";
        // CASE, because chunk_status fails for a chunk that is gone, and AND promises no order.
        return """
                SELECT CASE WHEN to_regclass(format('%I.%I', n.nspname, c.relname)) = c.oid
                             AND pg_relation_filenode(c.oid) = nullif(c.relfilenode, 0)
                            THEN {same_status}
                            ELSE false END
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ?
                """.replace("{same_status}", sameStatus);
    }
}
