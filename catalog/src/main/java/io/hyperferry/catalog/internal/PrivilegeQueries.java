package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.flag;
import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.optionalString;
import static io.hyperferry.catalog.internal.Queries.string;
import static java.util.stream.Collectors.groupingBy;

import io.hyperferry.catalog.RoleUse.Use;
import io.hyperferry.catalog.internal.ObjectCollector.ObjectKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Privileges as facts of the objects that they are on, and default privileges as objects. */
final class PrivilegeQueries {
    private static final String GRANTED_TO = "granted to ";
    private static final String OWNER = "(owner)";

    /** All that there is to grant on such an object: more in a later PostgreSQL, and meant all the same. */
    private static final String ALL = "ALL";

    private static final String NOTHING = "nothing";

    private PrivilegeQueries() {}

    static void read(ObjectCollector objects) {
        onObjects(objects);
        byDefault(objects);
        ofLargeObjects(objects);
    }

    /** One privilege of one role. {@code initial} is what the object began with, before anybody granted or revoked. */
    private record Granted(
            ObjectKey on,
            boolean initial,
            boolean toOwner,
            @Nullable String role,
            @Nullable String grantor,
            String privilege,
            boolean grantable) {}

    private static void onObjects(ObjectCollector objects) {
        List<Granted> granted = objects.query("pg_class", "c.oid", """
                SELECT o.catalog, o.oid::bigint AS oid, o.sub::bigint AS sub, v.initial, x.grantee = o.owner AS to_owner,
                       CASE WHEN x.grantee <> 0 THEN pg_get_userbyid(x.grantee) END AS role,
                       CASE WHEN x.grantor <> o.owner THEN pg_get_userbyid(x.grantor) END AS grantor,
                       coalesce(x.privilege_type, '') AS privilege, coalesce(x.is_grantable, false) AS grantable
                FROM (
                    SELECT 'pg_class' AS catalog, c.oid, 0 AS sub, c.relowner AS owner, c.relacl AS acl,
                           CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END AS type
                    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.relacl IS NOT NULL AND {user_relation}
                    UNION ALL
                    SELECT 'pg_class', c.oid, a.attnum, c.relowner, a.attacl, 'c'
                    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND {user_relation}
                    UNION ALL SELECT 'pg_proc', p.oid, 0, p.proowner, p.proacl, 'f' FROM pg_proc p WHERE p.oid >= 16384
                    UNION ALL SELECT 'pg_type', t.oid, 0, t.typowner, t.typacl, 'T' FROM pg_type t WHERE t.oid >= 16384
                    UNION ALL SELECT 'pg_namespace', s.oid, 0, s.nspowner, s.nspacl, 'n' FROM pg_namespace s
                    UNION ALL SELECT 'pg_language', l.oid, 0, l.lanowner, l.lanacl, 'l' FROM pg_language l
                    UNION ALL SELECT 'pg_foreign_data_wrapper', w.oid, 0, w.fdwowner, w.fdwacl, 'F'
                        FROM pg_foreign_data_wrapper w
                    UNION ALL SELECT 'pg_foreign_server', s.oid, 0, s.srvowner, s.srvacl, 'S' FROM pg_foreign_server s
                    UNION ALL SELECT 'pg_database', d.oid, 0, d.datdba, d.datacl, 'd' FROM pg_database d
                        WHERE d.datname = current_database()
                ) o
                LEFT JOIN pg_init_privs i ON i.classoid = o.catalog::regclass AND i.objoid = o.oid AND i.objsubid = o.sub
                CROSS JOIN LATERAL (VALUES (false, o.acl), (true, coalesce(i.initprivs, acldefault(o.type::"char", o.owner))))
                    v(initial, acl)
                LEFT JOIN LATERAL aclexplode(v.acl) x ON true
                WHERE o.acl IS NOT NULL
                """, PrivilegeQueries::granted);
        granted.stream()
                .filter(it -> objects.has(it.on()))
                .collect(groupingBy(Granted::on))
                .forEach((on, privileges) -> {
                    SortedMap<String, SortedMap<String, Boolean>> now = byRole(objects, privileges, false);
                    SortedMap<String, SortedMap<String, Boolean>> before = byRole(objects, privileges, true);
                    if (!now.equals(before)) {
                        now.putIfAbsent(OWNER, new TreeMap<>());
                        Set<String> all =
                                before.getOrDefault(OWNER, new TreeMap<>()).keySet();
                        now.forEach((role, has) -> objects.addFact(on, GRANTED_TO + role, text(has, all)));
                    }
                });
    }

    /** A list without a privilege comes as one row without a privilege. */
    private static Granted granted(Record row) {
        return new Granted(
                new ObjectKey(string(row, "catalog"), number(row, "oid"), number(row, "sub")),
                flag(row, "initial"),
                Boolean.TRUE.equals(row.get("to_owner", Boolean.class)),
                optionalString(row, "role"),
                optionalString(row, "grantor"),
                string(row, "privilege"),
                flag(row, "grantable"));
    }

