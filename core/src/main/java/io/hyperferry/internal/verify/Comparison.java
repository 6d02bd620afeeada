package io.hyperferry.internal.verify;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.hyperferry.AggregateMode;
import io.hyperferry.MigrationPlan;
import io.hyperferry.PlanOptions;
import io.hyperferry.Step;
import io.hyperferry.Step.SchemaRules;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CatalogDiff;
import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.Job;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Sequence;
import io.hyperferry.internal.plan.Compatibility;
import io.hyperferry.internal.plan.Refreshable;
import io.hyperferry.internal.plan.Scope;
import io.hyperferry.internal.plan.TupleSemantics;
import io.hyperferry.internal.schema.SchemaEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares the structure of both sides: the source's as the target is to have it, which is without what the plan said that the target cannot
 * have, and without what stays behind.
 */
public final class Comparison {
    private final DatabaseCatalog source;
    private final DatabaseCatalog target;
    private final MigrationPlan plan;

    private Comparison(DatabaseCatalog source, DatabaseCatalog target, MigrationPlan plan) {
        this.source = source;
        this.target = target;
        this.plan = plan;
    }

    /**
     * Compares both sides as they are now.
     *
     * @param source the source's catalog, read with the roles that the plan maps
     * @param target the target's catalog
     */
    public static Comparison of(DatabaseCatalog source, DatabaseCatalog target, MigrationPlan plan) {
        DatabaseCatalog expected = asFarAsItTravels(
                Compatibility.expected(Scope.of(source, plan.options()).kept(), target.server()), plan.options());
        DatabaseCatalog actual =
                asFarAsItTravels(Scope.of(target, plan.options()).kept(), plan.options());
        return new Comparison(
                expected, withoutChunksOfOtherHashes(source, withoutHarmlessInvalidations(expected, actual)), plan);
    }

    /**
     * Where a hash dimension hashes values otherwise on the target, rows belong to other chunks there, and those that it made for them are no
     * difference.
     */
    private static DatabaseCatalog withoutChunksOfOtherHashes(DatabaseCatalog source, DatabaseCatalog actual) {
        TupleSemantics semantics = TupleSemantics.between(source, actual);
        return actual.toBuilder()
                .hypertables(actual.hypertables().stream()
                        .map(hypertable -> semantics.reasonAgainstPartitions(hypertable.name(), hypertable) == null
                                ? hypertable
                                : source.hypertable(hypertable.name())
                                        .map(Comparison::bounds)
                                        .map(bounds -> hypertable.withChunks(hypertable.chunks().stream()
                                                .filter(chunk -> bounds.contains(chunk.ranges()))
                                                .toList()))
                                        .orElse(hypertable))
                        .toList())
                .build();
    }

    /**
     * The comparison that ends a run, for a source that may be in use: it makes new chunks, compresses, merges and splits old ones, and takes
     * numbers from its sequences all the time. So only chunks that the plan knows and that still have its bounds are compared, and
     * sequences by their definition. Jobs are compared without whether they are scheduled, which comes after it.
     */
    public Comparison ofRun() {
        Map<QualifiedName, ChunkBoxes> planned = plan.tables().stream()
                .filter(table -> table.time() != null)
                .collect(toMap(TableData::table, ChunkBoxes::of));
        List<Hypertable> ours = source.hypertables().stream()
                .map(hypertable -> planned(hypertable, planned.get(hypertable.name())))
                .toList();
        List<ContinuousAggregate> ourAggregates = source.aggregates().stream()
                .map(aggregate -> aggregate.withStorage(planned(aggregate.storage(), planned.get(aggregate.name()))))
                .toList();
        Map<QualifiedName, Set<List<DimensionRange>>> bounds = new HashMap<>();
        ours.forEach(it -> bounds.put(it.name(), bounds(it)));
        ourAggregates.forEach(it -> bounds.put(it.name(), bounds(it.storage())));
        return new Comparison(
                source.toBuilder()
                        .hypertables(ours)
                        .aggregates(inAnyState(ourAggregates))
                        .sequences(atStart(source.sequences()))
                        .jobs(unscheduled(source.jobs()))
                        .build(),
                target.toBuilder()
                        .hypertables(target.hypertables().stream()
                                .map(it -> within(it, bounds.getOrDefault(it.name(), Set.of())))
                                .toList())
                        .aggregates(inAnyState(target.aggregates().stream()
                                .map(it ->
                                        it.withStorage(within(it.storage(), bounds.getOrDefault(it.name(), Set.of()))))
                                .toList()))
                        .sequences(atStart(target.sequences()))
                        .jobs(unscheduled(target.jobs()))
                        .build(),
                plan);
    }

