package io.hyperferry.catalog;

import java.util.Objects;

/**
 * An index of a table, those behind constraints included.
 *
 * @param table the table it is on
 * @param name its name
 * @param definition what {@code pg_get_indexdef} says
 */
public record Index(QualifiedName table, String name, String definition) {
    public Index {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(definition, "definition");
    }
}
