package io.hyperferry.internal.run;

import io.hyperferry.MigrationReport.TableResult;
import io.hyperferry.Problem;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.ParallelQueries;
import io.hyperferry.internal.ledger.CaughtUpQueries;
import io.hyperferry.internal.ledger.CaughtUpQueries.Besides;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.ledger.SliceQueries;
import io.hyperferry.internal.ledger.SliceState;
import io.hyperferry.internal.plan.CompressedTransfer;
import io.hyperferry.internal.plan.RowsOutsideChunks;
import io.hyperferry.internal.plan.Scope;
import io.hyperferry.internal.run.Handlers.Handler;
import io.hyperferry.internal.run.Handlers.Mark;
import io.hyperferry.internal.verify.ChunkBoxes;
import io.hyperferry.internal.verify.Comparison;
import io.hyperferry.internal.verify.Verifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compares the target with what was read, slice by slice, and both catalogs. It never marks its step when something differs: the next run
 * compares again.
 */
final class VerifyHandler implements Handler {
    private final RunContext run;
    private List<TableResult> tables = List.of();
    private List<Difference> differences = List.of();
    private List<String> chunksSince = List.of();
    private Map<String, List<Besides>> besides = Map.of();
    private List<TableData> later = List.of();
    private List<Problem> warnings = List.of();

    VerifyHandler(RunContext run) {
        this.run = run;
    }

    @Override
    public void handle(Mark mark) throws SQLException {
        Map<Integer, SliceState> done = SliceQueries.done(run.leading());
        besides = CaughtUpQueries.besides(run.leading());
        later = CaughtUpQueries.tables(run.leading());
        Step.CopyData step = known();
        Map<Integer, Digest> expected = new HashMap<>();
        done.forEach((position, slice) -> expected.put(position, slice.mark().digest()));
        besides.values().stream()
                .flatMap(List::stream)
                .forEach(it -> expected.put(it.slice().position(), it.digest()));
        ParallelQueries target = new Questions(run.pace(), run.events(), run.cancellation(), run.retries())
                .toTarget(run.target(), "hyperferry-" + run.attempt() + "-verify");
        DatabaseCatalog catalog = Planning.reader().read(run.leading());
        Verifier.Result compared = new Verifier(step).compare(target, catalog, expected);
        warnings = RowsOutsideChunks.warnings(compared.asWhole());
        tables = step.tables().stream().map(it -> result(it, done, compared)).toList();
        differences = structure(catalog);
        boolean identical = differences.isEmpty() && compared.findings().isEmpty();
        Jdbc.transact(run.leading(), () -> {
            Ledger.markVerified(run.leading(), identical);
            if (identical) {
                mark.done();
            }
        });
    }

    private TableResult result(TableData table, Map<Integer, SliceState> done, Verifier.Result compared) {
        List<SliceState> slices = table.slices().stream()
                .map(Slice::position)
                .map(done::get)
                .filter(Objects::nonNull)
                .toList();
        Map<String, Long> readings = new TreeMap<>();
        slices.forEach(it -> readings.merge(it.mark().reading().name(), 1L, Long::sum));
        return new TableResult(
                table.table(),
                slices.stream().mapToLong(it -> it.mark().digest().rows()).sum()
                        + besides(table).mapToLong(it -> it.digest().rows()).sum(),
                slices.stream().mapToLong(SliceState::bytes).sum(),
                table.slices().size(),
                table.slices().size(),
                (int) slices.stream()
                        .filter(it -> it.attempt() == run.attempt())
                        .count(),
                readings,
                slices.stream().filter(it -> it.mark().asTuples()).count(),
                refusals(table, slices),
                compared.texts().getOrDefault(table.table(), List.of()),
                compared.probesOf(table));
    }

    /** What the plan copies, and what a catch-up copied. */
    private Step.CopyData known() {
        return CaughtUpQueries.with(run.plan().copyData().orElseThrow(), later, besides);
    }

    /** Slices of chunks that are not in the plan, and that a catch-up copied. */
    private Stream<Besides> besides(TableData table) {
        return besides.getOrDefault(table.table().toString(), List.of()).stream();
    }

    /** What the plan knew, and what came out as chunks were made and read. */
    private static List<String> refusals(TableData table, List<SliceState> slices) {
        Map<String, Long> later = new TreeMap<>();
        slices.stream().map(SliceState::refusal).filter(Objects::nonNull).forEach(it -> later.merge(it, 1L, Long::sum));
        List<String> all = new ArrayList<>(table.refusals());
        later.forEach((reason, chunks) -> all.add(CompressedTransfer.refusal(chunks, reason)));
        return all;
    }

    private List<Difference> structure(DatabaseCatalog target) throws SQLException {
        DatabaseCatalog source = run.source().catalog(run.plan().options().roles());
        chunksSince = chunksSince(Scope.of(source, run.plan().options()).kept());
        return Comparison.of(source, target, run.plan())
                .ofRun()
                .differences(Ledger.leftOutSchemaEntries(run.leading()));
    }

    /** Chunks of the source with ranges that no slice of this run covers. */
    private List<String> chunksSince(DatabaseCatalog source) {
        Map<QualifiedName, Long> since = new TreeMap<>();
        for (TableData table : known().tables()) {
            Optional<Hypertable> hypertable = table.aggregate()
                    ? source.aggregate(table.table()).map(ContinuousAggregate::storage)
                    : source.hypertable(table.table());
            if (hypertable.isPresent() && table.time() != null) {
                ChunkBoxes planned = ChunkBoxes.of(table);
                long count = hypertable.get().chunks().stream()
                        .filter(chunk -> !planned.cover(chunk))
                        .count();
                if (count > 0) {
                    since.put(table.table(), count);
                }
            }
        }
        return since.entrySet().stream()
                .map(it -> it.getKey() + ": " + it.getValue() + " chunks that the source made after the plan was made")
                .toList();
    }

    List<String> chunksSince() {
        return chunksSince;
    }

    boolean identical() {
        return differences.isEmpty() && tables.stream().allMatch(TableResult::identical);
    }

    /** What was found that is no difference. */
    List<Problem> warnings() {
        return warnings;
    }

    List<TableResult> tables() {
        return tables;
    }

    List<Difference> differences() {
        return differences;
    }
}
