package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.optionalString;
import static io.hyperferry.catalog.internal.Queries.string;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;

import io.hyperferry.catalog.Extension;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Installed extensions, and what users keep in tables of theirs. */
public final class ExtensionQueries {
    private ExtensionQueries() {}

    private record Rows(String extension, long count) {}

    public static List<Extension> read(Queries queries) {
        Map<String, Long> rows = userTables(queries).stream()
                .map(it -> new Rows(it.extension(), it.count(queries)))
                .collect(groupingBy(Rows::extension, summingLong(Rows::count)));
        return queries.list("""
                SELECT e.extname, n.nspname, e.extversion
                FROM pg_extension e
                JOIN pg_namespace n ON n.oid = e.extnamespace
                WHERE e.extname <> 'timescaledb'
                ORDER BY e.extname COLLATE "C"
                """, row -> {
            String name = string(row, "extname");
            return new Extension(name, string(row, "nspname"), string(row, "extversion"), rows.getOrDefault(name, 0L));
        });
    }

    /** A table whose rows pg_dump would take, all or those for which its condition holds. */
    private record UserTable(
            String extension, String quoted, @Nullable String condition) {
        long count(Queries queries) {
            return queries.list(
                            "SELECT count(*) AS n FROM " + quoted + " " + (condition == null ? "" : condition),
                            row -> number(row, "n"))
                    .get(0);
        }
    }

    private static List<UserTable> userTables(Queries queries) {
        return queries.list(
                """
                SELECT e.extname, format('%I.%I', n.nspname, c.relname) AS quoted, nullif(t.condition, '') AS condition
                FROM pg_extension e
                CROSS JOIN LATERAL unnest(e.extconfig, e.extcondition) t(oid, condition)
                JOIN pg_class c ON c.oid = t.oid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE e.extname <> 'timescaledb' AND c.relkind IN ('r', 'p')
                    AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
                """,
                row -> new UserTable(string(row, "extname"), string(row, "quoted"), optionalString(row, "condition")));
    }
}
