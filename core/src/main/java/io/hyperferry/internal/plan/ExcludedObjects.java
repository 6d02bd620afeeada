package io.hyperferry.internal.plan;

import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.DatabaseObject;
import io.hyperferry.internal.schema.ObjectPattern;
import java.util.List;
import java.util.Locale;

/** Takes objects that are neither tables nor views, and that a filter excludes by kind and name, out of a catalog. */
final class ExcludedObjects {
    private static final String ON = " on ";

    private final List<ObjectPattern> patterns;

    ExcludedObjects(List<ObjectPattern> patterns) {
        this.patterns = patterns;
    }

    /** The catalog without them. */
    DatabaseCatalog removedFrom(DatabaseCatalog catalog) {
        if (patterns.isEmpty()) {
            return catalog;
        }
        return catalog.toBuilder()
                .sequences(catalog.sequences().stream()
                        .filter(sequence ->
                                !isExcluded("sequence", sequence.name().toString()))
                        .toList())
                .constraints(catalog.constraints().stream()
                        .filter(constraint -> !isExcluded("constraint", part(constraint.table(), constraint.name()))
                                && !isExcluded("check constraint", part(constraint.table(), constraint.name()))
                                && !isExcluded("fk constraint", part(constraint.table(), constraint.name())))
                        .toList())
                .indexes(catalog.indexes().stream()
                        .filter(index -> !isExcluded("index", index.table().schema() + "." + index.name()))
                        .toList())
                .jobs(catalog.jobs().stream()
                        .filter(job -> patterns.stream().noneMatch(pattern -> pattern.matches(job)))
                        .toList())
                .objects(catalog.objects().stream()
                        .filter(object -> !isExcluded(object))
                        .toList())
                .build();
    }

    private boolean isExcluded(DatabaseObject object) {
        int on = object.identity().lastIndexOf(ON);
        return isExcluded(object.kind(), object.identity())
                || (on >= 0
                        && isExcluded(
                                object.kind(),
                                part(
                                        object.identity().substring(on + ON.length()),
                                        object.identity().substring(0, on))));
    }

    private boolean isExcluded(String kind, String name) {
        return patterns.stream()
                .anyMatch(pattern -> pattern.kind().equals(kind.toUpperCase(Locale.ROOT)) && pattern.matchesName(name));
    }

    /** The name that a dump gives to a part of a table. */
    private static String part(Object table, String name) {
        return table + " " + name;
    }
}
