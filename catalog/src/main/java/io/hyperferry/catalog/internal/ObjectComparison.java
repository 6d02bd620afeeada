package io.hyperferry.catalog.internal;

import io.hyperferry.catalog.CatalogDiff.Kind;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.DatabaseObject;
import io.hyperferry.catalog.QualifiedName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compares objects and their facts. */
final class ObjectComparison {
    private static final String COMMENT = "comment";
    private static final String GRANTED_TO = "granted to ";
    private static final String DEFINITION = "definition";

    /** Kinds that have records of their own, by which it is known already whether they are there. */
    private static final Map<String, Kind> RECORDED = Map.of(
            "table", Kind.TABLE,
            "foreign table", Kind.TABLE,
            "column", Kind.TABLE,
            "attribute", Kind.OTHER,
            "index", Kind.INDEX,
            "constraint", Kind.CONSTRAINT,
            "view", Kind.VIEW,
            "materialized view", Kind.VIEW,
            "continuous aggregate", Kind.CONTINUOUS_AGGREGATE,
            "sequence", Kind.SEQUENCE);

    /** What PostgreSQL writes out of its parse tree with or without the name of the relation before a column's. */
    private static final Set<String> PARSED = Set.of("view", "materialized view", "rule");

    private ObjectComparison() {}

    static void compare(
            DatabaseCatalog source,
            DatabaseCatalog target,
            Predicate<@Nullable QualifiedName> relationIsOnBothSides,
            Comparison comparison) {
        Map<String, DatabaseObject> ours = byTitle(source);
        Map<String, DatabaseObject> theirs = byTitle(target);
        Predicate<@Nullable DatabaseObject> reported =
                it -> it != null && !RECORDED.containsKey(it.kind()) && relationIsOnBothSides.test(it.relation());
        comparison.objects(
                Kind.OTHER,
                present(ours),
                present(theirs),
                it -> reported.test(ours.get(it)),
                it -> reported.test(theirs.get(it)));
        Spelling spelling = Spelling.of(source, target);
        ours.forEach((title, object) -> {
            @Nullable DatabaseObject other = theirs.get(title);
            if (other != null) {
                comparison.fact(Kind.OWNER, title, "owner", object.owner(), other.owner());
                facts(object, other, spelling, comparison);
            }
        });
    }

    private static Map<String, DatabaseObject> byTitle(DatabaseCatalog catalog) {
        Map<String, DatabaseObject> objects = new LinkedHashMap<>();
        catalog.objects().forEach(it -> objects.put(it.title(), it));
        return objects;
    }

    private static Map<String, String> present(Map<String, DatabaseObject> objects) {
        Map<String, String> facts = new LinkedHashMap<>();
        objects.keySet().forEach(it -> facts.put(it, "present"));
        return facts;
    }

    private static void facts(DatabaseObject source, DatabaseObject target, Spelling spelling, Comparison comparison) {
        Set<String> names = new TreeSet<>(source.facts().keySet());
        names.addAll(target.facts().keySet());
        for (String name : names) {
            @Nullable String ours = source.facts().get(name);
            @Nullable String theirs = target.facts().get(name);
            if (!name.equals(DEFINITION) || !PARSED.contains(source.kind()) || !spelling.same(ours, theirs)) {
                comparison.fact(kind(source, name), source.title(), name, ours, theirs);
            }
        }
    }

    private static Kind kind(DatabaseObject object, String fact) {
        if (fact.equals(COMMENT)) {
            return Kind.COMMENT;
        }
        return fact.startsWith(GRANTED_TO) ? Kind.PRIVILEGE : RECORDED.getOrDefault(object.kind(), Kind.OTHER);
    }
}
