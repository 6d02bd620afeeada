package io.hyperferry.catalog.internal;

import io.hyperferry.catalog.internal.ObjectCollector.Shape;

/** Tables, views and sequences as objects, and their columns. */
final class RelationObjectQueries {
    private RelationObjectQueries() {}

    static void read(ObjectCollector objects, boolean timescale) {
        tables(objects);
        views(objects, timescale);
        sequences(objects);
        columns(objects);
    }

    private static void tables(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_class", "c.oid", """
                SELECT c.oid::bigint AS oid, CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END AS kind,
                       n.nspname AS schema, c.relname AS name, n.nspname AS relation_schema, c.relname AS relation,
                       pg_get_userbyid(c.relowner) AS owner,
                       CASE c.relpersistence WHEN 'u' THEN 'unlogged' END AS persistence,
                       nullif(m.amname, 'heap') AS "access method",
                       t.spcname AS tablespace,
                       (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) o) AS options,
                       (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(toast.reloptions) o) AS "toast options",
                       CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END AS "partition key",
                       pg_get_expr(c.relpartbound, c.oid) AS "partition bound",
                       (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)
                        FROM pg_inherits i WHERE i.inhrelid = c.oid) AS parents,
                       CASE WHEN c.relrowsecurity AND c.relforcerowsecurity THEN 'enabled, forced'
                            WHEN c.relrowsecurity THEN 'enabled'
                            WHEN c.relforcerowsecurity THEN 'disabled, forced' END AS "row security",
                       CASE c.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full'
                            WHEN 'i' THEN 'index ' || coalesce((SELECT i.relname FROM pg_index x
                                JOIN pg_class i ON i.oid = x.indexrelid
                                WHERE x.indrelid = c.oid AND x.indisreplident), '') END AS "replica identity",
                       CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS "typed of",
                       s.srvname AS server,
                       (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(f.ftoptions) o) AS "foreign options"
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN pg_am m ON m.oid = c.relam
                LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
                LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
                LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid
                LEFT JOIN pg_foreign_server s ON s.oid = f.ftserver
                WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND {user_relation}
                """);
    }

    /** What a continuous aggregate is made of is more than a view's definition, which names its storage. */
    private static void views(ObjectCollector objects, boolean timescale) {
        String aggregate = timescale
                ? "EXISTS (SELECT FROM _timescaledb_catalog.continuous_agg a"
                        + " WHERE a.user_view_schema = n.nspname AND a.user_view_name = c.relname)"
                : "false";
        objects.read(Shape.QUALIFIED, "pg_class", "c.oid", """
                SELECT c.oid::bigint AS oid,
                       CASE WHEN {aggregate} THEN 'continuous aggregate'
                            WHEN c.relkind = 'm' THEN 'materialized view' ELSE 'view' END AS kind,
                       n.nspname AS schema, c.relname AS name, n.nspname AS relation_schema, c.relname AS relation,
                       pg_get_userbyid(c.relowner) AS owner,
                       CASE WHEN NOT {aggregate} THEN pg_get_viewdef(c.oid) END AS definition,
                       (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) o) AS options,
                       CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN 'no' END AS populated,
                       nullif(m.amname, 'heap') AS "access method",
                       t.spcname AS tablespace
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN pg_am m ON m.oid = c.relam
                LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
                WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND {user_relation}
                """.replace("{aggregate}", aggregate));
    }

    private static void sequences(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_class", "c.oid", """
                SELECT c.oid::bigint AS oid, 'sequence' AS kind, n.nspname AS schema, c.relname AS name,
                       n.nspname AS relation_schema, c.relname AS relation,
                       pg_get_userbyid(c.relowner) AS owner,
                       format_type(s.seqtypid, NULL) AS type, s.seqstart::text AS start,
                       s.seqincrement::text AS increment, s.seqmin::text AS minimum, s.seqmax::text AS maximum,
                       nullif(s.seqcache, 1)::text AS cache, CASE WHEN s.seqcycle THEN 'yes' END AS cycle,
                       CASE WHEN d.deptype = 'a' THEN d.refobjid::regclass::text || '.' || quote_ident(a.attname)
                           END AS "owned by",
                       CASE WHEN d.deptype = 'i' THEN d.refobjid::regclass::text || '.' || quote_ident(a.attname)
                           END AS "identity of",
                       CASE c.relpersistence WHEN 'u' THEN 'unlogged' END AS persistence
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_sequence s ON s.seqrelid = c.oid
                LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
                    AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
                LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND {user_relation}
                """);
    }

    /**
     * What came with later versions of PostgreSQL is read as JSON. A target for statistics is null by default since 17, before that -1.
     * Servers since 17.12 keep a number of their own, {@code pg_attver}, among a column's options.
     */
    private static void columns(ObjectCollector objects) {
        objects.read(Shape.OF_RELATION, "pg_class", "c.oid", """
                SELECT c.oid::bigint AS oid, a.attnum::bigint AS sub,
                       CASE c.relkind WHEN 'c' THEN 'attribute' ELSE 'column' END AS kind,
                       a.attname AS name, n.nspname AS relation_schema, c.relname AS relation,
                       CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS "default",
                       CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid)
                            || CASE a.attgenerated WHEN 'v' THEN ' virtual' ELSE ' stored' END END AS generated,
                       CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,
                       CASE WHEN a.attcollation <> t.typcollation
                            THEN quote_ident(ln.nspname) || '.' || quote_ident(l.collname) END AS collation,
                       CASE WHEN a.attstorage <> t.typstorage AND c.relkind IN ('r', 'p', 'f', 'm')
                            THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
                                 WHEN 'm' THEN 'main' ELSE 'extended' END END AS storage,
                       CASE to_jsonb(a) ->> 'attcompression' WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
                       CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::text END AS "statistics target",
                       (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(a.attoptions) o
                        WHERE o NOT LIKE 'pg\\_attver=%') AS options,
                       (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(a.attfdwoptions) o) AS "foreign options",
                       CASE WHEN a.attinhcount > 0 THEN CASE WHEN a.attislocal THEN 'yes, and local' ELSE 'yes' END
                           END AS inherited
                FROM pg_attribute a
                JOIN pg_class c ON c.oid = a.attrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_type t ON t.oid = a.atttypid
                LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                LEFT JOIN pg_collation l ON l.oid = a.attcollation
                LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
                WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND c.relpersistence <> 't'
                    AND a.attnum > 0 AND NOT a.attisdropped AND {user_relation}
                """);
    }
}
