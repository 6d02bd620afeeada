package io.hyperferry.catalog.internal;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.CatalogDiff.Kind;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.Constraint;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Extension;
import io.hyperferry.catalog.Index;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Sequence;
import io.hyperferry.catalog.Setting;
import io.hyperferry.catalog.Table;
import io.hyperferry.catalog.View;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compares two catalogs; what belongs to a missing relation is not missing once more. */
public final class CatalogComparison {
    private final DatabaseCatalog source;
    private final DatabaseCatalog target;
    private final Set<QualifiedName> sourceRelations;
    private final Set<QualifiedName> targetRelations;
    private final Comparison comparison = new Comparison();

    private CatalogComparison(DatabaseCatalog source, DatabaseCatalog target) {
        this.source = source;
        this.target = target;
        this.sourceRelations = relations(source);
        this.targetRelations = relations(target);
    }

    /** All differences, by kind, object and aspect. */
    public static List<Difference> between(DatabaseCatalog source, DatabaseCatalog target) {
        CatalogComparison all = new CatalogComparison(source, target);
        all.comparison.objects(Kind.TABLE, tables(source), tables(target));
        all.columns();
        HypertableComparison.compare(source, target, all.comparison);
        AggregateComparison.compare(source, target, all.comparison);
        all.constraints();
        all.indexes();
        all.comparison.objects(Kind.VIEW, views(source), views(target));
        all.sequences();
        all.extensions();
        all.comparison.objects(Kind.SETTING, settings(source), settings(target));
        JobComparison.compare(source, target, all::isOnBothSides, all.comparison);
        ObjectComparison.compare(source, target, all::isOnBothSides, all.comparison);
        return all.comparison.differences();
    }

    private static Set<QualifiedName> relations(DatabaseCatalog catalog) {
        Set<QualifiedName> names = new HashSet<>();
        catalog.tables().forEach(it -> names.add(it.name()));
        catalog.views().forEach(it -> names.add(it.name()));
        catalog.sequences().forEach(it -> names.add(it.name()));
        return names;
    }

    /** Whether a relation is on neither side without the other; what is in no relation is not held back either. */
    private boolean isOnBothSides(@Nullable QualifiedName relation) {
        return relation == null || sourceRelations.contains(relation) == targetRelations.contains(relation);
    }

    private static Map<String, String> tables(DatabaseCatalog catalog) {
        Map<String, String> facts = new LinkedHashMap<>();
        catalog.tables().forEach(it -> facts.put("table " + it.name(), it.kind().toString()));
        return facts;
    }

    private void columns() {
        Map<QualifiedName, Table> others = target.tables().stream().collect(toMap(Table::name, it -> it));
        for (Table table : source.tables()) {
            @Nullable Table other = others.get(table.name());
            if (other != null) {
                comparison.objects(Kind.TABLE, columns(table), columns(other));
                comparison.fact(
                        Kind.TABLE,
                        "table " + table.name(),
                        "order of columns",
                        common(table, other),
                        common(other, table));
            }
        }
    }

    /** The names of the columns that another table has, too, in their order. */
    private static String common(Table table, Table other) {
        Set<String> names = other.columns().stream().map(Column::name).collect(toSet());
        return table.columns().stream()
                .map(Column::name)
                .filter(names::contains)
                .collect(joining(", "));
    }

