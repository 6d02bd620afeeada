package io.hyperferry.catalog.internal;

import io.hyperferry.catalog.internal.ObjectCollector.Shape;

/** Types of users; not the row types of tables, nor arrays and multiranges, which come with their types. */
final class TypeQueries {
    private TypeQueries() {}

    static void read(ObjectCollector objects) {
        domains(objects);
        enums(objects);
        composites(objects);
        ranges(objects);
        bases(objects);
        collations(objects);
    }

    /** That a domain is not null has been a constraint, too, since PostgreSQL 17. */
    private static void domains(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_type", "t.oid", """
                SELECT t.oid::bigint AS oid, 'type' AS kind, n.nspname AS schema, t.typname AS name,
                       pg_get_userbyid(t.typowner) AS owner, 'domain' AS form,
                       format_type(t.typbasetype, t.typtypmod) AS "base type", t.typdefault AS "default",
                       CASE WHEN t.typnotnull THEN 'yes' END AS "not null",
                       CASE WHEN t.typcollation <> b.typcollation
                            THEN quote_ident(ln.nspname) || '.' || quote_ident(l.collname) END AS collation,
                       (SELECT string_agg(quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), ', '
                                          ORDER BY k.conname)
                        FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') AS constraints
                FROM pg_type t
                JOIN pg_namespace n ON n.oid = t.typnamespace
                JOIN pg_type b ON b.oid = t.typbasetype
                LEFT JOIN pg_collation l ON l.oid = t.typcollation
                LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
                WHERE t.typtype = 'd' AND {user_object}
                """);
    }

    private static void enums(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_type", "t.oid", """
                SELECT t.oid::bigint AS oid, 'type' AS kind, n.nspname AS schema, t.typname AS name,
                       pg_get_userbyid(t.typowner) AS owner, 'enum' AS form,
                       (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
                        FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels
                FROM pg_type t
                JOIN pg_namespace n ON n.oid = t.typnamespace
                WHERE t.typtype = 'e' AND {user_object}
                """);
    }

    private static void composites(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_type", "t.oid", """
                SELECT t.oid::bigint AS oid, 'type' AS kind, n.nspname AS schema, t.typname AS name,
                       pg_get_userbyid(t.typowner) AS owner, 'composite' AS form,
                       (SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', '
                                          ORDER BY a.attnum)
                        FROM pg_attribute a
                        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes
                FROM pg_type t
                JOIN pg_namespace n ON n.oid = t.typnamespace
                JOIN pg_class c ON c.oid = t.typrelid
                WHERE t.typtype = 'c' AND c.relkind = 'c' AND {user_object}
                """);
    }

    private static void ranges(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_type", "t.oid", """
                SELECT t.oid::bigint AS oid, 'type' AS kind, n.nspname AS schema, t.typname AS name,
                       pg_get_userbyid(t.typowner) AS owner, 'range' AS form,
                       format_type(r.rngsubtype, NULL) AS subtype,
                       quote_ident(opn.nspname) || '.' || quote_ident(op.opcname) AS "operator class",
                       CASE WHEN r.rngcollation <> b.typcollation
                            THEN quote_ident(ln.nspname) || '.' || quote_ident(l.collname) END AS collation,
                       nullif(r.rngcanonical::regproc::text, '-') AS canonical,
                       nullif(r.rngsubdiff::regproc::text, '-') AS difference,
                       format_type((to_jsonb(r) ->> 'rngmultitypid')::oid, NULL) AS multirange
                FROM pg_type t
                JOIN pg_namespace n ON n.oid = t.typnamespace
                JOIN pg_range r ON r.rngtypid = t.oid
                JOIN pg_type b ON b.oid = r.rngsubtype
                JOIN pg_opclass op ON op.oid = r.rngsubopc
                JOIN pg_namespace opn ON opn.oid = op.opcnamespace
                LEFT JOIN pg_collation l ON l.oid = r.rngcollation
                LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
                WHERE t.typtype = 'r' AND {user_object}
                """);
    }

    private static void bases(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_type", "t.oid", """
                SELECT t.oid::bigint AS oid, 'type' AS kind, n.nspname AS schema, t.typname AS name,
                       pg_get_userbyid(t.typowner) AS owner, 'base' AS form, t.typinput::regproc::text AS input,
                       t.typoutput::regproc::text AS output, t.typlen::text AS length
                FROM pg_type t
                JOIN pg_namespace n ON n.oid = t.typnamespace
                WHERE t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid) AND {user_object}
                """);
    }

    /** The locale of ICU collations has moved twice: 15 and 17 gave it columns of its own. */
    private static void collations(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_collation", "l.oid", """
                SELECT l.oid::bigint AS oid, 'collation' AS kind, n.nspname AS schema, l.collname AS name,
                       pg_get_userbyid(l.collowner) AS owner,
                       CASE l.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc' WHEN 'b' THEN 'builtin'
                            ELSE l.collprovider::text END AS provider,
                       CASE l.collprovider WHEN 'c' THEN l.collcollate END AS collate,
                       CASE l.collprovider WHEN 'c' THEN l.collctype END AS ctype,
                       coalesce(to_jsonb(l) ->> 'colllocale', to_jsonb(l) ->> 'colliculocale',
                                CASE l.collprovider WHEN 'i' THEN l.collcollate END) AS locale,
                       to_jsonb(l) ->> 'collicurules' AS rules,
                       CASE WHEN NOT l.collisdeterministic THEN 'no' END AS deterministic
                FROM pg_collation l
                JOIN pg_namespace n ON n.oid = l.collnamespace
                WHERE {user_object}
                """);
    }
}
