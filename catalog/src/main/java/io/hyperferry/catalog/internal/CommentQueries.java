package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.string;

import io.hyperferry.catalog.internal.ObjectCollector.ObjectKey;

/** Comments as facts of the objects that they are on. */
final class CommentQueries {
    private CommentQueries() {}

    /** What initdb made has lower OIDs than anything of a user; the schema {@code public} alone is there from the start. */
    static void read(ObjectCollector objects) {
        objects.queries().list("""
                SELECT d.classoid::regclass::text AS catalog, d.objoid::bigint AS oid, d.objsubid::bigint AS sub, d.description
                FROM pg_description d
                WHERE d.objoid >= 16384
                   OR (d.classoid = 'pg_namespace'::regclass AND d.description <> 'standard public schema')
                UNION ALL
                SELECT 'pg_database', s.objoid::bigint, 0, s.description
                FROM pg_shdescription s
                JOIN pg_database d ON d.oid = s.objoid AND d.datname = current_database()
                WHERE s.classoid = 'pg_database'::regclass
                """, row -> {
            objects.addFact(
                    new ObjectKey(string(row, "catalog"), number(row, "oid"), number(row, "sub")),
                    "comment",
                    string(row, "description"));
            return row;
        });
    }
}
