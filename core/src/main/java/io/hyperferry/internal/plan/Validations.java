package io.hyperferry.internal.plan;

import static io.hyperferry.internal.sql.Identifiers.quote;

import io.hyperferry.catalog.Constraint;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Table;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Validates checks of inheriting tables. A table that was made after its parent got a check as {@code NOT VALID} has it valid, while a dump adds the
 * check to the parent when both are there, and leaves both to be validated.
 */
final class Validations {
    private static final String NOT_VALID = " NOT VALID";

    private Validations() {}

    /** The statements, to be executed when the checks are there; each can be repeated without harm. */
    static List<String> of(DatabaseCatalog kept) {
        return kept.constraints().stream()
                .filter(constraint -> !constraint.definition().endsWith(NOT_VALID)
                        && ancestors(constraint.table(), kept).stream()
                                .anyMatch(ancestor -> isNotValid(ancestor, constraint, kept)))
                .map(constraint ->
                        "ALTER TABLE " + quote(constraint.table()) + " VALIDATE CONSTRAINT " + quote(constraint.name()))
                .toList();
    }

    private static boolean isNotValid(QualifiedName table, Constraint ofChild, DatabaseCatalog kept) {
        return kept.constraints().stream()
                .anyMatch(constraint -> constraint.table().equals(table)
                        && constraint.name().equals(ofChild.name())
                        && constraint.definition().equals(ofChild.definition() + NOT_VALID));
    }

    private static Set<QualifiedName> ancestors(QualifiedName table, DatabaseCatalog kept) {
        Set<QualifiedName> ancestors = new HashSet<>();
        Deque<QualifiedName> open = new ArrayDeque<>(List.of(table));
        while (!open.isEmpty()) {
            kept.table(open.remove()).map(Table::parents).orElse(List.of()).stream()
                    .filter(ancestors::add)
                    .forEach(open::add);
        }
        return ancestors;
    }
}
