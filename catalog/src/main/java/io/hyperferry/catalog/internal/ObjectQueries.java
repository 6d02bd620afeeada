package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.string;

import java.util.List;
import java.util.stream.Stream;

/** What a user's database holds beside tables, views and sequences. */
public final class ObjectQueries {
    private ObjectQueries() {}

    public static List<String> otherObjects(Queries queries) {
        return Stream.of(schemas(queries), functions(queries), types(queries))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> schemas(Queries queries) {
        return queries.listOfUsers("""
                SELECT 'schema ' || n.nspname AS object
                FROM pg_namespace n
                WHERE n.nspname <> 'public' AND {user_object}
                ORDER BY n.nspname COLLATE "C"
                """, "pg_namespace", "n.oid", row -> string(row, "object"));
    }

    private static List<String> functions(Queries queries) {
        return queries.listOfUsers("""
                SELECT 'function ' || n.nspname || '.' || p.proname
                           || '(' || oidvectortypes(p.proargtypes) || ')' AS object
                FROM pg_proc p
                JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE {user_object}
                ORDER BY n.nspname COLLATE "C", p.proname COLLATE "C", 1
                """, "pg_proc", "p.oid", row -> string(row, "object"));
    }

    private static List<String> types(Queries queries) {
        return queries.listOfUsers("""
                SELECT 'type ' || n.nspname || '.' || t.typname AS object
                FROM pg_type t
                JOIN pg_namespace n ON n.oid = t.typnamespace
                LEFT JOIN pg_class c ON c.oid = t.typrelid
                WHERE (t.typtype IN ('d', 'e', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')) AND {user_object}
                ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C"
                """, "pg_type", "t.oid", row -> string(row, "object"));
    }

    public static long largeObjects(Queries queries) {
        return queries.list("SELECT count(*) AS n FROM pg_largeobject_metadata", row -> number(row, "n"))
                .get(0);
    }
}