    private static SortedMap<String, SortedMap<String, Boolean>> byRole(
            ObjectCollector objects, List<Granted> privileges, boolean initial) {
        SortedMap<String, SortedMap<String, Boolean>> roles = new TreeMap<>();
        for (Granted granted : privileges) {
            if (granted.initial() == initial && !granted.privilege().isEmpty()) {
                roles.computeIfAbsent(grantee(objects, granted), it -> new TreeMap<>())
                        .merge(granted.privilege(), granted.grantable(), Boolean::logicalOr);
                if (!initial) {
                    objects.roles().usedIfAny(granted.grantor(), Use.GRANTOR);
                }
            }
        }
        return roles;
    }

    private static String grantee(ObjectCollector objects, Granted granted) {
        if (granted.toOwner()) {
            return OWNER;
        }
        return granted.role() == null ? Roles.PUBLIC : objects.roles().used(granted.role(), Use.GRANT);
    }

    private static String text(SortedMap<String, Boolean> privileges, Set<String> all) {
        if (privileges.isEmpty()) {
            return NOTHING;
        }
        boolean alike = privileges.values().stream().distinct().count() == 1;
        if (alike && privileges.keySet().equals(all)) {
            return privileges.containsValue(true) ? ALL + "*" : ALL;
        }
        StringBuilder text = new StringBuilder();
        privileges.forEach((privilege, grantable) ->
                text.append(text.isEmpty() ? "" : ", ").append(privilege).append(grantable ? "*" : ""));
        return text.toString();
    }

    private record Default(
            long oid,
            String identity,
            boolean toOwner,
            @Nullable String role,
            String privilege,
            boolean grantable) {}

    private static void byDefault(ObjectCollector objects) {
        Roles roles = objects.roles();
        List<Default> defaults = objects.query(
                "pg_default_acl",
                "d.oid",
                """
                SELECT d.oid::bigint AS oid, pg_get_userbyid(d.defaclrole) AS owner, n.nspname,
                       CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                            WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END AS type,
                       x.grantee = d.defaclrole AS to_owner,
                       CASE WHEN x.grantee <> 0 THEN pg_get_userbyid(x.grantee) END AS role,
                       coalesce(x.privilege_type, '') AS privilege, coalesce(x.is_grantable, false) AS grantable
                FROM pg_default_acl d
                LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
                LEFT JOIN LATERAL aclexplode(d.defaclacl) x ON true
                WHERE d.defaclnamespace = 0 OR {user_object}
                """,
                row -> new Default(
                        number(row, "oid"),
                        defaultIdentity(
                                roles.used(string(row, "owner"), Use.DEFAULT_PRIVILEGES),
                                optionalString(row, "nspname"),
                                string(row, "type")),
                        Boolean.TRUE.equals(row.get("to_owner", Boolean.class)),
                        Boolean.TRUE.equals(row.get("to_owner", Boolean.class))
                                ? null
                                : roles.usedIfAny(optionalString(row, "role"), Use.GRANT),
                        string(row, "privilege"),
                        flag(row, "grantable")));
        defaults.stream().collect(groupingBy(Default::oid)).forEach((oid, of) -> {
            SortedMap<String, SortedMap<String, Boolean>> privileges = new TreeMap<>();
            of.stream()
                    .filter(it -> !it.privilege().isEmpty())
                    .forEach(it -> privileges
                            .computeIfAbsent(
                                    it.toOwner() ? OWNER : it.role() == null ? Roles.PUBLIC : it.role(),
                                    role -> new TreeMap<>())
                            .merge(it.privilege(), it.grantable(), Boolean::logicalOr));
            Map<String, String> facts = new LinkedHashMap<>();
            privileges.forEach((role, has) -> facts.put(GRANTED_TO + role, text(has, Set.of())));
            objects.add(
                    new ObjectKey("pg_default_acl", oid, 0),
                    "default privileges",
                    of.get(0).identity(),
                    null,
                    null,
                    facts);
        });
    }

    private static String defaultIdentity(String role, @Nullable String schema, String type) {
        return ObjectCollector.part(role) + (schema == null ? "" : " in " + ObjectCollector.part(schema)) + " on "
                + type;
    }

    /** Large objects are only counted, but their roles are needed all the same. */
    private static void ofLargeObjects(ObjectCollector objects) {
        objects.queries().list("""
                SELECT DISTINCT pg_get_userbyid(l.lomowner) AS owner,
                       CASE WHEN x.grantee <> 0 AND x.grantee <> l.lomowner THEN pg_get_userbyid(x.grantee) END AS role
                FROM pg_largeobject_metadata l
                LEFT JOIN LATERAL aclexplode(l.lomacl) x ON true
                """, row -> {
            objects.roles().used(string(row, "owner"), Use.OWNER);
            objects.roles().usedIfAny(optionalString(row, "role"), Use.GRANT);
            return row;
        });
    }
}
