package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.name;
import static io.hyperferry.catalog.internal.Queries.optionalName;
import static io.hyperferry.catalog.internal.Queries.string;

import io.hyperferry.catalog.Constraint;
import io.hyperferry.catalog.Index;
import io.hyperferry.catalog.QualifiedName;
import java.util.List;
import java.util.Set;

/** Constraints and indexes of the tables that an application sees. */
public final class ConstraintQueries {
    private ConstraintQueries() {}

    /**
     * Not-null constraints are left to the columns; before PostgreSQL 18 they have no row here. What PostgreSQL and TimescaleDB derive
     * from a constraint of a parent, such as a foreign key to each chunk of the hypertable that it points to, comes with the parent's.
     */
    public static List<Constraint> constraints(Queries queries, Set<QualifiedName> chunks) {
        return queries
                .listOfUsers(
                        """
                        SELECT n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid) AS definition,
                               fn.nspname AS referenced_schema, f.relname AS referenced_name
                        FROM pg_constraint k
                        JOIN pg_class c ON c.oid = k.conrelid
                        JOIN pg_namespace n ON n.oid = c.relnamespace
                        LEFT JOIN pg_class f ON f.oid = k.confrelid
                        LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
                        WHERE c.relkind IN ('r', 'p', 'f') AND k.contype IN ('p', 'u', 'c', 'f', 'x') AND k.conparentid = 0
                            AND {user_object}
                        ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.conname COLLATE "C"
                        """,
                        "pg_class",
                        "c.oid",
                        row -> new Constraint(
                                name(row, "nspname", "relname"),
                                string(row, "conname"),
                                string(row, "definition"),
                                optionalName(row, "referenced_schema", "referenced_name")))
                .stream()
                .filter(it -> !chunks.contains(it.table()))
                .toList();
    }

    public static List<Index> indexes(Queries queries, Set<QualifiedName> chunks) {
        return queries
                .listOfUsers(
                        """
                        SELECT n.nspname, c.relname, i.relname AS index_name, pg_get_indexdef(i.oid) AS definition
                        FROM pg_index x
                        JOIN pg_class i ON i.oid = x.indexrelid
                        JOIN pg_class c ON c.oid = x.indrelid
                        JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relkind IN ('r', 'p', 'm') AND {user_object}
                        ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", i.relname COLLATE "C"
                        """,
                        "pg_class",
                        "c.oid",
                        row -> new Index(
                                name(row, "nspname", "relname"), string(row, "index_name"), string(row, "definition")))
                .stream()
                .filter(it -> !chunks.contains(it.table()))
                .toList();
    }
}
