package io.hyperferry.internal.plan;

import io.hyperferry.AggregateMode;
import io.hyperferry.Consistency;
import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.Step;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.ContinuousAggregate.Invalidation;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Table;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import io.hyperferry.catalog.View;
import io.hyperferry.internal.sql.AggregateSql;
import io.hyperferry.internal.sql.HypertableSql;
import io.hyperferry.internal.sql.Identifiers;
import io.hyperferry.internal.sql.Root;
import io.hyperferry.internal.sql.TimeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How continuous aggregates come to the target.
 *
 * <p>They are made before any row arrives, so that their rows travel like those of any table, in the same queue and under the same snapshot.
 * Afterwards TimescaleDB is told what of them is up to date. A superuser writes that to its catalog as the source has it. For others
 * the only way is to refresh the aggregate, which computes rows that the copied ones then replace: TimescaleDB takes a range for
 * up to date only when it has looked at it itself.
 */
final class Aggregates {
    /** How many chunks of the source one refresh covers; an interrupted run goes on after the last of them. */
    private static final int CHUNKS_PER_REFRESH = 10;

    private final List<ContinuousAggregate> aggregates;
    private final DatabaseCatalog kept;
    private final Timescale timescale;
    private final ServerInfo target;
    private final PlanOptions options;

    /** The aggregates whose chunks are compressed early, and so their indexes made. */
    private final Set<QualifiedName> early;

    Aggregates(
            DatabaseCatalog kept,
            ServerInfo target,
            Timescale timescale,
            PlanOptions options,
            Set<QualifiedName> early) {
        this.early = Set.copyOf(early);
        this.aggregates = Compatibility.expected(kept, target).aggregates();
        this.kept = kept;
        this.timescale = timescale;
        this.target = target;
        this.options = options;
    }

    /** Before the rows: the aggregates, parents first, what depends on them, and their chunks. */
    List<Step> create() {
        List<Step> steps = new ArrayList<>();
        for (ContinuousAggregate aggregate : aggregates) {
            @Nullable String owner = owner(aggregate);
            List<String> sql = new ArrayList<>(
                    owner == null || target.superuser()
                            ? AggregateSql.create(aggregate, owner, timescale)
                            : AggregateSql.createAs(aggregate, owner, target.user(), timescale));
            if (early.contains(aggregate.name())) {
                sql.addAll(AggregateSql.indexes(aggregate));
            }
            steps.add(new Step.CreateAggregate(aggregate.name(), sql));
        }
        if (!aggregates.isEmpty()) {
            steps.add(new Step.RestoreDependents());
        }
        if (options.aggregates() == AggregateMode.KEEP_HISTORY) {
            aggregates.stream()
                    .filter(it -> !it.storage().chunks().isEmpty())
                    .map(it -> new Step.CreateChunks(
                            it.name(),
                            it.storage().chunks().stream()
                                    .map(chunk -> HypertableSql.createChunk(Root.storage(it.name()), chunk, timescale))
                                    .toList()))
                    .forEach(steps::add);
        }
        return steps;
    }

    private @Nullable String owner(ContinuousAggregate aggregate) {
        return options.keepOwners() ? options.roles().getOrDefault(aggregate.owner(), aggregate.owner()) : null;
    }

    /**
     * What keeps TimescaleDB from noting every row that arrives as a change that aggregates have to follow. Without it loading is slower, and
     * nothing else: there is no threshold yet below which changes are kept.
     */
    List<String> settings() {
        if (aggregates.isEmpty()) {
            return List.of();
        }
        if (timescale.has(TimescaleFeature.SKIP_AGGREGATE_INVALIDATION)) {
            return List.of("SET LOCAL timescaledb.skip_cagg_invalidation = on");
        }
        return target.superuser() ? List.of("SET LOCAL session_replication_role = replica") : List.of();
    }

    /** After the rows and the indexes of what is aggregated: indexes, state, columnstore. */
    List<Step> finish() {
        List<Step> steps = new ArrayList<>();
        for (ContinuousAggregate aggregate : aggregates) {
            switch (options.aggregates()) {
                case KEEP_HISTORY -> keepHistory(aggregate, steps);
                case RECOMPUTE -> {
                    steps.add(new Step.FinishAggregate(aggregate.name(), AggregateSql.indexes(aggregate), List.of()));
                    if (isMaterialized(aggregate)) {
                        steps.add(new Step.RefreshAggregate(aggregate.name(), refresh(aggregate)));
                    }
                }
                case DEFINITIONS_ONLY ->
                    steps.add(new Step.FinishAggregate(aggregate.name(), AggregateSql.indexes(aggregate), List.of()));
            }
            steps.addAll(Columnstore.steps(Root.storage(aggregate.name()), storage(aggregate), timescale));
        }
        return steps;
    }