    private static Map<String, String> columns(Table table) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (Column column : table.columns()) {
            facts.put(
                    "column " + table.name() + "." + column.name(),
                    column.type() + (column.notNull() ? " not null" : "") + (column.generated() ? " generated" : ""));
        }
        return facts;
    }

    private void constraints() {
        partsOfTables(
                Kind.CONSTRAINT,
                byTitle(source.constraints(), CatalogComparison::title),
                byTitle(target.constraints(), CatalogComparison::title),
                Constraint::table,
                Constraint::definition,
                Set.of());
    }

    /** An index behind a constraint that is missing is missing with it. */
    private void indexes() {
        Set<String> missing = new HashSet<>();
        Set<String> ours =
                byTitle(source.constraints(), CatalogComparison::title).keySet();
        Set<String> theirs =
                byTitle(target.constraints(), CatalogComparison::title).keySet();
        ours.stream().filter(it -> !theirs.contains(it)).forEach(missing::add);
        theirs.stream().filter(it -> !ours.contains(it)).forEach(missing::add);
        partsOfTables(
                Kind.INDEX,
                byTitle(source.indexes(), it -> "index " + it.name() + " on " + it.table()),
                byTitle(target.indexes(), it -> "index " + it.name() + " on " + it.table()),
                Index::table,
                Index::definition,
                missing.stream()
                        .map(it -> it.replaceFirst("^constraint ", "index "))
                        .collect(toSet()));
    }

    private static String title(Constraint constraint) {
        return "constraint " + constraint.name() + " on " + constraint.table();
    }

    private <T> void partsOfTables(
            Kind kind,
            Map<String, T> ours,
            Map<String, T> theirs,
            Function<T, QualifiedName> table,
            Function<T, String> definition,
            Set<String> toldElsewhere) {
        Map<String, String> from = new LinkedHashMap<>();
        ours.forEach((title, it) -> from.put(title, definition.apply(it)));
        Map<String, String> to = new LinkedHashMap<>();
        theirs.forEach((title, it) -> to.put(title, definition.apply(it)));
        comparison.objects(
                kind,
                from,
                to,
                it -> !toldElsewhere.contains(it) && hasPart(ours.get(it), table, targetRelations),
                it -> !toldElsewhere.contains(it) && hasPart(theirs.get(it), table, sourceRelations));
    }

    private static <T> boolean hasPart(
            @Nullable T part, Function<T, QualifiedName> table, Set<QualifiedName> relations) {
        return part != null && relations.contains(table.apply(part));
    }

    private static <T> Map<String, T> byTitle(List<T> values, Function<T, String> title) {
        Map<String, T> map = new LinkedHashMap<>();
        values.forEach(it -> map.put(title.apply(it), it));
        return map;
    }

    private static Map<String, String> views(DatabaseCatalog catalog) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (View view : catalog.views()) {
            facts.put("view " + view.name(), view.kind().toString());
        }
        return facts;
    }

    private void sequences() {
        Map<String, Sequence> ours = byTitle(source.sequences(), it -> "sequence " + it.name());
        Map<String, Sequence> theirs = byTitle(target.sequences(), it -> "sequence " + it.name());
        Map<String, String> from = new LinkedHashMap<>();
        ours.forEach((title, it) -> from.put(title, standing(it)));
        Map<String, String> to = new LinkedHashMap<>();
        theirs.forEach((title, it) -> to.put(title, standing(it)));
        comparison.objects(
                Kind.SEQUENCE,
                from,
                to,
                it -> ownerIsThere(ours.get(it), targetRelations),
                it -> ownerIsThere(theirs.get(it), sourceRelations));
    }

    private static boolean ownerIsThere(@Nullable Sequence sequence, Set<QualifiedName> relations) {
        @Nullable QualifiedName owner = sequence == null ? null : sequence.ownedBy();
        return owner == null || relations.contains(owner);
    }

    private static String standing(Sequence sequence) {
        return sequence.readable()
                ? sequence.lastValue() + (sequence.called() ? ", called" : ", not called")
                : Comparison.UNREADABLE;
    }

    /** A server's provider may put more extensions into every database. */
    private void extensions() {
        comparison.objects(Kind.EXTENSION, extensions(source), extensions(target), it -> true, it -> false);
    }

    private static Map<String, String> extensions(DatabaseCatalog catalog) {
        return catalog.extensions().stream()
                .collect(toMap((Extension it) -> "extension " + it.name(), it -> "in schema " + it.schema()));
    }

    private static Map<String, String> settings(DatabaseCatalog catalog) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (Setting setting : catalog.settings()) {
            facts.put(
                    "setting " + setting.name() + (setting.role() == null ? "" : " of role " + setting.role()),
                    setting.value());
        }
        return facts;
    }
}
