package io.hyperferry.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The difference of two catalogs. What must differ between two servers is not compared: servers, OIDs, names and status of chunks, sizes
 * and estimates.
 */
public final class CatalogDiff {
    private static final String MISSING = "(missing)";
    private static final String UNREADABLE = "(not readable by this role)";

    private CatalogDiff() {}

    /** What differs. */
    public enum Kind {
        /** A table, its kind, or one of its columns. */
        TABLE,
        /** A hypertable's dimensions. */
        HYPERTABLE,
        /** The bounds of a hypertable's chunks. */
        CHUNK,
        /** A constraint. */
        CONSTRAINT,
        /** An index. */
        INDEX,
        /** A view. */
        VIEW,
        /** A sequence, or where it stands. */
        SEQUENCE,
        /** A function, a type, a schema. */
        OTHER
    }

    /**
     * One difference.
     *
     * @param kind what differs
     * @param object what it is about, for people
     * @param source what the source has
     * @param target what the target has
     */
    public record Difference(Kind kind, String object, String source, String target) {
        public Difference {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(object, "object");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(target, "target");
        }

        /** The object's name, without the word for what it is. */
        public String name() {
            return object.substring(object.indexOf(' ') + 1);
        }

        /** Whether the target lacks the object. */
        public boolean isMissingOnTarget() {
            return target.equals(MISSING);
        }

        @Override
        public String toString() {
            return object + ": source " + source + ", target " + target;
        }
    }

    /** All the differences, by kind and object; empty when there are none. */
    public static List<Difference> between(DatabaseCatalog source, DatabaseCatalog target) {
        List<Difference> differences = new ArrayList<>();
        compare(Kind.TABLE, source, target, CatalogDiff::tables, differences);
        compare(Kind.HYPERTABLE, source, target, CatalogDiff::hypertables, differences);
        compare(Kind.CHUNK, source, target, CatalogDiff::chunks, differences);
        compare(Kind.CONSTRAINT, source, target, CatalogDiff::constraints, differences);
        compare(Kind.INDEX, source, target, CatalogDiff::indexes, differences);
        compare(Kind.VIEW, source, target, CatalogDiff::views, differences);
        compare(Kind.SEQUENCE, source, target, CatalogDiff::sequences, differences);
        compare(Kind.OTHER, source, target, CatalogDiff::others, differences);
        return differences;
    }

    private static void compare(
            Kind kind,
            DatabaseCatalog source,
            DatabaseCatalog target,
            Function<DatabaseCatalog, Map<String, String>> facts,
            List<Difference> differences) {
        Map<String, String> ours = facts.apply(source);
        Map<String, String> theirs = facts.apply(target);
        ours.forEach((object, fact) -> {
            @Nullable String other = theirs.get(object);
            // What nobody could see is not known to be equal.
            if (!fact.equals(other) || fact.equals(UNREADABLE)) {
                differences.add(new Difference(kind, object, fact, other == null ? MISSING : other));
            }
        });
        theirs.forEach((object, fact) -> {
            if (!ours.containsKey(object)) {
                differences.add(new Difference(kind, object, MISSING, fact));
            }
        });
    }

    private static Map<String, String> tables(DatabaseCatalog catalog) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (Table table : catalog.tables()) {
            facts.put("table " + table.name(), table.kind().toString());
            for (Column column : table.columns()) {
                facts.put(
                        "column " + table.name() + "." + column.name(),
                        column.type()
                                + (column.notNull() ? " not null" : "")
                                + (column.generated() ? " generated" : ""));
            }
        }
        return facts;
    }

    private static Map<String, String> hypertables(DatabaseCatalog catalog) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (Hypertable hypertable : catalog.hypertables()) {
            hypertable
                    .dimensions()
                    .forEach(it -> facts.put("dimension " + hypertable.name() + "." + it.column(), it.toString()));
            facts.put(
                    "chunk storage of " + hypertable.name(),
                    hypertable.associatedSchema() + ", prefix "
                            + (hypertable.associatedPrefix() == null ? "default" : hypertable.associatedPrefix()));
        }
        return facts;
    }

    private static Map<String, String> chunks(DatabaseCatalog catalog) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (Hypertable hypertable : catalog.hypertables()) {
            for (Chunk chunk : hypertable.chunks()) {
                String ranges = chunk.ranges().stream()
                        .map(it -> it.column() + " [" + it.from() + ", " + it.to() + ")")
                        .collect(Collectors.joining(", "));
                facts.put("chunk of " + hypertable.name() + " " + ranges, "present");
            }
        }
        return facts;
    }

    private static Map<String, String> constraints(DatabaseCatalog catalog) {
        Map<String, String> facts = new LinkedHashMap<>();
        catalog.constraints()
                .forEach(it -> facts.put("constraint " + it.name() + " on " + it.table(), it.definition()));
        return facts;
    }

    private static Map<String, String> indexes(DatabaseCatalog catalog) {
        Map<String, String> facts = new LinkedHashMap<>();
        catalog.indexes().forEach(it -> facts.put("index " + it.name() + " on " + it.table(), it.definition()));
        return facts;
    }

    private static Map<String, String> views(DatabaseCatalog catalog) {
        Map<String, String> facts = new LinkedHashMap<>();
        catalog.views().forEach(it -> facts.put("view " + it.name(), it.kind().toString()));
        return facts;
    }

    private static Map<String, String> sequences(DatabaseCatalog catalog) {
        Map<String, String> facts = new LinkedHashMap<>();
        catalog.sequences().forEach(it -> facts.put("sequence " + it.name(), standing(it)));
        return facts;
    }

    private static String standing(Sequence sequence) {
        return sequence.readable()
                ? sequence.lastValue() + (sequence.called() ? ", called" : ", not called")
                : UNREADABLE;
    }

    private static Map<String, String> others(DatabaseCatalog catalog) {
        Map<String, String> facts = new LinkedHashMap<>();
        catalog.otherObjects().forEach(it -> facts.put(it, "present"));
        return facts;
    }
}
