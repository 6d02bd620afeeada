package io.hyperferry.internal.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The entries of one section of a dump, each with the SQL that restores it.
 *
 * <p>pg_restore writes them as one script, with a comment ahead of each that has the entry's number, catalog and OID. Such a comment can
 * also stand inside a function's body, so only those count that the archive's own listing ({@code pg_restore --list}) names.
 *
 * @param entries the entries in the order of restoring
 */
record TableOfContents(List<Entry> entries) {
    private static final Pattern LISTED = Pattern.compile("(?m)^(\\d+); (\\d+) (\\d+) ");
    private static final Pattern HEADER = Pattern.compile("""
            (?<=\\n)--\\n-- TOC entry (?<id>\\d+) \\(class (?<catalog>\\d+) OID (?<oid>\\d+)\\)
            (?:-- Dependencies: (?<dependencies>[\\d ]+)\\n)?\
            -- (?:Data for )?Name: (?<name>.*); Type: (?<kind>[A-Z ]+); Schema: (?<schema>.*); Owner: (?<owner>.*?)(?:; Tablespace: .*)?
            (?:-- Data Pos: .*\\n)?\
            --\\n\\n""");

    /** Settings that belong to the entry after them. */
    private static final Pattern SETTINGS_AT_END =
            Pattern.compile("(?:\\n\\nSET default_(?:tablespace|table_access_method) = [^\\n]*;)+\\s*$");

    private static final Pattern SETTING = Pattern.compile("SET (?<name>default_[a-z_]+) = [^\\n]*;");

    /** Kinds of entries that are stored somewhere and somehow. */
    private static final Set<String> STORED = Set.of("TABLE", "INDEX", "CONSTRAINT", "MATERIALIZED VIEW");

    /** What follows the last entry of a script: comments, and psql's own command, which is no SQL. */
    private static final Pattern TRAILER = Pattern.compile("(?:\\n-- Completed on [^\\n]*\\n)?"
            + "\\n--\\n-- PostgreSQL database dump complete\\n--\\n\\s*(?:\\\\unrestrict [^\\n]*\\s*)?\\z");

    TableOfContents {
        entries = List.copyOf(entries);
    }

    /**
     * One object of the schema, or something said about one.
     *
     * @param id its number in the dump
     * @param catalog the OID of the system catalog that it is a row of; 0 for what is said about another entry
     * @param oid its OID
     * @param kind what it is, in pg_dump's words: {@code TABLE}, {@code FK CONSTRAINT}, {@code ACL}
     * @param schema its schema, or {@code -}
     * @param name its name, without line breaks
     * @param owner the role that owns it, or what it is about, without line breaks; or {@code -}
     * @param dependencies the numbers of the entries that it needs
     * @param sql the statements that restore it
     */
    record Entry(
            int id,
            long catalog,
            long oid,
            String kind,
            String schema,
            String name,
            String owner,
            Set<Integer> dependencies,
            String sql) {
        Entry {
            dependencies = Set.copyOf(dependencies);
        }

        Entry withSql(String statements) {
            return new Entry(id, catalog, oid, kind, schema, name, owner, dependencies, statements);
        }

        String title() {
            return kind + " " + (schema.equals("-") ? "" : schema + ".") + name;
        }
    }

    /**
     * Takes a script apart.
     *
     * @param script what {@code pg_restore --verbose --file=-} writes
     * @param listing what {@code pg_restore --list} writes of the same archive
     * @throws IllegalArgumentException when an entry's header stands in the script twice
     */
    static TableOfContents parse(String script, String listing) {
        Set<String> listed = new HashSet<>();
        Matcher line = LISTED.matcher(listing);
        while (line.find()) {
            listed.add(line.group(1) + " " + line.group(2) + " " + line.group(3));
        }
        List<Entry> headers = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        Matcher header = HEADER.matcher(script);
        while (header.find()) {
            if (!listed.contains(header.group("id") + " " + header.group("catalog") + " " + header.group("oid"))) {
                continue;
            }
            Entry entry = entryOf(header);
            if (!seen.add(entry.id())) {
                throw new IllegalArgumentException("the text of an object in the dump repeats the header of entry "
                        + entry.title() + "; change that text, it cannot be told from the dump's own");
            }
            headers.add(entry);
            starts.add(header.end());
            ends.add(header.start());
        }
        Matcher trailer = TRAILER.matcher(script);
        ends.add(trailer.find() ? trailer.start() : script.length());
        return new TableOfContents(withBodies(script, headers, starts, ends));
    }

    /** The body of an entry reaches from its header's end to the next header's start. */
    private static List<Entry> withBodies(
            String script, List<Entry> headers, List<Integer> starts, List<Integer> ends) {
        List<Entry> entries = new ArrayList<>();
        // pg_restore says a setting only when it changes, and each entry is to stand for itself.
        Map<String, String> settings = new TreeMap<>();
        if (!headers.isEmpty()) {
            addSettingsAtEnd(script.substring(0, ends.get(0)), settings);
        }
        for (int i = 0; i < headers.size(); i++) {
            String body = script.substring(starts.get(i), ends.get(i + 1));
            String statements = SETTINGS_AT_END.matcher(body).replaceFirst("").strip();
            entries.add(headers.get(i)
                    .withSql(
                            STORED.contains(headers.get(i).kind())
                                    ? String.join("\n", settings.values()) + "\n\n" + statements
                                    : statements));
            addSettingsAtEnd(body, settings);
        }
        return entries;
    }

    private static void addSettingsAtEnd(String text, Map<String, String> settings) {
        Matcher atEnd = SETTINGS_AT_END.matcher(text);
        if (atEnd.find()) {
            Matcher setting = SETTING.matcher(atEnd.group());
            while (setting.find()) {
                settings.put(setting.group("name"), setting.group());
            }
        }
    }

    private static Entry entryOf(Matcher header) {
        String dependencies = header.group("dependencies");
        Set<Integer> needed = new HashSet<>();
        if (dependencies != null) {
            Arrays.stream(dependencies.trim().split(" +")).map(Integer::valueOf).forEach(needed::add);
        }
        return new Entry(
                Integer.parseInt(header.group("id")),
                Long.parseLong(header.group("catalog")),
                Long.parseLong(header.group("oid")),
                header.group("kind"),
                header.group("schema"),
                header.group("name"),
                header.group("owner"),
                needed,
                "");
    }
}
