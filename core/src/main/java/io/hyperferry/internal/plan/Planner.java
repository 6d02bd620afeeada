package io.hyperferry.internal.plan;

import static java.util.stream.Collectors.toSet;

import io.hyperferry.AggregateMode;
import io.hyperferry.DigestMethod;
import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationPlan.Side;
import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.Verification;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Dimension;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Sequence;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.StorageRelation;
import io.hyperferry.catalog.Table;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.View;
import io.hyperferry.internal.plan.CompressedTransfer.Decision;
import io.hyperferry.internal.plan.Slicer.Piece;
import io.hyperferry.internal.sql.DatabaseSql;
import io.hyperferry.internal.sql.HypertableSql;
import io.hyperferry.internal.sql.Identifiers;
import io.hyperferry.internal.sql.Root;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes a plan from two catalogs and the options. A pure function: no connection, no clock, no randomness. */
public final class Planner {
    /** More slices than this are a mistake in the split, not a plan. */
    static final long MAX_SLICES = 1_000_000;

    private static final int HASH_RECORD_SINCE = 14;
    private static final Comparator<Table> LARGEST_FIRST =
            Comparator.comparingLong(Table::bytes).reversed().thenComparing(Table::name);

    private Planner() {}

    /** The plan that moves one database into the other. It may have problems, and is then not to be run. */
    public static MigrationPlan plan(DatabaseCatalog source, DatabaseCatalog target, PlanOptions options) {
        Scope scope = Scope.of(source, options);
        DatabaseCatalog kept = scope.kept();
        List<Problem> problems = new ArrayList<>(Preflight.problems(source, target, scope, options));
        boolean tooMany = problems.stream().anyMatch(it -> it.code() == Problem.Code.TOO_MANY_SLICES);
        return new MigrationPlan(
                side(source.server()),
                side(target.server()),
                options,
                tooMany ? List.of() : steps(kept, target, scope, options),
                problems);
    }

