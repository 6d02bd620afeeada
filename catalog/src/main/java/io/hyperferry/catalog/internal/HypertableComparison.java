package io.hyperferry.catalog.internal;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import io.hyperferry.catalog.CatalogDiff.Kind;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.Hypertable.AdaptiveChunking;
import io.hyperferry.catalog.QualifiedName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares hypertables: dimensions, chunks and the columnstore. */
final class HypertableComparison {
    private HypertableComparison() {}

    /** Hypertables that only one side has differ as tables already, where they are not even tables of the other kind. */
    static void compare(DatabaseCatalog source, DatabaseCatalog target, Comparison comparison) {
        Map<QualifiedName, Hypertable> others =
                target.hypertables().stream().collect(toMap(Hypertable::name, it -> it));
        for (Hypertable hypertable : source.hypertables()) {
            @Nullable Hypertable other = others.get(hypertable.name());
            if (other != null) {
                comparison.objects(Kind.HYPERTABLE, storage(hypertable), storage(other));
                properties(Kind.HYPERTABLE, "hypertable " + hypertable.name(), hypertable, other, comparison);
                contents(hypertable, other, comparison);
            }
        }
    }

    /** Compares the chunks of two hypertables of the same name, and their columnstores. */
    static void contents(Hypertable source, Hypertable target, Comparison comparison) {
        comparison.objects(Kind.CHUNK, present(source), present(target));
        columnstore(source, target, comparison);
        chunks(source, target, comparison);
    }

    private static Map<String, String> storage(Hypertable hypertable) {
        Map<String, String> facts = new LinkedHashMap<>();
        hypertable
                .dimensions()
                .forEach(it -> facts.put("dimension " + hypertable.name() + "." + it.column(), it.toString()));
        facts.put(
                "chunk storage of " + hypertable.name(),
                hypertable.associatedSchema() + ", prefix "
                        + (hypertable.associatedPrefix() == null ? "default" : hypertable.associatedPrefix()));
        return facts;
    }

    /** Compares where chunks go, and what is kept about them. */
    static void properties(Kind kind, String object, Hypertable source, Hypertable target, Comparison comparison) {
        comparison.fact(kind, object, "tablespaces", listed(source.tablespaces()), listed(target.tablespaces()));
        comparison.fact(
                kind,
                object,
                "skipping columns",
                listed(source.skippingColumns().stream().sorted().toList()),
                listed(target.skippingColumns().stream().sorted().toList()));
        comparison.fact(
                kind,
                object,
                "adaptive chunking",
                adaptive(source.adaptiveChunking()),
                adaptive(target.adaptiveChunking()));
    }

    private static @Nullable String listed(List<String> values) {
        return values.isEmpty() ? null : String.join(", ", values);
    }

    /** Where the server keeps its own function has changed between versions. */
    private static @Nullable String adaptive(@Nullable AdaptiveChunking chunking) {
        if (chunking == null) {
            return null;
        }
        boolean own = chunking.function().schema().startsWith("_timescaledb_");
        return chunking.targetBytes() + " bytes by "
                + (own ? chunking.function().name() : chunking.function());
    }

    private static Map<String, String> present(Hypertable hypertable) {
        Map<String, String> facts = new LinkedHashMap<>();
        hypertable.chunks().forEach(it -> facts.put(title(hypertable, it), "present"));
        return facts;
    }

    private static String title(Hypertable hypertable, Chunk chunk) {
        return "chunk of " + hypertable.name() + " "
                + chunk.ranges().stream()
                        .map(it -> it.column() + " [" + it.from() + ", " + it.to() + ")")
                        .collect(joining(", "));
    }

    private static void columnstore(Hypertable source, Hypertable target, Comparison comparison) {
        String object = "columnstore of " + source.name();
        @Nullable ColumnstoreSettings ours = source.columnstore();
        @Nullable ColumnstoreSettings theirs = target.columnstore();
        if (ours == null || theirs == null) {
            comparison.objects(
                    Kind.COLUMNSTORE,
                    ours == null ? Map.of() : Map.of(object, "enabled"),
                    theirs == null ? Map.of() : Map.of(object, "enabled"));
            return;
        }
        decided(object, ours, theirs, comparison);
        comparison.fact(
                Kind.COLUMNSTORE,
                object,
                "chunk interval",
                ours.chunkInterval() == null ? null : ours.chunkInterval().toString(),
                theirs.chunkInterval() == null ? null : theirs.chunkInterval().toString());
        comparison.fact(
                Kind.COLUMNSTORE,
                object,
                "direct compress",
                ours.directCompress() ? "on" : null,
                theirs.directCompress() ? "on" : null);
    }

    /** Compares what users decide; what is left to the server on one side can be anything on the other. */
    private static void decided(
            String object, ColumnstoreSettings ours, ColumnstoreSettings theirs, Comparison comparison) {
        if (ours.segmentBy() != null && theirs.segmentBy() != null) {
            comparison.fact(
                    Kind.COLUMNSTORE, object, "segment by", listed(ours.segmentBy()), listed(theirs.segmentBy()));
        }
        if (ours.orderBy() != null && theirs.orderBy() != null) {
            comparison.fact(Kind.COLUMNSTORE, object, "order by", order(ours.orderBy()), order(theirs.orderBy()));
        }
        comparison.fact(Kind.COLUMNSTORE, object, "indexes", indexes(ours), indexes(theirs));
    }

    private static @Nullable String order(List<Order> order) {
        return listed(order.stream()
                .map(it -> it.column()
                        + (it.descending() ? " desc" : "")
                        + (it.nullsFirst() ? " nulls first" : " nulls last"))
                .toList());
    }

    private static @Nullable String indexes(ColumnstoreSettings settings) {
        return listed(settings.indexes().stream()
                .map(it -> it.type() + "(" + String.join(", ", it.columns()) + ")")
                .sorted()
                .toList());
    }

    private static void chunks(Hypertable source, Hypertable target, Comparison comparison) {
        Map<String, Chunk> others = new LinkedHashMap<>();
        target.chunks().forEach(it -> others.put(title(target, it), it));
        for (Chunk chunk : source.chunks()) {
            String object = title(source, chunk);
            @Nullable Chunk other = others.get(object);
            if (other != null) {
                comparison.fact(
                        Kind.COLUMNSTORE, object, "compressed", yes(chunk.isCompressed()), yes(other.isCompressed()));
                comparison.fact(Kind.COLUMNSTORE, object, "frozen", yes(chunk.isFrozen()), yes(other.isFrozen()));
                if (chunk.columnstore() != null && other.columnstore() != null) {
                    decided(
                            object,
                            asDecidedBy(source.columnstore(), chunk.columnstore()),
                            asDecidedBy(target.columnstore(), other.columnstore()),
                            comparison);
                }
            }
        }
    }

    /** A chunk's settings without what its hypertable leaves to the server, which then decides for each chunk by its rows. */
    private static ColumnstoreSettings asDecidedBy(
            @Nullable ColumnstoreSettings hypertable, ColumnstoreSettings chunk) {
        return hypertable == null
                ? chunk
                : new ColumnstoreSettings(
                        hypertable.segmentBy() == null ? null : chunk.segmentBy(),
                        hypertable.orderBy() == null ? null : chunk.orderBy(),
                        null,
                        chunk.indexes(),
                        false);
    }

    private static String yes(boolean value) {
        return value ? "yes" : "no";
    }
}
