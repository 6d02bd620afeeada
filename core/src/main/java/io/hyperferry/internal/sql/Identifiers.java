package io.hyperferry.internal.sql;

import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.QualifiedName;
import java.util.Collection;
import java.util.stream.Collectors;

/** Names and values as SQL. */
public final class Identifiers {
    private Identifiers() {}

    /** A name in double quotes, always, so that no list of keywords is needed. */
    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** {@code "schema"."name"}. */
    public static String quote(QualifiedName name) {
        return quote(name.schema()) + "." + quote(name.name());
    }

    /** The columns' names, quoted, with commas between. */
    public static String quote(Collection<Column> columns) {
        return columns.stream().map(column -> quote(column.name())).collect(Collectors.joining(", "));
    }

    /** A text as a literal, whatever {@code standard_conforming_strings} says. */
    public static String literal(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
    }

    /** A relation's name as a {@code regclass} literal. */
    public static String regclass(QualifiedName name) {
        return literal(quote(name)) + "::regclass";
    }

    /** A function's name as a {@code regproc} literal. */
    public static String regproc(QualifiedName name) {
        return literal(quote(name)) + "::regproc";
    }
}
