package io.hyperferry.catalog;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A constraint of a table.
 *
 * @param table the table it is on
 * @param name its name
 * @param definition what {@code pg_get_constraintdef} says
 * @param references the table that a foreign key points to, else null
 */
public record Constraint(
        QualifiedName table,
        String name,
        String definition,
        @Nullable QualifiedName references) {
    public Constraint {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(definition, "definition");
    }
}
