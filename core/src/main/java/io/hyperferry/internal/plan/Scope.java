package io.hyperferry.internal.plan;

import io.hyperferry.PlanOptions;
import io.hyperferry.Step.LeftOut;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.Job;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Table;
import io.hyperferry.catalog.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What of a catalog travels, and what stays behind for which reason: relations that a filter names, and every view
 * that reads one of these.
 */
public final class Scope {
    private final DatabaseCatalog kept;
    private final List<LeftOut> leftOut;
    private final List<String> jobsLeftOut;
    private final List<String> unmatched;

    private Scope(DatabaseCatalog kept, List<LeftOut> leftOut, List<String> jobsLeftOut, List<String> unmatched) {
        this.kept = kept;
        this.leftOut = leftOut;
        this.jobsLeftOut = jobsLeftOut;
        this.unmatched = unmatched;
    }

    /** The scope that the options give to a catalog. */
    public static Scope of(DatabaseCatalog catalog, PlanOptions options) {
        Map<QualifiedName, String> reasons = new HashMap<>();
        List<QualifiedName> relations = Stream.concat(
                        catalog.tables().stream().map(Table::name),
                        catalog.views().stream().map(View::name))
                .toList();
        Predicate<QualifiedName> included = matchesAny(options.include());
        Predicate<QualifiedName> excluded = matchesAny(options.exclude());
        for (QualifiedName relation : relations) {
            if (!options.include().isEmpty() && !included.test(relation)) {
                reasons.put(relation, "not included");
            } else if (excluded.test(relation)) {
                reasons.put(relation, "excluded");
            }
        }
        addViewsOf(catalog.views(), reasons);
        return new Scope(
                within(without(catalog, reasons.keySet()), options),
                leftOut(catalog, reasons),
                jobsLeftOut(catalog, reasons.keySet()),
                unmatched(relations, options));
    }

    /** A view goes with what it reads; a view of such a view, too. */
    private static void addViewsOf(List<View> views, Map<QualifiedName, String> reasons) {
        boolean grew = true;
        while (grew) {
            grew = false;
            for (View view : views) {
                for (QualifiedName read : view.dependsOn()) {
                    if (reasons.containsKey(read) && !reasons.containsKey(view.name())) {
                        reasons.put(view.name(), "reads " + read + ", which stays behind");
                        grew = true;
                    }
                }
            }
        }
    }

    private static List<LeftOut> leftOut(DatabaseCatalog catalog, Map<QualifiedName, String> reasons) {
        List<LeftOut> leftOut = new ArrayList<>();
        for (Table table : catalog.tables()) {
            String reason = reasons.get(table.name());
            if (reason != null) {
                leftOut.add(new LeftOut(table.name(), table.oid(), reason));
            }
        }
        for (View view : catalog.views()) {
            String reason = reasons.get(view.name());
            if (reason != null) {
                leftOut.add(new LeftOut(view.name(), view.oid(), reason));
            }
        }
        return leftOut;
    }

    private static List<String> jobsLeftOut(DatabaseCatalog catalog, Set<QualifiedName> gone) {
        List<String> left = new ArrayList<>();
        for (Job job : catalog.jobs()) {
            QualifiedName relation = job.relation();
            if (relation != null && gone.contains(relation)) {
                left.add(Jobs.leftOut(job, relation));
            }
        }
        return left;
    }

    private static DatabaseCatalog without(DatabaseCatalog catalog, Set<QualifiedName> gone) {
        return catalog.toBuilder()
                .tables(catalog.tables().stream()
                        .filter(it -> !gone.contains(it.name()))
                        .toList())
                .hypertables(catalog.hypertables().stream()
                        .filter(it -> !gone.contains(it.name()))
                        .toList())
                .sequences(catalog.sequences().stream()
                        .filter(it -> it.ownedBy() == null || !gone.contains(it.ownedBy()))
                        .toList())
                .constraints(catalog.constraints().stream()
                        .filter(it -> !gone.contains(it.table())
                                && (it.references() == null || !gone.contains(it.references())))
                        .toList())
                .indexes(catalog.indexes().stream()
                        .filter(it -> !gone.contains(it.table()))
                        .toList())
                .views(catalog.views().stream()
                        .filter(it -> !gone.contains(it.name()))
                        .toList())
                .aggregates(catalog.aggregates().stream()
                        .filter(it -> !gone.contains(it.name()))
                        .toList())
                .jobs(catalog.jobs().stream()
                        .filter(it -> it.relation() == null || !gone.contains(it.relation()))
                        .toList())
                .objects(catalog.objects().stream()
                        .filter(it -> it.relation() == null || !gone.contains(it.relation()))
                        .toList())
                .build();
    }

