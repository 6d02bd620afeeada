package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.flag;
import static io.hyperferry.catalog.internal.Queries.name;
import static io.hyperferry.catalog.internal.Queries.string;

import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Rights;
import java.util.Set;
import org.jooq.Record;

/**
 * What the reading role may do.
 *
 * @see <a href="https://www.postgresql.org/docs/current/functions-info.html">Access privilege inquiry functions</a>
 */
final class RightsQueries {
    private RightsQueries() {}

    static Rights read(Queries queries) {
        return queries.list("""
                SELECT has_database_privilege(d.oid, 'CREATE') AS creates, pg_has_role(d.datdba, 'USAGE') AS owns,
                       r.rolsuper, r.rolsuper OR r.rolbypassrls AS bypasses,
                       coalesce((SELECT pg_has_role(n.nspowner, 'USAGE') FROM pg_namespace n WHERE n.nspname = 'public'), false)
                           AS owns_public
                FROM pg_database d
                JOIN pg_roles r ON r.rolname = current_user
                WHERE d.datname = current_database()
                """, row -> rights(queries, row)).get(0);
    }

    private static Rights rights(Queries queries, Record row) {
        boolean superuser = flag(row, "rolsuper");
        return superuser
                ? Rights.ALL
                : new Rights(
                        flag(row, "creates"),
                        flag(row, "owns"),
                        flag(row, "owns_public"),
                        flag(row, "bypasses"),
                        names(queries, """
                                SELECT n.nspname FROM pg_namespace n
                                WHERE n.nspname !~ '^pg_' AND NOT has_schema_privilege(n.oid, 'USAGE')"""),
                        relations(queries, "NOT has_table_privilege(c.oid, 'SELECT')"),
                        relations(queries, "c.relrowsecurity AND row_security_active(c.oid)"),
                        names(queries, """
                                SELECT r.rolname FROM pg_roles r, pg_namespace n
                                WHERE n.nspname = 'public' AND NOT has_schema_privilege(r.oid, n.oid, 'CREATE')"""),
                        lockedParameters(queries),
                        lockedExtensions(queries),
                        names(queries, """
                                SELECT e.extname FROM pg_extension e WHERE NOT pg_has_role(e.extowner, 'USAGE')"""),
                        names(queries, """
                                SELECT l.lanname FROM pg_language l
                                WHERE NOT l.lanpltrusted OR NOT has_language_privilege(l.oid, 'USAGE')"""));
    }

    private static Set<String> names(Queries queries, String sql) {
        return Set.copyOf(queries.list(sql, row -> String.valueOf(row.get(0, String.class))));
    }

    private static Set<QualifiedName> relations(Queries queries, String condition) {
        return Set.copyOf(queries.listOfUsers(
                "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relpersistence <> 't' AND {user_object} AND "
                        + condition,
                "pg_class",
                "c.oid",
                row -> name(row, "nspname", "relname")));
    }

    /** Some are not even shown to others than superusers. The right to set one of them can be granted since PostgreSQL 15. */
    private static Set<String> lockedParameters(Queries queries) {
        String granted = queries.holds("current_setting('server_version_num')::int >= 150000")
                ? "has_parameter_privilege(p.name, 'SET')"
                : "false";
        return names(queries, """
                SELECT p.name
                FROM (SELECT s.name FROM pg_settings s WHERE s.context IN ('superuser', 'superuser-backend')
                      UNION VALUES ('dynamic_library_path'), ('session_preload_libraries')) p
                WHERE NOT\s""" + granted);
    }

    /** Trusted extensions are for everybody who may create schemas; there are such since PostgreSQL 13. */
    private static Set<String> lockedExtensions(Queries queries) {
        return Set.copyOf(queries.list("""
                SELECT v.name
                FROM pg_available_extension_versions v
                JOIN pg_available_extensions a ON a.name = v.name AND a.default_version = v.version
                WHERE v.superuser AND NOT v.installed AND NOT coalesce((to_jsonb(v) ->> 'trusted')::boolean, false)
                """, row -> string(row, "name")));
    }
}
