package io.hyperferry.internal.run;

import static java.util.stream.Collectors.toSet;

import io.hyperferry.AggregateMode;
import io.hyperferry.CatchUpReport.Pass;
import io.hyperferry.MigrationPlan;
import io.hyperferry.PreflightException;
import io.hyperferry.RepairReport.Repair;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.catalog.ContinuousAggregate.Invalidation;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.ParallelQueries;
import io.hyperferry.internal.ledger.CaughtUpQueries;
import io.hyperferry.internal.ledger.CaughtUpQueries.Besides;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.ledger.SliceQueries;
import io.hyperferry.internal.plan.AggregateStates;
import io.hyperferry.internal.plan.RowsOutsideChunks;
import io.hyperferry.internal.slice.SliceLocation;
import io.hyperferry.internal.slice.SliceLocator;
import io.hyperferry.internal.verify.DigestRange;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One pass of a catch-up: looks at all of the source, and moves what is not as the ledger knows it. */
final class CatchUpPass {
    private final MigrationPlan plan;
    private final Step.CopyData step;
    private final CatchUpScope scope;
    private final ParallelQueries source;
    private final SliceLocator locator;
    private final Replacement replacement;
    private final List<Repair> moves = Collections.synchronizedList(new ArrayList<>());
    private List<CatchUpTable> tables = List.of();
    private Map<Integer, Digest> digests = Map.of();
    private Set<QualifiedName> outside = Set.of();

    /**
     * A pass.
     *
     * @param source asks the source
     * @param locator tells where slices are on the source
     */
    CatchUpPass(
            MigrationPlan plan,
            CatchUpScope scope,
            ParallelQueries source,
            SliceLocator locator,
            Replacement replacement) {
        this.plan = plan;
        this.step = plan.copyData().orElseThrow();
        this.scope = scope;
        this.source = source;
        this.locator = locator;
        this.replacement = replacement;
    }

    private record Piece(TableData table, Slice slice) implements ParallelQueries.Subject {
        @Override
        public String subject() {
            return DigestRange.of(table, slice).subject();
        }
    }

    /**
     * Finds what changed, and moves it. Sequences come last, so that none hands out a number that a row has.
     *
     * @param startedAt when the pass began, which is with reading the catalogs
     * @param created what was created before, human-readable
     */
    Pass run(Connection from, Connection to, Instant startedAt, List<String> created) throws SQLException {
        tables = tables(to);
        List<ChunkAlignment> alignments = alignments(to);
        List<String> chunks = new ArrayList<>();
        for (ChunkAlignment alignment : alignments) {
            chunks.addAll(alignment.create());
        }
        List<Repair> moved = move(changed(tables), to);
        for (ChunkAlignment alignment : alignments) {
            chunks.addAll(alignment.align());
        }
        List<QualifiedName> sequences =
                Jdbc.inTransaction(to, () -> Sequences.set(it -> Sequences.of(from, it), to, scope.sequences()));
        return new Pass(Duration.between(startedAt, Instant.now()), created, moved, sequences, chunks);
    }

    /** Returns what was moved so far. */
    List<Repair> moves() {
        synchronized (moves) {
            return List.copyOf(moves);
        }
    }

    /** The tables that were looked at, with the slices that the source has. */
    List<TableData> compared() {
        return tables.stream().map(CatchUpTable::now).toList();
    }

    /** The tables with rows outside of their chunks' bounds on the source. */
    Set<QualifiedName> outside() {
        return outside;
    }

    /** The digests of the slices that the source has, by position. */
    Map<Integer, Digest> digests() {
        return digests;
    }

    private List<CatchUpTable> tables(Connection to) throws SQLException {
        Map<Integer, Digest> planned = new HashMap<>();
        SliceQueries.done(to)
                .forEach((position, state) -> planned.put(position, state.mark().digest()));
        Map<String, List<Besides>> besides = CaughtUpQueries.besides(to);
        AtomicInteger last = new AtomicInteger(Stream.concat(
                        plan.slices(),
                        besides.values().stream().flatMap(List::stream).map(Besides::slice))
                .mapToInt(Slice::position)
                .max()
                .orElse(0));
        return scope.tables().stream()
                .map(it -> CatchUpTable.of(
                        scope.today(it),
                        new CatchUpTable.Known(
                                it, planned, besides.getOrDefault(it.table().toString(), List.of())),
                        Replacement.hypertable(scope.target(), it)
                                .map(Hypertable::chunks)
                                .orElse(List.of()),
                        last::incrementAndGet))
                .toList();
    }

