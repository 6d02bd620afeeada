package io.hyperferry.catalog;

import java.util.List;
import java.util.Objects;

/**
 * What the order and the hashes of a column's values depend on, apart from the values. The types inside of arrays, ranges, domains and composite types
 * count, too.
 *
 * @param table the hypertable, or the view of a continuous aggregate
 * @param column the column's name
 * @param enums the enums, whose values are hashed by OIDs that each server chooses for itself; their order is the one that they were created with
 * @param oidTypes the types whose values are OIDs, which each server chooses for itself: {@code regclass}
 * @param ownTypes the base types that are not PostgreSQL's own, and whose functions can do anything: {@code public.citext}
 * @param collations the collations that order its text
 * @param text whether its values have text in them, whose bytes depend on the encoding of the database
 */
public record ColumnSemantics(
        QualifiedName table,
        String column,
        List<String> enums,
        List<String> oidTypes,
        List<String> ownTypes,
        List<Collation> collations,
        boolean text) {
    public ColumnSemantics {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(column, "column");
        enums = List.copyOf(enums);
        oidTypes = List.copyOf(oidTypes);
        ownTypes = List.copyOf(ownTypes);
        collations = List.copyOf(collations);
    }
}
