package io.hyperferry.internal.schema;

import io.hyperferry.Step.SchemaRules;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.schema.TableOfContents.Entry;
import io.hyperferry.internal.sql.Identifiers;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an entry of a dump says otherwise on the target. Pure functions on the forms in which pg_dump and pg_restore write. */
final class Rewriting {
    private static final String IDENTIFIER = "(?:\"(?:[^\"]|\"\")*\"|[^\\s.,;()\"']+)";

    private static final Pattern ONLY = Pattern.compile("(?<=^|\\n)(ALTER TABLE |ALTER PUBLICATION " + IDENTIFIER
            + " ADD TABLE )ONLY ((" + IDENTIFIER + ")\\.(" + IDENTIFIER + "))(?=[\\s;(])");
    private static final Pattern OWNER_AT_END = Pattern.compile("(?<owner>" + IDENTIFIER + ");\\s*");
    private static final Pattern TOKEN =
            Pattern.compile("\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|[A-Za-z_][A-Za-z_0-9$]*|.", Pattern.DOTALL);
    private static final Pattern DEFAULTS = Pattern.compile(
            "(?m)^SET default_(?<what>tablespace|table_access_method) = (?<name>''|" + IDENTIFIER + ");");
    private static final Pattern CREATE_SCHEMA = Pattern.compile("(?m)^CREATE SCHEMA ");
    private static final String OWNER_TO = " OWNER TO ";

    private Rewriting() {}

    /** The entry's statements as they are executed on the target. */
    static String of(Entry entry, SchemaRules rules, Set<QualifiedName> hypertables) {
        String sql = withoutOnly(entry, hypertables);
        if (entry.kind().equals("SCHEMA")) {
            // An extension may be in it already.
            sql = CREATE_SCHEMA.matcher(sql).replaceFirst("CREATE SCHEMA IF NOT EXISTS ");
        }
        sql = owner(sql, rules);
        sql = roles(entry, sql, rules);
        return defaults(sql, rules);
    }

    /**
     * pg_dump alters every table with ONLY, which hypertables refuse once they are such, and which would publish a hypertable without its
     * chunks. Partitioned tables need it.
     */
    static String withoutOnly(Entry entry, Set<QualifiedName> hypertables) {
        if (!entry.kind().endsWith("CONSTRAINT")
                && !entry.kind().equals("INDEX")
                && !entry.kind().equals("PUBLICATION TABLE")) {
            return entry.sql();
        }
        Matcher statement = ONLY.matcher(entry.sql());
        return statement.replaceAll(found -> {
            QualifiedName table = new QualifiedName(unquoted(found.group(3)), unquoted(found.group(4)));
            String only = hypertables.contains(table) ? "" : "ONLY ";
            return Matcher.quoteReplacement(found.group(1) + only + found.group(2));
        });
    }

    /** pg_restore ends an entry that has an owner with the statement that makes it so. */
    private static String owner(String sql, SchemaRules rules) {
        int at = sql.lastIndexOf(OWNER_TO);
        while (at >= 0) {
            Matcher owner = OWNER_AT_END.matcher(sql.substring(at + OWNER_TO.length()));
            int start = sql.lastIndexOf("ALTER ", at);
            if (owner.matches() && start >= 0 && (start == 0 || sql.charAt(start - 1) == '\n')) {
                String before = sql.substring(0, start);
                return rules.keepOwners()
                        ? sql.substring(0, at + OWNER_TO.length())
                                + mapped(
                                        owner.group("owner"),
                                        role -> rules.roles().getOrDefault(role, role)) + ";"
                        : before.strip();
            }
            at = sql.lastIndexOf(OWNER_TO, at - 1);
        }
        return sql;
    }

    /** Roles stand after these words, in the kinds of entries that name any. */
    private static String roles(Entry entry, String sql, SchemaRules rules) {
        UnaryOperator<String> map = role -> rules.roles().getOrDefault(role, role);
        return switch (entry.kind()) {
            // A privilege that an owner took from, or gave to, itself is one of the new owner.
            case "ACL" ->
                roles(
                        sql,
                        Set.of("TO", "FROM", "AUTHORIZATION"),
                        role -> !rules.keepOwners() && role.equals(entry.owner()) ? rules.user() : map.apply(role));
            case "DEFAULT ACL" -> roles(sql, Set.of("TO", "FROM", "ROLE", "AUTHORIZATION"), map);
            case "POLICY" -> roles(sql, Set.of("TO"), map);
            case "USER MAPPING" -> roles(sql, Set.of("FOR"), map);
            default -> sql;
        };
    }

    private enum Expected {
        NO_ROLE,
        A_ROLE,
        MORE_OF_A_LIST
    }

    private static String roles(String sql, Set<String> words, UnaryOperator<String> map) {
        StringBuilder text = new StringBuilder();
        Matcher token = TOKEN.matcher(sql);
        Expected expected = Expected.NO_ROLE;
        boolean reset = false;
        int depth = 0;
        while (token.find()) {
            String found = token.group();
            depth += found.equals("(") ? 1 : found.equals(")") ? -1 : 0;
            if (expected == Expected.A_ROLE && isName(found)) {
                text.append(mapped(found, map));
                expected = Expected.MORE_OF_A_LIST;
                continue;
            }
            if (reset && found.equals("SESSION")) {
                text.setLength(text.length() - 1);
            } else {
                // To set a role it takes a member of it, to set the session's authorization a superuser.
                text.append(found.equals("AUTHORIZATION") ? "ROLE" : found);
            }
            reset = found.equals("RESET") || (reset && found.isBlank());
            // A policy's condition is an expression in brackets, and names no roles in this way.
            if (depth == 0 && words.contains(found)) {
                expected = Expected.A_ROLE;
            } else if (expected == Expected.MORE_OF_A_LIST && found.equals(",")) {
                expected = Expected.A_ROLE;
            } else if (!found.isBlank()) {
                expected = Expected.NO_ROLE;
            }
        }
        return text.toString();
    }

    private static boolean isName(String token) {
        return token.startsWith("\"") || Character.isLetter(token.charAt(0)) || token.startsWith("_");
    }

    /** A role's name, or a word such as {@code PUBLIC} that stands for one, by its replacement. */
    private static String mapped(String identifier, UnaryOperator<String> map) {
        if (identifier.equals("PUBLIC")) {
            return identifier;
        }
        String role = unquoted(identifier);
        String replacement = map.apply(role);
        return replacement.equals(role) ? identifier : Identifiers.quote(replacement);
    }

    /** What a table, an index or a materialized view is made with. */
    private static String defaults(String sql, SchemaRules rules) {
        return DEFAULTS.matcher(sql).replaceAll(found -> {
            boolean tablespace = found.group(1).equals("tablespace");
            List<String> missing = tablespace ? rules.missingTablespaces() : rules.missingAccessMethods();
            String statement = found.group();
            if (missing.contains(unquoted(found.group(2)))) {
                statement = tablespace ? "SET default_tablespace = '';" : "SET default_table_access_method = heap;";
            }
            return Matcher.quoteReplacement(statement.replaceFirst("^SET ", "SET LOCAL "));
        });
    }

    private static String unquoted(String identifier) {
        return identifier.startsWith("\"")
                ? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
                : identifier;
    }
}
