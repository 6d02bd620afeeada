package io.hyperferry.catalog.internal;

import io.hyperferry.catalog.internal.ObjectCollector.Shape;

/** What belongs to tables and views, as objects: indexes, constraints, triggers, rules, policies, statistics. */
final class TableObjectQueries {
    private TableObjectQueries() {}

    static void read(ObjectCollector objects) {
        indexes(objects);
        constraints(objects);
        triggers(objects);
        rules(objects);
        policies(objects);
        statistics(objects);
    }

    private static void indexes(ObjectCollector objects) {
        objects.read(Shape.ON_RELATION, "pg_class", "i.oid", """
                SELECT i.oid::bigint AS oid, 'index' AS kind, i.relname AS name, n.nspname AS relation_schema, c.relname AS relation,
                       CASE WHEN x.indisclustered THEN 'yes' END AS clustered,
                       CASE WHEN NOT x.indisvalid THEN 'no' END AS valid,
                       t.spcname AS tablespace,
                       (SELECT string_agg(a.attnum || ': ' || a.attstattarget, ', ' ORDER BY a.attnum)
                        FROM pg_attribute a WHERE a.attrelid = i.oid AND a.attstattarget >= 0) AS "statistics targets"
                FROM pg_index x
                JOIN pg_class i ON i.oid = x.indexrelid
                JOIN pg_class c ON c.oid = x.indrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN pg_tablespace t ON t.oid = i.reltablespace
                WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND {user_relation}
                """);
    }

    /** Their definitions are in the records of constraints, and a domain's in the type. */
    private static void constraints(ObjectCollector objects) {
        objects.read(Shape.ON_RELATION, "pg_constraint", "k.oid", """
                SELECT k.oid::bigint AS oid, 'constraint' AS kind, k.conname AS name, n.nspname AS relation_schema, c.relname AS relation
                FROM pg_constraint k
                JOIN pg_class c ON c.oid = k.conrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p', 'f') AND k.contype IN ('p', 'u', 'c', 'f', 'x') AND k.conparentid = 0
                    AND {user_relation}
                """);
        objects.read(Shape.PLAIN, "pg_constraint", "k.oid", """
                SELECT k.oid::bigint AS oid, 'constraint' AS kind, k.conname AS name,
                       ' on ' || format_type(k.contypid, NULL) AS suffix
                FROM pg_constraint k
                JOIN pg_type t ON t.oid = k.contypid
                JOIN pg_namespace n ON n.oid = t.typnamespace
                WHERE k.contype = 'c' AND {user_object}
                """);
    }

    /** Copies of a trigger on partitions come with it: they are internal until PostgreSQL 12, and name their parent since 13. */
    private static void triggers(ObjectCollector objects) {
        objects.read(Shape.ON_RELATION, "pg_trigger", "g.oid", """
                SELECT g.oid::bigint AS oid, 'trigger' AS kind, g.tgname AS name, n.nspname AS relation_schema, c.relname AS relation,
                       pg_get_triggerdef(g.oid) AS definition,
                       CASE g.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END AS enabled
                FROM pg_trigger g
                JOIN pg_class c ON c.oid = g.tgrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_proc p ON p.oid = g.tgfoid
                JOIN pg_namespace pn ON pn.oid = p.pronamespace
                WHERE NOT g.tgisinternal AND coalesce(to_jsonb(g) ->> 'tgparentid', '0') = '0'
                    AND pn.nspname NOT IN ('_timescaledb_functions', '_timescaledb_internal') AND {user_relation}
                """);
    }

    private static void rules(ObjectCollector objects) {
        objects.read(Shape.ON_RELATION, "pg_rewrite", "r.oid", """
                SELECT r.oid::bigint AS oid, 'rule' AS kind, r.rulename AS name, n.nspname AS relation_schema, c.relname AS relation,
                       pg_get_ruledef(r.oid) AS definition,
                       CASE r.ev_enabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END AS enabled
                FROM pg_rewrite r
                JOIN pg_class c ON c.oid = r.ev_class
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE r.rulename <> '_RETURN' AND {user_relation}
                """);
    }

    private static void policies(ObjectCollector objects) {
        objects.read(Shape.ON_RELATION, "pg_policy", "p.oid", """
                SELECT p.oid::bigint AS oid, 'policy' AS kind, p.polname AS name, n.nspname AS relation_schema, c.relname AS relation,
                       CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                            WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
                       CASE WHEN NOT p.polpermissive THEN 'yes' END AS restrictive,
                       ARRAY(SELECT CASE r.oid WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r.oid)::text END
                             FROM unnest(p.polroles) r(oid)) AS roles,
                       pg_get_expr(p.polqual, p.polrelid) AS "using",
                       pg_get_expr(p.polwithcheck, p.polrelid) AS "with check"
                FROM pg_policy p
                JOIN pg_class c ON c.oid = p.polrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE {user_relation}
                """);
    }

    private static void statistics(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_statistic_ext", "s.oid", """
                SELECT s.oid::bigint AS oid, 'statistics' AS kind, sn.nspname AS schema, s.stxname AS name,
                       n.nspname AS relation_schema, c.relname AS relation, pg_get_userbyid(s.stxowner) AS owner,
                       pg_get_statisticsobjdef(s.oid) AS definition,
                       nullif(to_jsonb(s) ->> 'stxstattarget', '-1') AS "statistics target"
                FROM pg_statistic_ext s
                JOIN pg_namespace sn ON sn.oid = s.stxnamespace
                JOIN pg_class c ON c.oid = s.stxrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE {user_relation}
                """);
    }
}
