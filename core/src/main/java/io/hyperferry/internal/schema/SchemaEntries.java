package io.hyperferry.internal.schema;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.hyperferry.Step;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.schema.SchemaDump.Sections;
import io.hyperferry.internal.schema.SchemaEntry.Build;
import io.hyperferry.internal.schema.SchemaEntry.Section;
import io.hyperferry.internal.schema.TableOfContents.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
            Pattern.compile("EXECUTE (?:FUNCTION|PROCEDURE) \"?_timescaledb_(?:functions|internal)\"?\\.");

    /**
     * What reads the rows of all tables, fires for every object that is made after it, or has the server refuse to change tables without a
     * replica identity.
     */
    private static final Set<String> LAST = Set.of(
            "MATERIALIZED VIEW DATA",
            "EVENT TRIGGER",
            "PUBLICATION",
            "PUBLICATION TABLE",
            "PUBLICATION TABLES IN SCHEMA");

    private static final Set<String> TABLES = Set.of("TABLE", "FOREIGN TABLE");

    private static final Set<String> INDEXES = Set.of("INDEX", "CONSTRAINT");

    private SchemaEntries() {}

    /**
     * The entries of both sections, in the order of restoring.
     *
     * @param hypertables those whose constraints need another spelling than other tables'
     * @param early those whose indexes come before the rows
     * @param bytes how large tables are, as far as that is known
     * @param excluded patterns of objects that stay behind
     */
    public static List<SchemaEntry> of(
            Sections sections,
            Step.RestorePreData step,
            Set<QualifiedName> hypertables,
            Set<QualifiedName> early,
            Map<QualifiedName, Long> bytes,
            List<ObjectPattern> excluded) {
        List<Entry> all = new ArrayList<>(sections.preData().entries());
        Set<Integer> before = all.stream().map(Entry::id).collect(toSet());
        all.addAll(sections.postData().entries());
        Map<Integer, @Nullable String> leftOut = leftOut(all, step, excluded);
        Map<Integer, Long> tables = all.stream()
                .filter(it -> it.kind().equals("TABLE"))
                .collect(toMap(Entry::id, it -> bytes.getOrDefault(new QualifiedName(it.schema(), it.name()), 0L)));
        Set<Integer> earlyTables = all.stream()
                .filter(it -> it.kind().equals("TABLE") && early.contains(new QualifiedName(it.schema(), it.name())))
                .map(Entry::id)
                .collect(toSet());
        Set<Integer> dependents = dependents(all, Set.copyOf(step.aggregates()));
        Set<Integer> last = last(all);
        Map<QualifiedName, Step.ColumnOrder> orders =
                step.columnOrders().stream().collect(toMap(Step.ColumnOrder::table, order -> order));
        List<SchemaEntry> entries = new ArrayList<>();
        for (Entry entry : step.rules().keepOwners() ? schemasFirst(all) : all) {
            entries.add(new SchemaEntry(
                    entries.size() + 1,
                    before.contains(entry.id())
                            ? dependents.contains(entry.id()) ? Section.DEPENDENTS : Section.PRE_DATA
                            : last.contains(entry.id())
                                    ? Section.LAST
                                    : isEarly(entry, earlyTables) ? Section.EARLY : Section.POST_DATA,
                    entry.kind(),
                    qualified(entry),
                    Rewriting.of(ordered(entry, orders), step.rules(), hypertables),
                    leftOut.get(entry.id()),
                    build(entry, tables)));
        }
        return entries;
    }

    private static String qualified(Entry entry) {
        return (entry.schema().equals("-") ? "" : entry.schema() + ".") + entry.name();
    }

    private static Entry ordered(Entry entry, Map<QualifiedName, Step.ColumnOrder> orders) {
        Step.@Nullable ColumnOrder order =
                TABLES.contains(entry.kind()) ? orders.get(new QualifiedName(entry.schema(), entry.name())) : null;
        return order == null ? entry : Inheritance.ordered(entry, order);
    }

    /** A role that is given something in a schema must be one that may create there by then, and pg_dump grants that only at the end. */
    private static List<Entry> schemasFirst(List<Entry> entries) {
        List<Entry> ordered = new ArrayList<>(entries);
        List<Entry> grants = entries.stream()
                .filter(it -> it.kind().equals("ACL") && it.name().startsWith("SCHEMA "))
                .toList();
        ordered.removeAll(grants);
        int place = 0;
        for (int i = 0; i < ordered.size(); i++) {
            if (ordered.get(i).kind().equals("SCHEMA")) {
                place = i + 1;
            }
        }
        ordered.addAll(place, grants);
        return ordered;
    }

    /** An index, or a constraint that rests on one. */
    private static boolean isEarly(Entry entry, Set<Integer> tables) {
        return INDEXES.contains(entry.kind()) && entry.dependencies().stream().anyMatch(tables::contains);
    }

    /** Whatever needs a continuous aggregate, or something that does. */
    private static Set<Integer> dependents(List<Entry> entries, Set<Long> aggregates) {
        Set<Integer> found = new HashSet<>();
        for (Entry entry : entries) {
            if (isAggregate(entry, aggregates) || entry.dependencies().stream().anyMatch(found::contains)) {
                found.add(entry.id());
            }
        }
        return found;
    }

    private static boolean isAggregate(Entry entry, Set<Long> aggregates) {
        return entry.catalog() == PG_CLASS && aggregates.contains(entry.oid());
    }

    /** What needs an entry that comes last, its comment for example, comes last, too. */
    private static Set<Integer> last(List<Entry> entries) {
        Set<Integer> last = new HashSet<>();
        for (Entry entry : entries) {
            if (LAST.contains(entry.kind()) || entry.dependencies().stream().anyMatch(last::contains)) {
                last.add(entry.id());
            }
        }
        return last;
    }

    private static Build build(Entry entry, Map<Integer, Long> bytesOfTables) {
        Set<Integer> tables = new HashSet<>(entry.dependencies());
        tables.retainAll(bytesOfTables.keySet());
        long weight = tables.stream()
                .mapToLong(it -> bytesOfTables.getOrDefault(it, 0L))
                .max()
                .orElse(0);
        return new Build(entry.id(), entry.dependencies(), tables, weight);
    }

    private static Map<Integer, @Nullable String> leftOut(
            List<Entry> entries, Step.RestorePreData step, List<ObjectPattern> excluded) {
        Map<Long, String> relations = new HashMap<>();
        step.leftOut().forEach(it -> relations.put(it.oid(), it.reason()));
        Set<Long> chunks = new HashSet<>(step.chunks());
        Map<Integer, @Nullable String> reasons = new LinkedHashMap<>();
        Map<Integer, String> titles = new HashMap<>();
        Set<Long> aggregates = Set.copyOf(step.aggregates());
        Set<Integer> timescale = new HashSet<>();
        Set<Integer> foreign = new HashSet<>();
        Set<Integer> present = new HashSet<>();
        for (Entry entry : entries) {
            titles.put(entry.id(), entry.title());
            if (entry.kind().equals("EXTENSION")
                    && step.rules().foreignExtensions().contains(entry.name())) {
                foreign.add(entry.id());
            }
            if (step.rules().leftOutKinds().contains(entry.kind())) {
                reasons.put(entry.id(), "the target's role cannot create it");
            } else if (entry.kind().equals("EXTENSION") && entry.name().equals("timescaledb")) {
                timescale.add(entry.id());
                present.add(entry.id());
                reasons.put(entry.id(), SchemaEntry.NOT_ITS_OWN);
            } else if (entry.schema().startsWith("_timescaledb_")) {
                // pg_dump 18 names a published hypertable's chunks although their schema is excluded.
                reasons.put(entry.id(), SchemaEntry.NOT_ITS_OWN);
            } else if (entry.kind().equals("COMMENT")
                    && entry.dependencies().stream().anyMatch(timescale::contains)) {
                reasons.put(entry.id(), SchemaEntry.NOT_ITS_OWN);
            } else if (entry.kind().equals("COMMENT")
                    && entry.dependencies().stream().anyMatch(foreign::contains)) {
                reasons.put(entry.id(), "the target has the extension already, and it belongs to another role");
            } else if (entry.kind().equals("TRIGGER")
                    && TIMESCALE_TRIGGER.matcher(entry.sql()).find()) {
                reasons.put(entry.id(), SchemaEntry.NOT_ITS_OWN);
            } else if (entry.catalog() == PG_CLASS && chunks.contains(entry.oid())) {
                reasons.put(entry.id(), SchemaEntry.NOT_ITS_OWN);
            } else if (entry.catalog() == PG_CLASS && relations.containsKey(entry.oid())) {
                reasons.put(entry.id(), relations.get(entry.oid()));
            } else if (excluded.stream().anyMatch(pattern -> pattern.matches(entry.kind(), qualified(entry)))) {
                reasons.put(entry.id(), SchemaEntry.EXCLUDED);
            } else if (isAggregate(entry, aggregates)) {
                present.add(entry.id());
                reasons.put(entry.id(), SchemaEntry.NOT_ITS_OWN);
            }
        }
        addDependents(entries, reasons, titles, present);
        return reasons;
    }

    /** What needs something that is left out cannot be restored either. Much needs the extension or an aggregate, which are there. */
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
                                        : "needs " + titles.get(needed) + ", which is skipped");
                        grew = true;
                        break;
                    }
                }
            }
        }
    }
}
