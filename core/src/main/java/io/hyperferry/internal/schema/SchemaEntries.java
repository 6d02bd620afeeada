package io.hyperferry.internal.schema;

import io.hyperferry.Step;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.schema.SchemaDump.Sections;
import io.hyperferry.internal.schema.TableOfContents.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides what of a dump is restored and how: pure functions from tables of contents to {@link SchemaEntry}s.
 *
 * <p>Left out are TimescaleDB itself and its own triggers, chunks that look like tables, the plan's relations that stay behind, and
 * whatever needs one of these.
 */
public final class SchemaEntries {
    private static final long PG_CLASS = 1259;

    /** TimescaleDB makes its triggers when it makes the hypertable; the dumped ones hold ids of the source. */
    private static final Pattern TIMESCALE_TRIGGER =
            Pattern.compile("EXECUTE (?:FUNCTION|PROCEDURE) _timescaledb_(?:functions|internal)\\.");

    private static final Pattern ALTER_ONLY = Pattern.compile(
            "(?<=^|\\n)ALTER TABLE ONLY (?<schema>\"(?:[^\"]|\"\")*\"|[^\\s.\"]+)\\.(?<name>\"(?:[^\"]|\"\")*\"|[^\\s.\"]+)(?=\\s)");

    private SchemaEntries() {}

    /** The entries of both sections, in the order of restoring. */
    public static List<SchemaEntry> of(Sections sections, Step.RestorePreData step, Set<QualifiedName> hypertables) {
        List<Entry> preData = sections.preData().entries();
        List<Entry> postData = sections.postData().entries();
        List<Entry> all = new ArrayList<>(preData);
        all.addAll(postData);
        Map<Integer, @Nullable String> leftOut = leftOut(all, step);
        List<SchemaEntry> entries = new ArrayList<>();
        for (Entry entry : all) {
            boolean before = entries.size() < preData.size();
            entries.add(new SchemaEntry(
                    entries.size() + 1,
                    before ? SchemaEntry.Section.PRE_DATA : SchemaEntry.Section.POST_DATA,
                    entry.kind(),
                    (entry.schema().equals("-") ? "" : entry.schema() + ".") + entry.name(),
                    before ? entry.sql() : withoutOnly(entry, hypertables),
                    leftOut.get(entry.id())));
        }
        return entries;
    }

    private static Map<Integer, @Nullable String> leftOut(List<Entry> entries, Step.RestorePreData step) {
        Map<Long, String> relations = new HashMap<>();
        step.leftOut().forEach(it -> relations.put(it.oid(), it.reason()));
        Set<Long> chunks = new HashSet<>(step.chunks());
        Map<Integer, @Nullable String> reasons = new LinkedHashMap<>();
        Map<Integer, String> titles = new HashMap<>();
        Set<Integer> timescale = new HashSet<>();
        for (Entry entry : entries) {
            titles.put(entry.id(), entry.title());
            if (entry.kind().equals("EXTENSION") && entry.name().equals("timescaledb")) {
                timescale.add(entry.id());
                reasons.put(entry.id(), SchemaEntry.NOT_ITS_OWN);
            } else if (entry.kind().equals("COMMENT")
                    && entry.dependencies().stream().anyMatch(timescale::contains)) {
                reasons.put(entry.id(), SchemaEntry.NOT_ITS_OWN);
            } else if (entry.kind().equals("TRIGGER")
                    && TIMESCALE_TRIGGER.matcher(entry.sql()).find()) {
                reasons.put(entry.id(), SchemaEntry.NOT_ITS_OWN);
            } else if (entry.catalog() == PG_CLASS && chunks.contains(entry.oid())) {
                reasons.put(entry.id(), SchemaEntry.NOT_ITS_OWN);
            } else if (entry.catalog() == PG_CLASS && relations.containsKey(entry.oid())) {
                reasons.put(entry.id(), relations.get(entry.oid()));
            }
        }
        addDependents(entries, reasons, titles, timescale);
        return reasons;
    }

    /** What needs something that is left out cannot be restored either. Much needs the extension, which is there. */
    private static void addDependents(
            List<Entry> entries,
            Map<Integer, @Nullable String> reasons,
            Map<Integer, String> titles,
            Set<Integer> present) {
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Entry entry : entries) {
                if (reasons.containsKey(entry.id())) {
                    continue;
                }
                for (int needed : entry.dependencies()) {
                    if (reasons.containsKey(needed) && !present.contains(needed)) {
                        String reason = reasons.get(needed);
                        reasons.put(
                                entry.id(),
                                SchemaEntry.NOT_ITS_OWN.equals(reason)
                                        ? reason
                                        : "needs " + titles.get(needed) + ", which stays behind");
                        grew = true;
                        break;
                    }
                }
            }
        }
    }

    /** pg_dump alters every table with ONLY, which hypertables refuse; partitioned tables need it. */
    static String withoutOnly(Entry entry, Set<QualifiedName> hypertables) {
        if (!entry.kind().endsWith("CONSTRAINT") && !entry.kind().equals("INDEX")) {
            return entry.sql();
        }
        Matcher alter = ALTER_ONLY.matcher(entry.sql());
        return alter.replaceAll(found -> {
            QualifiedName table = new QualifiedName(unquoted(found.group(1)), unquoted(found.group(2)));
            String statement = found.group();
            return Matcher.quoteReplacement(
                    hypertables.contains(table)
                            ? statement.replaceFirst("ALTER TABLE ONLY ", "ALTER TABLE ")
                            : statement);
        });
    }

    private static String unquoted(String identifier) {
        return identifier.startsWith("\"")
                ? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
                : identifier;
    }
}
