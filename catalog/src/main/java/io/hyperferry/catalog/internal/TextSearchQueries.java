package io.hyperferry.catalog.internal;

import io.hyperferry.catalog.internal.ObjectCollector.Shape;

/** What full text search is made of. */
final class TextSearchQueries {
    private TextSearchQueries() {}

    static void read(ObjectCollector objects) {
        configurations(objects);
        dictionaries(objects);
        parsers(objects);
        templates(objects);
    }

    private static void configurations(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_ts_config", "g.oid", """
                SELECT g.oid::bigint AS oid, 'text search configuration' AS kind, n.nspname AS schema, g.cfgname AS name,
                       pg_get_userbyid(g.cfgowner) AS owner, quote_ident(pn.nspname) || '.' || quote_ident(p.prsname) AS parser,
                       (SELECT string_agg(t.alias || ' ' || m.mapdict::regdictionary::text, ', '
                                          ORDER BY m.maptokentype, m.mapseqno)
                        FROM pg_ts_config_map m JOIN ts_token_type(g.cfgparser) t ON t.tokid = m.maptokentype
                        WHERE m.mapcfg = g.oid) AS mappings
                FROM pg_ts_config g
                JOIN pg_namespace n ON n.oid = g.cfgnamespace
                JOIN pg_ts_parser p ON p.oid = g.cfgparser
                JOIN pg_namespace pn ON pn.oid = p.prsnamespace
                WHERE {user_object}
                """);
    }

    private static void dictionaries(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_ts_dict", "d.oid", """
                SELECT d.oid::bigint AS oid, 'text search dictionary' AS kind, n.nspname AS schema, d.dictname AS name,
                       pg_get_userbyid(d.dictowner) AS owner,
                       quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname) AS template, d.dictinitoption AS options
                FROM pg_ts_dict d
                JOIN pg_namespace n ON n.oid = d.dictnamespace
                JOIN pg_ts_template t ON t.oid = d.dicttemplate
                JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
                WHERE {user_object}
                """);
    }

    private static void parsers(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_ts_parser", "p.oid", """
                SELECT p.oid::bigint AS oid, 'text search parser' AS kind, n.nspname AS schema, p.prsname AS name,
                       concat_ws(', ', p.prsstart::regproc, p.prstoken::regproc, p.prsend::regproc, p.prsheadline::regproc,
                                 p.prslextype::regproc) AS functions
                FROM pg_ts_parser p
                JOIN pg_namespace n ON n.oid = p.prsnamespace
                WHERE {user_object}
                """);
    }

    private static void templates(ObjectCollector objects) {
        objects.read(Shape.QUALIFIED, "pg_ts_template", "t.oid", """
                SELECT t.oid::bigint AS oid, 'text search template' AS kind, n.nspname AS schema, t.tmplname AS name,
                       concat_ws(', ', t.tmplinit::regproc, t.tmpllexize::regproc) AS functions
                FROM pg_ts_template t
                JOIN pg_namespace n ON n.oid = t.tmplnamespace
                WHERE {user_object}
                """);
    }
}
