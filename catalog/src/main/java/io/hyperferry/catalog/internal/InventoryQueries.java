package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.flag;
import static io.hyperferry.catalog.internal.Queries.string;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.hyperferry.catalog.ServerInventory;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a server has that objects of a database can refer to. */
public final class InventoryQueries {
    private InventoryQueries() {}

    private record Role(String name, boolean own, boolean login) {}

    static ServerInventory read(Queries queries) {
        // Since PostgreSQL 16, a member may be one that cannot act as the role.
        String acts = queries.holds("current_setting('server_version_num')::int >= 160000")
                ? "pg_has_role(r.oid, 'SET')"
                : "pg_has_role(r.oid, 'MEMBER')";
        List<Role> roles = queries.list(
                "SELECT r.rolname, " + acts + " AND pg_has_role(r.oid, 'USAGE') AS own, r.rolcanlogin FROM pg_roles r",
                row -> new Role(string(row, "rolname"), flag(row, "own"), flag(row, "rolcanlogin")));
        return new ServerInventory(
                roles.stream().map(Role::name).collect(toSet()),
                roles.stream().filter(Role::own).map(Role::name).collect(toSet()),
                roles.stream().filter(Role::login).map(Role::name).collect(toSet()),
                tablespaces(queries),
                accessMethods(queries),
                collations(queries),
                extensions(queries),
                policies(queries),
                RightsQueries.read(queries));
    }

    /** In the database's own tablespace everybody may create who may create at all. */
    private static Set<String> tablespaces(Queries queries) {
        return Set.copyOf(queries.list("""
                SELECT t.spcname
                FROM pg_tablespace t
                JOIN pg_database d ON d.datname = current_database()
                WHERE t.oid = d.dattablespace
                   OR (t.spcname <> 'pg_global' AND has_tablespace_privilege(t.oid, 'CREATE'))
                """, row -> string(row, "spcname")));
    }

    private static Set<String> accessMethods(Queries queries) {
        return Set.copyOf(queries.list("SELECT amname FROM pg_am WHERE amtype = 't'", row -> string(row, "amname")));
    }

    /** Those that have the encoding of this database, or of any. */
    private static Set<String> collations(Queries queries) {
        return Set.copyOf(queries.list("""
                SELECT DISTINCT l.collname
                FROM pg_collation l
                JOIN pg_database d ON d.datname = current_database()
                WHERE l.collnamespace = 'pg_catalog'::regnamespace AND l.collencoding IN (-1, d.encoding)
                """, row -> string(row, "collname")));
    }

    /** The server's collations that something in this database depends on. */
    public static List<String> collationsUsed(Queries queries) {
        return queries.list("""
                SELECT DISTINCT l.collname
                FROM pg_depend d
                JOIN pg_collation l ON l.oid = d.refobjid
                WHERE d.refclassid = 'pg_collation'::regclass AND l.collnamespace = 'pg_catalog'::regnamespace
                ORDER BY l.collname
                """, row -> string(row, "collname"));
    }

    private static Set<String> policies(Queries queries) {
        return Set.copyOf(queries.list("""
                SELECT DISTINCT p.proname
                FROM pg_proc p
                JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE n.nspname IN ('_timescaledb_functions', '_timescaledb_internal') AND starts_with(p.proname, 'policy_')
                """, row -> string(row, "proname")));
    }

    private static Map<String, String> extensions(Queries queries) {
        return queries.list("""
                        SELECT name, default_version FROM pg_available_extensions WHERE default_version IS NOT NULL
                        """, row -> Map.entry(string(row, "name"), string(row, "default_version"))).stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