    private static List<Step> steps(DatabaseCatalog kept, DatabaseCatalog target, Scope scope, PlanOptions options) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.RestorePreData(
                scope.leftOut(),
                kept.storageRelations().stream().map(StorageRelation::oid).toList(),
                kept.views().stream()
                        .filter(it -> it.kind() == View.Kind.CONTINUOUS_AGGREGATE)
                        .map(View::oid)
                        .toList(),
                Compatibility.rules(kept, target.server(), options),
                scope.dependentsLeftOut(),
                ColumnOrders.of(kept)));
        List<Hypertable> hypertables = Compatibility.possible(kept.hypertables(), target.server());
        @Nullable Timescale timescale = target.server().timescale();
        Map<QualifiedName, Decision> decisions = decisions(kept, target, options);
        Set<QualifiedName> early = decisions.entrySet().stream()
                .filter(it -> it.getValue().early())
                .map(Map.Entry::getKey)
                .collect(toSet());
        List<TableData> tables = tables(kept, options, decisions);
        @Nullable
        Aggregates aggregates = timescale == null || !timescale.community()
                ? null
                : new Aggregates(kept, target.server(), timescale, options, early);
        if (timescale != null) {
            for (Hypertable hypertable : hypertables) {
                steps.add(new Step.CreateHypertable(hypertable.name(), HypertableSql.create(hypertable, timescale)));
            }
        }
        List<Step.Compression> compressions = List.of();
        if (aggregates != null && timescale != null) {
            List<Hypertable> indexed =
                    hypertables.stream().filter(it -> early.contains(it.name())).toList();
            if (!indexed.isEmpty()) {
                steps.add(new Step.RestoreIndexes(
                        indexed.stream().map(Hypertable::name).toList()));
            }
            hypertables.stream()
                    .filter(it -> !it.chunks().isEmpty())
                    .map(it -> new Step.CreateChunks(
                            it.name(),
                            it.chunks().stream()
                                    .map(chunk ->
                                            HypertableSql.createChunk(Root.hypertable(it.name()), chunk, timescale))
                                    .toList()))
                    .forEach(steps::add);
            steps.addAll(aggregates.create());
            Early columnstores = new Early(kept, target.server(), timescale, decisions, tables);
            steps.addAll(columnstores.steps());
            compressions = columnstores.compressions();
        }
        steps.add(new Step.CopyData(
                tables,
                digestMethod(kept.server(), target.server(), options),
                Stream.concat(
                                DatabaseSql.searchPath(kept.settings()).stream(),
                                aggregates == null ? Stream.empty() : aggregates.settings().stream())
                        .toList(),
                compressions,
                options.maxUncompressed()));
        steps.add(new Step.SetSequences(
                kept.sequences().stream().map(Sequence::name).toList()));
        steps.add(new Step.RestorePostData(
                kept.hypertables().stream().map(Hypertable::name).toList(), Validations.of(kept)));
        if (aggregates != null && timescale != null) {
            steps.addAll(aggregates.finish());
            hypertables.forEach(it -> steps.addAll(Columnstore.steps(Root.hypertable(it.name()), it, timescale)));
        }
        steps.add(new Step.FinishSchema());
        steps.addAll(Jobs.creating(scope, target.server(), options));
        steps.add(new Step.Analyze(analyze(kept)));
        List<String> database = Compatibility.databaseSql(kept, target.server());
        if (!database.isEmpty()) {
            steps.add(new Step.SetDatabase(database));
        }
        if (aggregates != null && timescale != null) {
            steps.addAll(aggregates.freeze());
            hypertables.forEach(it -> steps.addAll(Columnstore.freezing(Root.hypertable(it.name()), it, timescale)));
        }
        steps.add(new Step.Verify());
        steps.addAll(Jobs.scheduling(scope, target.server()));
        return steps;
    }

    /** How compressed chunks travel, by the hypertable or the continuous aggregate. */
    private static Map<QualifiedName, Decision> decisions(
            DatabaseCatalog kept, DatabaseCatalog target, PlanOptions options) {
        CompressedTransfer transfer = new CompressedTransfer(kept, target, options);
        DatabaseCatalog expected = Compatibility.expected(kept, target.server());
        Map<QualifiedName, Decision> decisions = new HashMap<>();
        expected.hypertables()
                .forEach(it -> decisions.put(
                        it.name(),
                        transfer.of(
                                Root.hypertable(it.name()),
                                it,
                                kept.table(it.name()).map(Table::copiedColumns).orElse(List.of()),
                                TimeWindow.of(it, options))));
        if (options.aggregates() == AggregateMode.KEEP_HISTORY) {
            expected.aggregates()
                    .forEach(it -> decisions.put(
                            it.name(),
                            transfer.of(
                                    Root.storage(it.name()), it.storage(), it.columns(), TimeWindow.of(it, options))));
        }
        return decisions;
    }

    private static List<TableData> tables(
            DatabaseCatalog kept, PlanOptions options, Map<QualifiedName, Decision> decisions) {
        Map<Object, Hypertable> hypertables =
                kept.hypertables().stream().collect(Collectors.toMap(Hypertable::name, Function.identity()));
        List<TableData> tables = new ArrayList<>();
        int position = 1;
        for (Rows rows : rows(kept, options)) {
            Table table = rows.table();
            @Nullable
            Hypertable hypertable = rows.aggregate() == null
                    ? hypertables.get(table.name())
                    : rows.aggregate().storage();
            TimeWindow window = rows.aggregate() != null
                    ? TimeWindow.of(rows.aggregate(), options)
                    : hypertable == null ? TimeWindow.ALL : TimeWindow.of(hypertable, options);
            Decision decision = decisions.getOrDefault(table.name(), Decision.LATE);
            List<Slice> slices = hypertable == null
                    ? PageRanges.slices(table, kept.server(), options, position)
                    : slices(
                            Slicer.of(hypertable, options, window).cut(decision),
                            Slicer.spaceDimensions(hypertable, builtInHash(kept.server())),
                            position);
            position += slices.size();
            tables.add(new TableData(
                    table.name(),
                    table.copiedColumns(),
                    hypertable == null ? null : hypertable.time(),
                    slices,
                    rows.aggregate() != null,
                    decision.order(),
                    window.from(),
                    window.to(),
                    table.generatedColumns(),
                    storedBytes(slices, hypertable),
                    decision.refusals()));
        }
        return tables;
    }

    /** A slice takes the part of its chunk as it is that it has of the chunk as row-store. */
    private static long storedBytes(List<Slice> slices, @Nullable Hypertable hypertable) {
        Map<QualifiedName, Chunk> chunks = hypertable == null
                ? Map.of()
                : hypertable.chunks().stream().collect(Collectors.toMap(Chunk::name, Function.identity()));
        double bytes = 0;
        for (Slice slice : slices) {
            @Nullable Chunk chunk = slice.chunk() == null ? null : chunks.get(slice.chunk());
            bytes += chunk == null || chunk.bytes() == 0
                    ? slice.estimatedBytes()
                    : (double) slice.estimatedBytes() * chunk.storedBytes() / chunk.bytes();
        }
        return Math.round(bytes);
    }

    /** Something with rows: a table, or a continuous aggregate described as one. */
    private record Rows(Table table, @Nullable ContinuousAggregate aggregate) {}

    private static List<Rows> rows(DatabaseCatalog kept, PlanOptions options) {
        List<Rows> rows = new ArrayList<>();
        kept.tables().stream()
                .filter(it -> it.kind() == Table.Kind.PLAIN || it.kind() == Table.Kind.HYPERTABLE)
                .forEach(it -> rows.add(new Rows(it, null)));
        if (options.aggregates() == AggregateMode.KEEP_HISTORY) {
            kept.aggregates().forEach(it -> rows.add(new Rows(Aggregates.asTable(it), it)));
        }
        rows.sort(Comparator.comparing(Rows::table, LARGEST_FIRST));
        return rows;
    }

    private static List<Slice> slices(List<Piece> pieces, List<Dimension> spaceDimensions, int firstPosition) {
        List<Slice> slices = new ArrayList<>();
        for (Piece piece : pieces) {
            slices.add(piece.at(firstPosition + slices.size(), spaceDimensions));
        }
        return slices;
    }

    private static QualifiedName builtInHash(ServerInfo source) {
        @Nullable Timescale timescale = source.timescale();
        return new QualifiedName(
                timescale == null ? "_timescaledb_functions" : timescale.functionSchema(), "get_partition_hash");
    }

    private static DigestMethod digestMethod(ServerInfo source, ServerInfo target, PlanOptions options) {
        if (options.verification() == Verification.COUNTS) {
            return DigestMethod.COUNT;
        }
        return source.postgres().isAtLeast(HASH_RECORD_SINCE, 0)
                        && target.postgres().isAtLeast(HASH_RECORD_SINCE, 0)
                ? DigestMethod.RECORD_HASH
                : DigestMethod.TEXT_HASH;
    }

    /**
     * Partitioned tables have statistics of their own, beside their partitions'. Those of a table with foreign tables below it would be
     * gathered on their servers, which the target may not reach.
     */
    private static List<String> analyze(DatabaseCatalog kept) {
        Set<QualifiedName> aboveForeign = new HashSet<>();
        kept.tables().stream()
                .filter(it -> it.kind() == Table.Kind.FOREIGN)
                .forEach(it -> addParents(it, kept, aboveForeign));
        List<String> sql = kept.tables().stream()
                .filter(it -> it.kind() != Table.Kind.FOREIGN && !aboveForeign.contains(it.name()))
                .map(it -> "ANALYZE " + Identifiers.quote(it.name()))
                .collect(Collectors.toCollection(ArrayList::new));
        sql.addAll(Aggregates.analyze(kept));
        return sql;
    }

    private static void addParents(Table table, DatabaseCatalog kept, Set<QualifiedName> parents) {
        for (QualifiedName parent : table.parents()) {
            if (parents.add(parent)) {
                kept.table(parent).ifPresent(it -> addParents(it, kept, parents));
            }
        }
    }

    private static Side side(ServerInfo server) {
        @Nullable Timescale timescale = server.timescale();
        return new Side(
                server.database(),
                server.systemIdentifier(),
                server.postgres().toString(),
                timescale == null
                        ? "no TimescaleDB"
                        : "TimescaleDB " + timescale.version() + (timescale.community() ? " community" : " apache"));
    }
}