    private static Hypertable planned(Hypertable hypertable, @Nullable ChunkBoxes planned) {
        return hypertable.withChunks(hypertable.chunks().stream()
                .filter(chunk -> planned != null && planned.hasPlanned(chunk))
                .map(Comparison::boundsOnly)
                .toList());
    }

    private static Set<List<DimensionRange>> bounds(Hypertable hypertable) {
        return hypertable.chunks().stream().map(Chunk::ranges).collect(toSet());
    }

    private static Hypertable within(Hypertable hypertable, Set<List<DimensionRange>> bounds) {
        return hypertable.withChunks(hypertable.chunks().stream()
                .filter(it -> bounds.contains(it.ranges()))
                .map(Comparison::boundsOnly)
                .toList());
    }

    private static List<ContinuousAggregate> inAnyState(List<ContinuousAggregate> aggregates) {
        return aggregates.stream()
                .map(it -> it.withState(ContinuousAggregate.State.NEW))
                .toList();
    }

    /** What awaits a refresh on the source and not here is no difference where only a superuser could have stated it; the plan has a warning then. */
    private static DatabaseCatalog withoutHarmlessInvalidations(DatabaseCatalog expected, DatabaseCatalog actual) {
        return actual.toBuilder()
                .aggregates(actual.aggregates().stream()
                        .map(it -> expected.aggregate(it.name())
                                .map(ContinuousAggregate::state)
                                .filter(state -> actual.server().superuser()
                                        ? Refreshable.isAsGood(state, it.state())
                                        : Refreshable.losesNothing(state, it.state()))
                                .map(state -> it.withState(new ContinuousAggregate.State(
                                        it.state().watermark(),
                                        it.state().threshold(),
                                        state.invalid(),
                                        it.state().covered())))
                                .orElse(it))
                        .toList())
                .build();
    }

    /** A catalog without what of its continuous aggregates does not travel. */
    private static DatabaseCatalog asFarAsItTravels(DatabaseCatalog whole, PlanOptions options) {
        DatabaseCatalog catalog = Compatibility.travelling(whole);
        if (options.aggregates() == AggregateMode.KEEP_HISTORY) {
            // What is materialized ends elsewhere when the newest rows stay behind.
            return options.between() == null
                    ? catalog
                    : catalog.toBuilder()
                            .aggregates(inAnyState(catalog.aggregates()))
                            .build();
        }
        return catalog.toBuilder()
                .aggregates(inAnyState(catalog.aggregates().stream()
                        .map(it -> it.withStorage(it.storage().withChunks(List.of())))
                        .toList()))
                .build();
    }

    private static Chunk boundsOnly(Chunk chunk) {
        return new Chunk(chunk.name(), chunk.oid(), chunk.ranges(), 0, 0, 0);
    }

    private static List<Job> unscheduled(List<Job> jobs) {
        return jobs.stream().map(it -> it.withScheduled(false)).toList();
    }

    private static List<Sequence> atStart(List<Sequence> sequences) {
        return sequences.stream()
                .map(it -> new Sequence(it.name(), 0, false, it.ownedBy()))
                .toList();
    }

    /**
     * What differs of all that travels.
     *
     * @param leftOut entries of the schema that stayed behind because of what they need
     */
    public List<Difference> differences(List<SchemaEntry> leftOut) {
        Set<String> names = leftOut.stream().map(SchemaEntry::name).collect(toSet());
        List<SchemaRules> rules = plan.steps().stream()
                .flatMap(it -> it instanceof Step.RestorePreData step ? Stream.of(step.rules()) : Stream.empty())
                .toList();
        return CatalogDiff.between(source, target).stream()
                .filter(difference -> !difference.isMissingOnTarget() || !isNamed(difference.name(), names))
                .filter(it -> rules.stream().noneMatch(rule -> Compatibility.isExpected(rule, it.aspect())))
                .filter(this::matters)
                .toList();
    }

    /** Whether a dump's entry has the name: of a policy, a trigger or a rule on a table, it has the table's name first. */
    private static boolean isNamed(String name, Set<String> entries) {
        int on = name.lastIndexOf(" on ");
        return entries.contains(name)
                || (on >= 0 && entries.contains(name.substring(on + " on ".length()) + " " + name.substring(0, on)));
    }

    private boolean matters(Difference difference) {
        return switch (difference.kind()) {
            case OWNER -> plan.options().keepOwners();
            // The Apache edition cuts its own chunks.
            case CHUNK -> target.timescale().map(it -> it.community()).orElse(false);
            // What the target has besides is its own affair.
            case SETTING, EXTENSION -> !difference.isMissingOnSource();
            default -> true;
        };
    }
}
