package io.hyperferry.catalog;

import java.util.Objects;

/**
 * A column of a table.
 *
 * @param name the column's name, without quotes
 * @param type the type as PostgreSQL's {@code format_type} spells it, for example {@code numeric(10,2)}
 * @param notNull whether the column is {@code NOT NULL}
 * @param generated whether its value is computed ({@code GENERATED ALWAYS AS … STORED} or {@code VIRTUAL}), so that it can be
 *     neither copied nor written
 * @param scalar whether the type is one of PostgreSQL's own whose binary form is the same on every server, and the same for two values exactly
 *     when their text is; all others are digested as text. An equality, and so a hash, is no such proof: to it 1.0 is 1.00, and -0 is 0
 * @param binary whether values have a binary form that means the same on another server; what has none travels as text: a
 *     {@code regclass} is an OID, an empty {@code tsquery} is refused, and some types have no binary form at all
 */
public record Column(String name, String type, boolean notNull, boolean generated, boolean scalar, boolean binary) {
    public Column {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
    }

    /** A column whose values have a binary form. */
    public Column(String name, String type, boolean notNull, boolean generated, boolean scalar) {
        this(name, type, notNull, generated, scalar, true);
    }

    /** A plain column: nullable, not generated, of a scalar type. */
    public static Column of(String name, String type) {
        return new Column(name, type, false, false, true);
    }
}