    /** The catalog without the chunks of which nothing is in the range of time that travels. */
    private static DatabaseCatalog within(DatabaseCatalog catalog, PlanOptions options) {
        if (options.between() == null) {
            return catalog;
        }
        Map<QualifiedName, Hypertable> hypertables = new LinkedHashMap<>();
        catalog.hypertables().forEach(it -> hypertables.put(it.name(), within(it, TimeWindow.of(it, options))));
        Map<QualifiedName, Long> longest = longestBuckets(catalog.aggregates());
        return catalog.toBuilder()
                .hypertables(List.copyOf(hypertables.values()))
                .tables(catalog.tables().stream()
                        .map(it -> hypertables.containsKey(it.name()) ? sized(it, hypertables.get(it.name())) : it)
                        .toList())
                .aggregates(catalog.aggregates().stream()
                        .map(it -> it.withStorage(within(it.storage(), TimeWindow.of(it, options)))
                                .withState(Refreshable.within(
                                        it,
                                        longest.getOrDefault(it.name(), it.bucketWidth()),
                                        TimeWindow.of(it.storage(), options))))
                        .toList())
                .build();
    }

    /** The longest bucket of an aggregate and of those over it, by its name. */
    private static Map<QualifiedName, Long> longestBuckets(List<ContinuousAggregate> parentsFirst) {
        Map<QualifiedName, Long> longest = new HashMap<>();
        for (int i = parentsFirst.size() - 1; i >= 0; i--) {
            ContinuousAggregate aggregate = parentsFirst.get(i);
            long own = longest.merge(aggregate.name(), aggregate.bucketWidth(), Math::max);
            longest.merge(aggregate.source(), own, Math::max);
        }
        return longest;
    }

    private static Hypertable within(Hypertable hypertable, TimeWindow window) {
        return hypertable.withChunks(hypertable.chunks().stream()
                .filter(it -> window.touches(it.ranges().get(0)))
                .toList());
    }

    /** A table with the size of what is left of it. */
    private static Table sized(Table table, Hypertable hypertable) {
        return new Table(
                table.name(),
                table.oid(),
                table.kind(),
                table.columns(),
                hypertable.chunks().stream().mapToLong(Chunk::estimatedRows).sum(),
                hypertable.chunks().stream().mapToLong(Chunk::bytes).sum());
    }

    private static List<String> unmatched(List<QualifiedName> relations, PlanOptions options) {
        Set<String> patterns = new HashSet<>(options.include());
        patterns.addAll(options.exclude());
        return patterns.stream()
                .filter(pattern -> relations.stream().noneMatch(matches(pattern)))
                .sorted()
                .toList();
    }

    private static Predicate<QualifiedName> matchesAny(List<String> patterns) {
        List<Predicate<QualifiedName>> each =
                patterns.stream().map(Scope::matches).collect(Collectors.toList());
        return name -> each.stream().anyMatch(it -> it.test(name));
    }

    /** {@code schema.name} with {@code *} and {@code ?}; without a dot, a name in any schema. */
    private static Predicate<QualifiedName> matches(String pattern) {
        int dot = pattern.indexOf('.');
        Pattern schema = glob(dot < 0 ? "*" : pattern.substring(0, dot));
        Pattern name = glob(pattern.substring(dot + 1));
        return it ->
                schema.matcher(it.schema()).matches() && name.matcher(it.name()).matches();
    }

    private static Pattern glob(String glob) {
        StringBuilder regex = new StringBuilder();
        glob.codePoints().forEach(c -> {
            if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else {
                regex.append(Pattern.quote(Character.toString(c)));
            }
        });
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** The catalog without what stays behind. */
    public DatabaseCatalog kept() {
        return kept;
    }

    /** What stays behind. */
    public List<LeftOut> leftOut() {
        return leftOut;
    }

    /** Jobs that stay behind because what they work on does, for people. */
    List<String> jobsLeftOut() {
        return jobsLeftOut;
    }

    /** Patterns that match nothing. */
    public List<String> unmatched() {
        return unmatched;
    }
}
