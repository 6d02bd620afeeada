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
import io.hyperferry.internal.schema.Globs;
import io.hyperferry.internal.schema.ObjectPattern;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What of a catalog travels, and what stays behind for which reason: relations that a filter names, and every view
 * that reads one of these.
 */
public final class Scope {
    private static final String EXCLUDED = "excluded";

    private final DatabaseCatalog kept;
    private final List<LeftOut> leftOut;
    private final List<String> jobsLeftOut;
    private final List<String> dependentsLeftOut;
    private final List<String> unmatched;
    private final List<Unmet> unmet;

    private Scope(
            DatabaseCatalog kept,
            List<LeftOut> leftOut,
            List<String> jobsLeftOut,
            List<String> dependentsLeftOut,
            List<String> unmatched,
            List<Unmet> unmet) {
        this.kept = kept;
        this.leftOut = leftOut;
        this.jobsLeftOut = jobsLeftOut;
        this.dependentsLeftOut = dependentsLeftOut;
        this.unmatched = unmatched;
        this.unmet = unmet;
    }

    /**
     * A relation that an include pattern names and that is skipped all the same.
     *
     * @param pattern the pattern
     * @param exact whether the pattern names one relation
     * @param relation the relation
     * @param reason why it is skipped
     * @param needed the relations that must be included as well
     * @param excluded the exclude patterns that keep it from being migrated
     */
    record Unmet(
            String pattern,
            boolean exact,
            QualifiedName relation,
            String reason,
            List<QualifiedName> needed,
            List<String> excluded) {}

    /** The scope that the options give to a catalog. */
    public static Scope of(DatabaseCatalog catalog, PlanOptions options) {
        Map<QualifiedName, String> reasons = new HashMap<>();
        List<QualifiedName> relations = Stream.concat(
                        catalog.tables().stream().map(Table::name),
                        catalog.views().stream().map(View::name))
                .toList();
        Predicate<QualifiedName> included = matchesAny(options.include());
        List<ObjectPattern> objects = ObjectPattern.in(options.exclude());
        Predicate<QualifiedName> excluded = matchesAny(relationPatterns(options.exclude()));
        for (QualifiedName relation : relations) {
            if (!options.include().isEmpty() && !included.test(relation)) {
                reasons.put(relation, "not included");
            } else if (excluded.test(relation)) {
                reasons.put(relation, EXCLUDED);
            }
        }
        Map<QualifiedName, List<QualifiedName>> needs = needs(catalog);
        addDependents(needs, catalog, reasons);
        return new Scope(
                within(new ExcludedObjects(objects).removedFrom(without(catalog, reasons.keySet())), options),
                leftOut(catalog, reasons),
                jobsLeftOut(catalog, reasons.keySet(), objects),
                dependentsLeftOut(catalog, reasons.keySet()),
                unmatched(relations, catalog.jobs(), options),
                unmet(reasons, needs, options));
    }

    /** Whether the options leave a relation behind that no catalog need have. */
    static boolean excludes(PlanOptions options, QualifiedName relation) {
        return matchesAny(relationPatterns(options.exclude())).test(relation)
                || (!options.include().isEmpty()
                        && !matchesAny(options.include()).test(relation));
    }

    /** What each view reads, and which tables an inheriting table or a partition has above it. */
    private static Map<QualifiedName, List<QualifiedName>> needs(DatabaseCatalog catalog) {
        Map<QualifiedName, List<QualifiedName>> needs = new LinkedHashMap<>();
        catalog.tables().forEach(table -> needs.put(table.name(), table.parents()));
        catalog.views().forEach(view -> needs.put(view.name(), view.dependsOn()));
        return needs;
    }

