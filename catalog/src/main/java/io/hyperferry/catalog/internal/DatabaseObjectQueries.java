package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.optionalString;
import static io.hyperferry.catalog.internal.Queries.string;

import io.hyperferry.catalog.RoleUse.Use;
import io.hyperferry.catalog.internal.ObjectCollector.ObjectKey;
import io.hyperferry.catalog.internal.ObjectCollector.Shape;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The database itself and what is in no schema of it: schemas, foreign servers, event triggers, publications. */
final class DatabaseObjectQueries {
    private DatabaseObjectQueries() {}

    static void read(ObjectCollector objects) {
        database(objects);
        schemas(objects);
        wrappers(objects);
        servers(objects);
        userMappings(objects);
        eventTriggers(objects);
        publications(objects);
        subscriptions(objects);
    }

    /** Whoever owns the target made it, so the owner of the database is no part of what travels. */
    private static void database(ObjectCollector objects) {
        objects.read(Shape.PLAIN, "pg_database", "d.oid", """
                SELECT d.oid::bigint AS oid, 'database' AS kind, 'database' AS name
                FROM pg_database d
                WHERE d.datname = current_database()
                """);
    }

    /** The schema {@code public} belongs to the database's owner since PostgreSQL 15, before that to the server's first role. */
    private static void schemas(ObjectCollector objects) {
        objects.read(Shape.PLAIN, "pg_namespace", "n.oid", """
                SELECT n.oid::bigint AS oid, 'schema' AS kind, n.nspname AS name,
                       CASE WHEN n.nspname <> 'public'
                              OR NOT (CASE WHEN current_setting('server_version_num')::int >= 150000
                                           THEN pg_get_userbyid(n.nspowner) = 'pg_database_owner'
                                           ELSE n.nspowner = 10 END)
                            THEN pg_get_userbyid(n.nspowner) END AS owner
                FROM pg_namespace n
                WHERE {user_object}
                """);
    }

    private static void wrappers(ObjectCollector objects) {
        objects.read(Shape.PLAIN, "pg_foreign_data_wrapper", "w.oid", """
                SELECT w.oid::bigint AS oid, 'foreign data wrapper' AS kind, w.fdwname AS name,
                       pg_get_userbyid(w.fdwowner) AS owner,
                       CASE WHEN w.fdwhandler <> 0 THEN w.fdwhandler::regproc::text END AS handler,
                       CASE WHEN w.fdwvalidator <> 0 THEN w.fdwvalidator::regproc::text END AS validator,
                       (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(w.fdwoptions) o) AS options
                FROM pg_foreign_data_wrapper w
                WHERE {own}
                """);
    }

    private static void servers(ObjectCollector objects) {
        objects.read(Shape.PLAIN, "pg_foreign_server", "s.oid", """
                SELECT s.oid::bigint AS oid, 'server' AS kind, s.srvname AS name, pg_get_userbyid(s.srvowner) AS owner,
                       w.fdwname AS wrapper, s.srvtype AS type, s.srvversion AS version,
                       (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(s.srvoptions) o) AS options
                FROM pg_foreign_server s
                JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
                WHERE {own}
                """);
    }

    /** Values of options may be passwords, so only the names are read, as far as the role may see them. */
    private static void userMappings(ObjectCollector objects) {
        objects.query("pg_foreign_server", "m.srvid", """
                SELECT m.umid::bigint AS oid, CASE m.umuser WHEN 0 THEN 'PUBLIC' ELSE m.usename::text END AS role, m.srvname,
                       (SELECT string_agg(split_part(o, '=', 1), ', ' ORDER BY o) FROM unnest(m.umoptions) o) AS options
                FROM pg_user_mappings m
                WHERE {own}
                """, row -> {
            @Nullable String options = optionalString(row, "options");
            objects.add(
                    new ObjectKey("pg_user_mapping", number(row, "oid"), 0),
                    "user mapping",
                    objects.roles().used(string(row, "role"), Use.USER_MAPPING) + " server " + string(row, "srvname"),
                    null,
                    null,
                    options == null ? Map.of() : Map.of("options", options));
            return row;
        });
    }

    private static void eventTriggers(ObjectCollector objects) {
        objects.read(Shape.PLAIN, "pg_event_trigger", "g.oid", """
                SELECT g.oid::bigint AS oid, 'event trigger' AS kind, g.evtname AS name, pg_get_userbyid(g.evtowner) AS owner,
                       g.evtevent::text AS event, g.evtfoid::regproc::text AS function,
                       (SELECT string_agg(t, ', ' ORDER BY t) FROM unnest(g.evttags) t) AS tags,
                       CASE g.evtenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END AS enabled
                FROM pg_event_trigger g
                WHERE {own}
                """);
    }

    /** Lists of columns, row filters and schemas came with PostgreSQL 15. */
    private static void publications(ObjectCollector objects) {
        boolean filters = objects.queries().holds("to_regclass('pg_publication_namespace') IS NOT NULL");
        String columns = filters ? """
                  || coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
                         WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs::smallint[])) || ')', '')
                  || coalesce(' where ' || pg_get_expr(r.prqual, r.prrelid), '')""" : "";
        String schemas = filters ? """
                  (SELECT string_agg(quote_ident(n.nspname), ', ' ORDER BY n.nspname)
                   FROM pg_publication_namespace x JOIN pg_namespace n ON n.oid = x.pnnspid WHERE x.pnpubid = p.oid)""" : "NULL::text";
        objects.read(Shape.PLAIN, "pg_publication", "p.oid", """
                SELECT p.oid::bigint AS oid, 'publication' AS kind, p.pubname AS name, pg_get_userbyid(p.pubowner) AS owner,
                       CASE WHEN p.puballtables THEN 'yes' END AS "all tables",
                       concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                                 CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)
                           AS publishes,
                       CASE WHEN (to_jsonb(p) ->> 'pubviaroot')::boolean THEN 'yes' END AS "via root",
                       (SELECT string_agg(r.prrelid::regclass::text {columns}, ', ' ORDER BY r.prrelid::regclass::text)
                        FROM pg_publication_rel r
                        JOIN pg_class c ON c.oid = r.prrelid
                        JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE r.prpubid = p.oid AND {user_relation}) AS tables,
                       {schemas} AS schemas
                FROM pg_publication p
                WHERE {own}
                """.replace("{columns}", columns)
                .replace("{schemas}", schemas));
    }

    /** How a subscription reaches its publisher is for superusers, and may be a password. */
    private static void subscriptions(ObjectCollector objects) {
        objects.read(Shape.PLAIN, "pg_subscription", "s.oid", """
                SELECT s.oid::bigint AS oid, 'subscription' AS kind, s.subname AS name, pg_get_userbyid(s.subowner) AS owner,
                       (SELECT string_agg(p, ', ' ORDER BY p) FROM unnest(s.subpublications) p) AS publications,
                       CASE WHEN NOT s.subenabled THEN 'no' END AS enabled
                FROM pg_subscription s
                WHERE s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()) AND {own}
                """);
    }
}
