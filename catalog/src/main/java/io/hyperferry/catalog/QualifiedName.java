package io.hyperferry.catalog;

import java.util.Comparator;
import java.util.Objects;

/**
 * The name of an object with its schema, both exactly as the server stores them: unquoted, case kept.
 *
 * @param schema the schema's name, without quotes
 * @param name the object's name, without quotes
 */
public record QualifiedName(String schema, String name) implements Comparable<QualifiedName> {
    private static final Comparator<QualifiedName> ORDER =
            Comparator.comparing(QualifiedName::schema).thenComparing(QualifiedName::name);

    public QualifiedName {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(name, "name");
    }

    /** The name of an object, for example {@code of("public", "readings")}. */
    public static QualifiedName of(String schema, String name) {
        return new QualifiedName(schema, name);
    }

    @Override
    public int compareTo(QualifiedName other) {
        return ORDER.compare(this, other);
    }

    /** {@code schema.name} for people; not quoted, so not for SQL. */
    @Override
    public String toString() {
        return schema + "." + name;
    }
}
