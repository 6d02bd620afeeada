package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.quote;

import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.QualifiedName;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Statements around the creation of a table that inherits.
 *
 * @see <a href="https://www.postgresql.org/docs/current/ddl-inherit.html">Inheritance</a>
 */
public final class InheritanceSql {
    private InheritanceSql() {}

    /**
     * Creates a parent that has these columns in this order. Parents of one child must agree on collation and storage.
     *
     * @param facts what else the catalog knows of each column, by its name: {@code collation} and {@code storage}
     */
    public static List<String> createHelper(
            QualifiedName helper, List<Column> columns, Map<String, Map<String, String>> facts) {
        String create = "CREATE TABLE " + quote(helper)
                + columns.stream()
                        .map(column -> definition(column, fact(facts, column, "collation")))
                        .collect(Collectors.joining(", ", " (", ")"))
                + " USING heap";
        return Stream.concat(
                        Stream.of(create),
                        columns.stream()
                                .filter(column -> fact(facts, column, "storage") != null)
                                .map(column -> "ALTER TABLE " + quote(helper) + " ALTER COLUMN " + quote(column.name())
                                        + " SET STORAGE " + fact(facts, column, "storage")))
                .toList();
    }

    private static @Nullable String fact(Map<String, Map<String, String>> facts, Column column, String fact) {
        return facts.getOrDefault(column.name(), Map.of()).get(fact);
    }

    private static String definition(Column column, @Nullable String collation) {
        return quote(column.name()) + " " + column.type() + (collation == null ? "" : " COLLATE " + collation);
    }

    /** Detaches a helper from its child and drops it. */
    public static List<String> dropHelper(QualifiedName helper, QualifiedName child) {
        return List.of(
                "ALTER TABLE ONLY " + quote(child) + " NO INHERIT " + quote(helper), "DROP TABLE " + quote(helper));
    }
}