    /** The Apache edition makes its own chunks, and has no columnstore. */
    private List<ChunkAlignment> alignments(Connection to) {
        @Nullable Timescale timescale = scope.target().server().timescale();
        if (timescale == null || !timescale.community()) {
            return List.of();
        }
        List<ChunkAlignment> alignments = new ArrayList<>();
        for (TableData table : scope.tables()) {
            Optional<Hypertable> ours = Replacement.hypertable(scope.kept(), table);
            Optional<Hypertable> theirs = Replacement.hypertable(scope.target(), table);
            if (ours.isPresent() && theirs.isPresent()) {
                alignments.add(
                        new ChunkAlignment(to, table, ours.get(), theirs.get(), timescale, replacement.compression()));
            }
        }
        return alignments;
    }

    /** The ranges of each table in which the source has other rows than the target got; no table without any. */
    private Map<CatchUpTable, List<DigestRange>> changed(List<CatchUpTable> tables) throws SQLException {
        List<Piece> pieces = tables.stream()
                .flatMap(it -> it.now().slices().stream().map(slice -> new Piece(it.now(), slice)))
                .toList();
        List<SliceLocation.Rows> found = source.ask(
                pieces,
                (connection, piece) ->
                        locator.location(piece.table(), piece.slice()).read(connection, step.digest()));
        Map<Integer, Digest> byPosition = new HashMap<>();
        Set<QualifiedName> rowsOutside = new HashSet<>();
        for (int i = 0; i < pieces.size(); i++) {
            byPosition.put(pieces.get(i).slice().position(), found.get(i).digest());
            if (found.get(i).outside() > 0) {
                rowsOutside.add(pieces.get(i).table().table());
            }
        }
        digests = byPosition;
        outside = Set.copyOf(rowsOutside);
        Map<CatchUpTable, List<DigestRange>> changed = new LinkedHashMap<>();
        for (CatchUpTable table : tables) {
            List<DigestRange> ranges = table.changed(byPosition);
            if (!ranges.isEmpty()) {
                changed.put(table, ranges);
            }
        }
        rowsOutside.retainAll(
                changed.keySet().stream().map(table -> table.now().table()).collect(toSet()));
        if (!rowsOutside.isEmpty()) {
            throw new PreflightException(RowsOutsideChunks.problems("catch-up", rowsOutside));
        }
        return changed;
    }

    private List<Repair> move(Map<CatchUpTable, List<DigestRange>> changed, Connection to) throws SQLException {
        List<String> settings = replacement.settings(
                to,
                scope.target(),
                changed.keySet().stream().map(CatchUpTable::now).toList());
        List<Supplier<CopyClaim>> claims = new ArrayList<>();
        changed.forEach((table, ranges) -> replacement
                .jobs(table.now(), ranges, scope.source(), scope.target(), settings)
                .forEach(it -> {
                    RepairClaim.Job job = unnoticed(table, it) ? it.beginningWith(step.settings()) : it;
                    claims.add(() -> new CatchUpClaim(job, step.digest(), notes(table, job), table, moves::add));
                }));
        replacement.run(claims);
        return moves();
    }

    /**
     * Whether the target's continuous aggregates need not follow what is moved. Their own rows come from the source with their state, if that can be
     * stated; and what is removed together with its chunk is to take no rows of theirs away.
     */
    private boolean unnoticed(CatchUpTable table, RepairClaim.Job job) {
        return scope.statesAggregates() || job.ranges().stream().allMatch(table::isGone);
    }

    /**
     * What the target's continuous aggregates are told of what is moved. Where their rows are copied: nothing of chunks that are gone. Where the target
     * computes them: everything, since older versions do not note it themselves while triggers are kept quiet.
     */
    private List<String> notes(CatchUpTable table, RepairClaim.Job job) {
        if (scope.statesAggregates()) {
            return job.ranges().stream().anyMatch(table::isGone)
                    ? AggregateStates.forgetChanges(scope.target(), table.now().table())
                    : List.of();
        }
        return plan.options().aggregates() == AggregateMode.KEEP_HISTORY
                        || !scope.target().server().superuser()
                ? List.of()
                : AggregateStates.invalidations(
                        scope.target(),
                        table.now().table(),
                        job.ranges().stream()
                                .filter(it -> !table.isGone(it))
                                .map(it ->
                                        new Invalidation(it.from(), it.to() == Long.MAX_VALUE ? it.to() : it.to() - 1))
                                .toList());
    }
}
