package io.hyperferry.internal.schema;

import io.hyperferry.Step.ColumnOrder;
import io.hyperferry.internal.schema.TableOfContents.Entry;
import io.hyperferry.internal.sql.Identifiers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Has a table inherit from a helper first, so that its columns keep their order. Pure functions on the form in which pg_dump writes. */
final class Inheritance {
    private static final Pattern TOKEN =
            Pattern.compile("\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|[A-Za-z_][A-Za-z_0-9$]*|.", Pattern.DOTALL);

    private Inheritance() {}

    /**
     * The entry's statements with the helper's around the first one.
     *
     * @throws IllegalArgumentException when the entry does not create a table that inherits
     */
    static Entry ordered(Entry entry, ColumnOrder order) {
        String sql = entry.sql();
        Matcher token = TOKEN.matcher(sql);
        int create = -1;
        int parents = -1;
        int depth = 0;
        boolean inherits = false;
        while (token.find()) {
            String found = token.group();
            if (depth == 0 && create < 0 && found.equals("CREATE")) {
                create = token.start();
            } else if (depth == 0 && parents < 0 && inherits && found.equals("(")) {
                parents = token.end();
            } else if (depth == 0 && create >= 0 && found.equals(";")) {
                break;
            }
            inherits = found.equals("INHERITS") || (inherits && found.isBlank());
            depth += found.equals("(") ? 1 : found.equals(")") ? -1 : 0;
        }
        if (create < 0 || parents < 0 || (token.hitEnd() && !sql.endsWith(";"))) {
            throw new IllegalArgumentException(entry.title() + " has no list of parents in the dump");
        }
        int end = token.end();
        return entry.withSql(sql.substring(0, create)
                + String.join(";\n", order.before()) + ";\n"
                + sql.substring(create, parents)
                + Identifiers.quote(order.helper()) + ", "
                + sql.substring(parents, end) + "\n"
                + String.join(";\n", order.after()) + ";"
                + sql.substring(end));
    }
}