    /** The storage as far as its chunks are those of the source. */
    private Hypertable storage(ContinuousAggregate aggregate) {
        return options.aggregates() == AggregateMode.KEEP_HISTORY
                ? aggregate.storage()
                : aggregate.storage().withChunks(List.of());
    }

    private void keepHistory(ContinuousAggregate aggregate, List<Step> steps) {
        if (target.superuser()) {
            List<String> sql = new ArrayList<>();
            if (!early.contains(aggregate.name())) {
                sql.addAll(AggregateSql.indexes(aggregate));
            }
            sql.addAll(AggregateSql.state(aggregate));
            List<String> mixed = recomputable(aggregate);
            boolean alwaysMixed = options.consistency() == Consistency.EACH_SLICE;
            if (alwaysMixed) {
                sql.addAll(mixed);
            }
            steps.add(new Step.FinishAggregate(aggregate.name(), sql, alwaysMixed ? List.of() : mixed));
            return;
        }
        if (isMaterialized(aggregate)) {
            String saved = "hyperferry.saved_" + (aggregates.indexOf(aggregate) + 1);
            List<String> sql = new ArrayList<>();
            sql.add(AggregateSql.saveRows(aggregate.name(), saved));
            sql.addAll(refresh(aggregate));
            steps.add(new Step.RefreshAggregate(aggregate.name(), sql));
            List<String> back = new ArrayList<>(AggregateSql.bringRowsBack(aggregate.name(), saved));
            aggregate.storage().chunks().stream()
                    .map(Aggregates::time)
                    .filter(it -> it.from() != DimensionRange.UNBOUNDED_FROM)
                    .findFirst()
                    .ifPresent(it -> back.add(AggregateSql.moveWatermark(aggregate, it.from(), timescale)));
            back.addAll(AggregateSql.indexes(aggregate));
            steps.add(new Step.FinishAggregate(aggregate.name(), back, List.of()));
        } else {
            steps.add(new Step.FinishAggregate(aggregate.name(), AggregateSql.indexes(aggregate), List.of()));
        }
    }

    private static boolean isMaterialized(ContinuousAggregate aggregate) {
        return aggregate.state().watermark() != null
                && TimeType.of(aggregate.storage().time()) != TimeType.OPAQUE;
    }

    /**
     * What was read at several moments may not fit together: a row of the source that came late to its bucket may be there without having been
     * counted. So everything that the rows there can give again is looked at by the next refresh.
     */
    static List<String> recomputable(ContinuousAggregate aggregate) {
        @Nullable Long watermark = aggregate.state().watermark();
        return watermark == null
                ? List.of()
                : Refreshable.of(aggregate.state())
                        .within(List.of(new Invalidation(Long.MIN_VALUE, watermark - 1)))
                        .stream()
                        .map(it -> AggregateSql.invalidate(aggregate.name(), it))
                        .toList();
    }

    /** The aggregates as the target is to have them, where no refresh may take away rows whose raw data is gone. */
    static List<ContinuousAggregate> expected(DatabaseCatalog kept) {
        return kept.aggregates().stream()
                .map(it -> it.withState(Refreshable.withoutLoss(it.state())))
                .toList();
    }

    /** The statements that compute an aggregate up to its watermark, in parts of which each is committed. */
    private List<String> refresh(ContinuousAggregate aggregate) {
        long watermark = aggregate.state().watermark() == null
                ? Long.MIN_VALUE
                : aggregate.state().watermark();
        List<String> sql = new ArrayList<>();
        List<DimensionRange> ranges =
                chunksOfSource(kept, aggregate).stream().map(Aggregates::time).toList();
        long from = Long.MIN_VALUE;
        int chunks = 0;
        for (DimensionRange range : ranges) {
            chunks++;
            if (range.from() == DimensionRange.UNBOUNDED_FROM || range.to() >= watermark) {
                continue;
            }
            if (from == Long.MIN_VALUE) {
                from = range.from();
                chunks = 1;
            }
            // TimescaleDB refuses a range without a whole bucket in it; one of two widths has one.
            if (chunks >= CHUNKS_PER_REFRESH && range.to() - from >= 2 * aggregate.bucketWidth()) {
                sql.add(AggregateSql.refresh(aggregate, from, range.to(), timescale));
                from = range.to();
                chunks = 0;
            }
        }
        // Buckets across the ends of the parts, and all that is left.
        sql.add(AggregateSql.refresh(aggregate, Long.MIN_VALUE, watermark, timescale));
        return sql;
    }

