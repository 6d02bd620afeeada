package io.hyperferry.catalog.internal;

import io.hyperferry.catalog.internal.ObjectCollector.Shape;

/** Functions, operators and what is made of them. */
final class FunctionQueries {
    private FunctionQueries() {}

    static void read(ObjectCollector objects) {
        functions(objects);
        aggregates(objects);
        operators(objects);
        operatorFamilies(objects);
        operatorClasses(objects);
        casts(objects);
        conversions(objects);
        languages(objects);
        transforms(objects);
        accessMethods(objects);
    }

    /** A range's constructors come with its type. */
    private static void functions(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_proc", "p.oid", """
                SELECT p.oid::bigint AS oid, CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,
                       n.nspname AS schema, p.proname AS name, '(' || oidvectortypes(p.proargtypes) || ')' AS suffix,
                       pg_get_userbyid(p.proowner) AS owner, pg_get_functiondef(p.oid) AS definition
                FROM pg_proc p
                JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE p.prokind <> 'a' AND {user_object}
                    AND NOT EXISTS (SELECT FROM pg_depend i
                        WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')
                """);
    }

    private static void aggregates(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_proc", "p.oid", """
                SELECT p.oid::bigint AS oid, 'aggregate' AS kind, n.nspname AS schema, p.proname AS name,
                       '(' || oidvectortypes(p.proargtypes) || ')' AS suffix, pg_get_userbyid(p.proowner) AS owner,
                       pg_get_function_arguments(p.oid) AS arguments, format_type(p.prorettype, NULL) AS result,
                       CASE a.aggkind WHEN 'o' THEN 'ordered set' WHEN 'h' THEN 'hypothetical set' END AS "of kind",
                       a.aggtransfn::regproc::text AS transition, format_type(a.aggtranstype, NULL) AS state,
                       a.agginitval AS "initial value",
                       nullif(a.aggfinalfn::regproc::text, '-') AS final, nullif(a.aggfinalmodify, 'r')::text AS "final modifies",
                       CASE WHEN a.aggfinalextra THEN 'yes' END AS "final with arguments",
                       nullif(a.aggcombinefn::regproc::text, '-') AS combine,
                       nullif(a.aggserialfn::regproc::text, '-') AS serial,
                       nullif(a.aggdeserialfn::regproc::text, '-') AS deserial,
                       nullif(a.aggmtransfn::regproc::text, '-') AS "moving transition",
                       nullif(a.aggminvtransfn::regproc::text, '-') AS "moving inverse",
                       nullif(a.aggmfinalfn::regproc::text, '-') AS "moving final",
                       CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END AS "moving state",
                       a.aggminitval AS "moving initial value",
                       CASE WHEN a.aggsortop <> 0 THEN a.aggsortop::regoperator::text END AS "sort operator",
                       CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END AS parallel
                FROM pg_proc p
                JOIN pg_namespace n ON n.oid = p.pronamespace
                JOIN pg_aggregate a ON a.aggfnoid = p.oid
                WHERE {user_object}
                """);
    }

    private static void operators(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_operator", "o.oid", """
                SELECT o.oid::bigint AS oid, 'operator' AS kind, n.nspname AS schema, o.oprname AS name,
                       '(' || CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END
                           || ', ' || format_type(o.oprright, NULL) || ')' AS suffix,
                       pg_get_userbyid(o.oprowner) AS owner, o.oprcode::regproc::text AS function,
                       CASE WHEN o.oprcom <> 0 THEN o.oprcom::regoperator::text END AS commutator,
                       CASE WHEN o.oprnegate <> 0 THEN o.oprnegate::regoperator::text END AS negator,
                       nullif(o.oprrest::regproc::text, '-') AS "restriction estimator",
                       nullif(o.oprjoin::regproc::text, '-') AS "join estimator",
                       CASE WHEN o.oprcanhash THEN 'yes' END AS hashes, CASE WHEN o.oprcanmerge THEN 'yes' END AS merges
                FROM pg_operator o
                JOIN pg_namespace n ON n.oid = o.oprnamespace
                WHERE o.oprcode <> 0 AND {user_object}
                """);
    }

    private static void operatorFamilies(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_opfamily", "f.oid", """
                SELECT f.oid::bigint AS oid, 'operator family' AS kind, n.nspname AS schema, f.opfname AS name,
                       ' using ' || m.amname AS suffix, pg_get_userbyid(f.opfowner) AS owner,
                       (SELECT string_agg(o.amopstrategy || ' ' || o.amopopr::regoperator::text
                                          || CASE WHEN o.amopsortfamily <> 0 THEN ' for order by' ELSE '' END, ', '
                                          ORDER BY o.amopstrategy, o.amopopr::regoperator::text)
                        FROM pg_amop o WHERE o.amopfamily = f.oid) AS operators,
                       (SELECT string_agg(p.amprocnum || ' ' || p.amproc::regprocedure::text, ', '
                                          ORDER BY p.amprocnum, p.amproc::regprocedure::text)
                        FROM pg_amproc p WHERE p.amprocfamily = f.oid) AS functions
                FROM pg_opfamily f
                JOIN pg_namespace n ON n.oid = f.opfnamespace
                JOIN pg_am m ON m.oid = f.opfmethod
                WHERE {user_object}
                """);
    }

    private static void operatorClasses(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_opclass", "o.oid", """
                SELECT o.oid::bigint AS oid, 'operator class' AS kind, n.nspname AS schema, o.opcname AS name,
                       ' using ' || m.amname AS suffix, pg_get_userbyid(o.opcowner) AS owner,
                       format_type(o.opcintype, NULL) AS type, CASE WHEN o.opcdefault THEN 'yes' END AS "default",
                       CASE WHEN o.opckeytype <> 0 THEN format_type(o.opckeytype, NULL) END AS storage,
                       quote_ident(fn.nspname) || '.' || quote_ident(f.opfname) AS family
                FROM pg_opclass o
                JOIN pg_namespace n ON n.oid = o.opcnamespace
                JOIN pg_am m ON m.oid = o.opcmethod
                JOIN pg_opfamily f ON f.oid = o.opcfamily
                JOIN pg_namespace fn ON fn.oid = f.opfnamespace
                WHERE {user_object}
                """);
    }

    private static void casts(ObjectCollector objects) {
        objects.read(Shape.PLAIN, "pg_cast", "k.oid", """
                SELECT k.oid::bigint AS oid, 'cast' AS kind, '' AS name,
                       '(' || format_type(k.castsource, NULL) || ' AS ' || format_type(k.casttarget, NULL) || ')' AS suffix,
                       CASE WHEN k.castfunc <> 0 THEN k.castfunc::regprocedure::text END AS function,
                       CASE k.castcontext WHEN 'a' THEN 'assignment' WHEN 'i' THEN 'implicit' END AS context,
                       CASE k.castmethod WHEN 'b' THEN 'binary' WHEN 'i' THEN 'in and out' END AS method
                FROM pg_cast k
                WHERE {own}
                """);
    }

    private static void conversions(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_conversion", "k.oid", """
                SELECT k.oid::bigint AS oid, 'conversion' AS kind, n.nspname AS schema, k.conname AS name,
                       pg_get_userbyid(k.conowner) AS owner, pg_encoding_to_char(k.conforencoding) AS "from",
                       pg_encoding_to_char(k.contoencoding) AS "to", k.conproc::regproc::text AS function,
                       CASE WHEN k.condefault THEN 'yes' END AS "default"
                FROM pg_conversion k
                JOIN pg_namespace n ON n.oid = k.connamespace
                WHERE {user_object}
                """);
    }

    private static void languages(ObjectCollector objects) {
        objects.read(Shape.PLAIN, "pg_language", "l.oid", """
                SELECT l.oid::bigint AS oid, 'language' AS kind, l.lanname AS name, pg_get_userbyid(l.lanowner) AS owner,
                       CASE WHEN l.lanpltrusted THEN 'yes' END AS trusted,
                       CASE WHEN l.lanplcallfoid <> 0 THEN l.lanplcallfoid::regproc::text END AS handler,
                       CASE WHEN l.laninline <> 0 THEN l.laninline::regproc::text END AS inline,
                       CASE WHEN l.lanvalidator <> 0 THEN l.lanvalidator::regproc::text END AS validator
                FROM pg_language l
                WHERE {own}
                """);
    }

    private static void transforms(ObjectCollector objects) {
        objects.read(Shape.PLAIN, "pg_transform", "t.oid", """
                SELECT t.oid::bigint AS oid, 'transform' AS kind, 'for ' AS name,
                       format_type(t.trftype, NULL) || ' language ' || l.lanname AS suffix,
                       nullif(t.trffromsql::regproc::text, '-') AS "from sql", nullif(t.trftosql::regproc::text, '-') AS "to sql"
                FROM pg_transform t
                JOIN pg_language l ON l.oid = t.trflang
                WHERE {own}
                """);
    }

    private static void accessMethods(ObjectCollector objects) {
        objects.read(Shape.PLAIN, "pg_am", "m.oid", """
                SELECT m.oid::bigint AS oid, 'access method' AS kind, m.amname AS name, m.amhandler::regproc::text AS handler,
                       CASE m.amtype WHEN 't' THEN 'table' ELSE 'index' END AS type
                FROM pg_am m
                WHERE {own}
                """);
    }
}
