package io.hyperferry.internal.sql;

import io.hyperferry.catalog.ServerInfo;

/** Finds triggers, rules and publications of the target that affect rows which are removed and copied there. */
public final class ObstacleSql {
    private static final String RELATION = """
            SELECT n.nspname AS schema, c.relname AS name, pn.nspname AS parent_schema, p.relname AS parent_name, f.*
            FROM found f
            JOIN pg_class c ON c.oid = f.relation
            JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
            LEFT JOIN pg_class p ON p.oid = i.inhparent
            LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
            ORDER BY n.nspname, c.relname""";

    private ObstacleSql() {}

    /**
     * Triggers that fire when rows are removed, copied or truncated, and rules that replace a DELETE; TimescaleDB's own triggers are omitted.
     * Columns: {@code schema}, {@code name}, {@code parent_schema} and {@code parent_name} of a chunk, {@code kind}, {@code object}, and
     * {@code state} as {@code pg_trigger.tgenabled} has it.
     *
     * @param replica whether sessions have {@code session_replication_role = replica}
     */
    public static String firing(boolean replica) {
        String states = replica ? "('A', 'R')" : "('A', 'O')";
        return """
                WITH found AS (
                    SELECT t.tgrelid AS relation, 'TRIGGER' AS kind, t.tgname AS object, t.tgenabled AS state
                    FROM pg_trigger t
                    JOIN pg_proc f ON f.oid = t.tgfoid
                    JOIN pg_namespace s ON s.oid = f.pronamespace
                    WHERE t.tgenabled IN STATES AND t.tgtype & 44 <> 0 AND s.nspname NOT LIKE '\\_timescaledb\\_%'
                    UNION ALL
                    SELECT ev_class, 'RULE', rulename, ev_enabled
                    FROM pg_rewrite
                    WHERE ev_enabled IN STATES AND ev_type = '4')
                """.replace("STATES", states) + RELATION + ", f.kind, f.object";
    }

    /**
     * Tables whose deleted rows are published, and which have no replica identity, so that the server refuses to delete from them. Columns:
     * {@code schema}, {@code name}, {@code parent_schema} and {@code parent_name} of a chunk, and {@code object}, the publication.
     *
     * @see <a href="https://www.postgresql.org/docs/current/logical-replication-publication.html">Publication</a>
     */
    public static String publishedWithoutIdentity(ServerInfo target) {
        String bySchema = target.postgres().isAtLeast(15, 0)
                ? " OR EXISTS (SELECT FROM pg_publication_namespace s JOIN pg_class a ON a.relnamespace = s.pnnspid"
                        + " WHERE s.pnpubid = b.oid AND (a.oid = c.oid"
                        + " OR a.oid IN (SELECT relid FROM pg_partition_ancestors(c.oid))))"
                : "";
        return """
                WITH found AS (
                    SELECT c.oid AS relation, b.pubname AS object
                    FROM pg_class c
                    JOIN pg_publication b ON b.pubdelete
                    WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND c.oid >= 16384 AND c.relreplident <> 'f'
                      AND NOT EXISTS (SELECT FROM pg_index x
                          WHERE x.indrelid = c.oid AND x.indisvalid AND x.indimmediate
                            AND CASE c.relreplident WHEN 'd' THEN x.indisprimary WHEN 'i' THEN x.indisreplident ELSE false END)
                      AND (b.puballtables
                          OR EXISTS (SELECT FROM pg_publication_rel r
                              WHERE r.prpubid = b.oid AND (r.prrelid = c.oid
                                  OR r.prrelid IN (SELECT relid FROM pg_partition_ancestors(c.oid))))BY_SCHEMA))
                """.replace("BY_SCHEMA", bySchema) + RELATION + ", f.object";
    }
}