    /** What needs a skipped relation is skipped, too; what needs that, likewise. */
    private static void addDependents(
            Map<QualifiedName, List<QualifiedName>> needs,
            DatabaseCatalog catalog,
            Map<QualifiedName, String> reasons) {
        Set<QualifiedName> views = catalog.views().stream().map(View::name).collect(Collectors.toSet());
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Map.Entry<QualifiedName, List<QualifiedName>> each : needs.entrySet()) {
                for (QualifiedName needed : each.getValue()) {
                    if (reasons.containsKey(needed) && !reasons.containsKey(each.getKey())) {
                        reasons.put(
                                each.getKey(),
                                views.contains(each.getKey())
                                        ? "reads " + needed + ", which is skipped"
                                        : "inherits from " + needed + ", which is skipped");
                        grew = true;
                    }
                }
            }
        }
    }

    private static List<Unmet> unmet(
            Map<QualifiedName, String> reasons, Map<QualifiedName, List<QualifiedName>> needs, PlanOptions options) {
        List<Unmet> unmet = new ArrayList<>();
        for (String pattern : options.include()) {
            Predicate<QualifiedName> matches = matches(pattern);
            boolean exact = Filters.isExact(pattern);
            reasons.forEach((relation, reason) -> {
                if (matches.test(relation) && (exact || !reason.equals(EXCLUDED))) {
                    List<QualifiedName> missing = missing(relation, needs, reasons.keySet());
                    unmet.add(new Unmet(
                            pattern,
                            exact,
                            relation,
                            reason,
                            missing,
                            relationPatterns(options.exclude()).stream()
                                    .filter(exclude -> missing.stream().anyMatch(matches(exclude))
                                            || matches(exclude).test(relation))
                                    .toList()));
                }
            });
        }
        return unmet.stream().sorted(Comparator.comparing(Unmet::relation)).toList();
    }

    /** The skipped relations below one, sorted. */
    private static List<QualifiedName> missing(
            QualifiedName relation, Map<QualifiedName, List<QualifiedName>> needs, Set<QualifiedName> skipped) {
        Set<QualifiedName> missing = new TreeSet<>();
        Deque<QualifiedName> open = new ArrayDeque<>(needs.getOrDefault(relation, List.of()));
        while (!open.isEmpty()) {
            QualifiedName next = open.remove();
            if (skipped.contains(next) && missing.add(next)) {
                open.addAll(needs.getOrDefault(next, List.of()));
            }
        }
        return List.copyOf(missing);
    }

    /** Foreign keys of migrated tables to skipped ones. */
    private static List<String> dependentsLeftOut(DatabaseCatalog catalog, Set<QualifiedName> gone) {
        return catalog.constraints().stream()
                .filter(key -> !gone.contains(key.table()))
                .flatMap(key -> key.references() != null && gone.contains(key.references())
                        ? Stream.of("foreign key " + key.name() + " on " + key.table() + ": references "
                                + key.references() + ", which is skipped")
                        : Stream.empty())
                .toList();
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

    private static List<String> jobsLeftOut(
            DatabaseCatalog catalog, Set<QualifiedName> gone, List<ObjectPattern> objects) {
        List<String> left = new ArrayList<>();
        for (Job job : catalog.jobs()) {
            QualifiedName relation = job.relation();
            if (relation != null && gone.contains(relation)) {
                left.add(Jobs.leftOut(job, relation));
            } else if (objects.stream().anyMatch(pattern -> pattern.matches(job))) {
                left.add("job " + job.title() + ": " + EXCLUDED);
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

    /** Patterns that match none of the relations and jobs. Of other objects, only a dump knows all. */
    private static List<String> unmatched(List<QualifiedName> relations, List<Job> jobs, PlanOptions options) {
        Set<String> patterns = new HashSet<>(options.include());
        patterns.addAll(relationPatterns(options.exclude()));
        return Stream.concat(
                        patterns.stream().filter(pattern -> relations.stream().noneMatch(matches(pattern))),
                        ObjectPattern.in(options.exclude()).stream()
                                .filter(pattern ->
                                        pattern.namesJobs() && jobs.stream().noneMatch(pattern::matches))
                                .map(ObjectPattern::pattern))
                .sorted()
                .toList();
    }

    /** The patterns that name tables and views. */
    private static List<String> relationPatterns(List<String> patterns) {
        return patterns.stream()
                .filter(pattern -> ObjectPattern.of(pattern).isEmpty())
                .map(ObjectPattern::ofRelations)
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
        Pattern schema = Globs.pattern(dot < 0 ? "*" : pattern.substring(0, dot));
        Pattern name = Globs.pattern(pattern.substring(dot + 1));
        return it ->
                schema.matcher(it.schema()).matches() && name.matcher(it.name()).matches();
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

    /** Objects of migrated tables that are skipped because of what they need, each with its reason. */
    List<String> dependentsLeftOut() {
        return dependentsLeftOut;
    }

    /** Relations that the include patterns name and that are skipped all the same. */
    List<Unmet> unmet() {
        return unmet;
    }
}