    private static List<Chunk> chunksOfSource(DatabaseCatalog kept, ContinuousAggregate aggregate) {
        return kept.hypertable(aggregate.source())
                .or(() -> kept.aggregate(aggregate.source()).map(ContinuousAggregate::storage))
                .map(Hypertable::chunks)
                .orElse(List.of());
    }

    private static DimensionRange time(Chunk chunk) {
        return chunk.ranges().get(0);
    }

    /** Freezing, which comes after everything else. */
    List<Step> freeze() {
        List<Step> steps = new ArrayList<>();
        for (ContinuousAggregate aggregate : aggregates) {
            steps.addAll(Columnstore.freezing(Root.storage(aggregate.name()), storage(aggregate), timescale));
        }
        return steps;
    }

    /** The rows of an aggregate as those of a table. */
    static Table asTable(ContinuousAggregate aggregate) {
        List<Chunk> chunks = aggregate.storage().chunks();
        return new Table(
                aggregate.name(),
                0,
                Table.Kind.HYPERTABLE,
                aggregate.columns(),
                chunks.stream().mapToLong(Chunk::estimatedRows).sum(),
                chunks.stream().mapToLong(Chunk::bytes).sum());
    }

    /** Gathering statistics; earlier versions cannot be told the view's name. */
    static List<String> analyze(DatabaseCatalog kept) {
        return kept.aggregates().stream()
                .map(it -> Root.storage(it.name()).execute("ANALYZE %1$s"))
                .toList();
    }

    /** What cannot be, or not fully. */
    static List<Problem> problems(DatabaseCatalog kept, ServerInfo target, PlanOptions options) {
        List<Problem> problems = new ArrayList<>();
        @Nullable Timescale timescale = target.timescale();
        if (timescale != null && !timescale.community()) {
            kept.views().stream()
                    .filter(it -> it.kind() == View.Kind.CONTINUOUS_AGGREGATE)
                    .forEach(it -> problems.add(Problem.blocking(
                            Code.AGGREGATES_NOT_ON_TARGET,
                            it.name().toString(),
                            "the target's Apache edition has no continuous aggregates.",
                            "Use the Community edition on the target, or leave it behind (exclude, --exclude).")));
            return problems;
        }
        for (ContinuousAggregate aggregate : expected(kept)) {
            problems(aggregate, target, options, problems);
        }
        return problems;
    }

    private static void problems(
            ContinuousAggregate aggregate, ServerInfo target, PlanOptions options, List<Problem> problems) {
        String name = aggregate.name().toString();
        @Nullable Timescale timescale = target.timescale();
        if (!aggregate.finalized()) {
            problems.add(
                    Problem.blocking(
                            Code.AGGREGATE_NOT_FINALIZED,
                            name,
                            "this continuous aggregate has the old form, which keeps partial states and which newer servers cannot"
                                    + " create.",
                            "Run CALL cagg_migrate('"
                                    + Identifiers.quote(aggregate.name()).replace("'", "''")
                                    + "'); on the source (TimescaleDB 2.10 to 2.24), or leave it behind (exclude, --exclude)."));
        }
        if (aggregate.experimental() && timescale != null && !timescale.has(TimescaleFeature.EXPERIMENTAL_BUCKETS)) {
            problems.add(Problem.blocking(
                    Code.AGGREGATE_EXPERIMENTAL,
                    name,
                    "its buckets come from timescaledb_experimental, which the target's TimescaleDB lacks.",
                    "Create it anew with time_bucket on the source, or leave it behind (exclude, --exclude)."));
        }
        if (options.aggregates() == AggregateMode.KEEP_HISTORY && !target.superuser()) {
            long pending = aggregate.state().invalid().stream()
                    .filter(it -> isBelow(it.lowest(), aggregate.state().watermark()))
                    .count();
            if (pending > 0) {
                problems.add(Problem.warning(
                        Code.AGGREGATE_OUT_OF_DATE,
                        name,
                        "changes in " + pending
                                + " ranges of time await its next refresh, and only a superuser of the target"
                                + " could note that there.",
                        "Refresh it on the source before the run, or with force => true on the target after it."));
            }
        }
    }

    private static boolean isBelow(long moment, @Nullable Long watermark) {
        return watermark != null && moment < watermark;
    }
}
