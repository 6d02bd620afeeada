package io.hyperferry.internal.run;

import io.hyperferry.Consistency;
import io.hyperferry.ExportReport;
import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationException;
import io.hyperferry.MigrationPlan;
import io.hyperferry.PgTools;
import io.hyperferry.PlanChangedException;
import io.hyperferry.PlanOptions;
import io.hyperferry.PreflightException;
import io.hyperferry.Problem;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CompressedChunks;
import io.hyperferry.catalog.CompressedRelation.Layout;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.SnapshotGuard;
import io.hyperferry.copy.CopyCancelledException;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyEngine;
import io.hyperferry.copy.CopyEvent;
import io.hyperferry.copy.CopyException;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.copy.CopyRun;
import io.hyperferry.copy.CopySink;
import io.hyperferry.copy.CopySource;
import io.hyperferry.internal.export.ExportWriter;
import io.hyperferry.internal.export.SequenceState;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Cancellation.Registration;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.ledger.PausedJobs.Origin;
import io.hyperferry.internal.plan.ExportPlanner;
import io.hyperferry.internal.slice.SliceLocator;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves a database into a directory: plans, freezes the plan there, and has the engine copy. Run again, it goes on. */
public final class Exporter {
    private static final Logger log = LoggerFactory.getLogger(Exporter.class);

    private final Endpoint source;
    private final Path directory;
    private final PlanOptions options;
    private final Pace pace;
    private final Planning planning;
    private final Events events;
    private final Cancellation cancellation;
    private final RetryLog retries = new RetryLog();

    public Exporter(
            Endpoint source,
            Path directory,
            PlanOptions options,
            Pace pace,
            PgTools tools,
            Events events,
            Cancellation cancellation) {
        this.source = source;
        this.directory = directory;
        this.options = options;
        this.pace = pace;
        this.planning = new Planning(source, options, pace.parallelism(), false, tools, cancellation);
        this.events = events;
        this.cancellation = cancellation;
    }

    /** What an export would write, and what keeps it from that. Changes nothing. */
    public MigrationPlan plan() {
        try (LockWatch watch = LockWatch.start(source, null, pace, events)) {
            return Sides.onSource(source, cancellation, from -> {
                try (Registration registration = cancellation.onCancel(from)) {
                    SoundCatalog.require(from, options);
                    DatabaseCatalog catalog = Planning.reader().read(from);
                    return plan(from, catalog, options);
                }
            });
        }
    }

    private MigrationPlan plan(Connection from, DatabaseCatalog catalog, PlanOptions all) throws SQLException {
        List<Problem> problems =
                new ArrayList<>(planning.dump(from).problems(catalog.server().postgres()));
        Planning.addConnections(
                "source",
                catalog.server(),
                MigrationPlan.connectionsRequired(pace.parallelism()).source(),
                problems);
        return ExportPlanner.plan(catalog, all).withProblems(problems);
    }

    /** Exports, or goes on with an export. */
    public ExportReport run() {
        Instant startedAt = Instant.now();
        try (LockWatch watch = LockWatch.start(source, null, pace, events);
                ExportWriter export = ExportWriter.open(directory)) {
            return Sides.onSource(source, cancellation, from -> {
                try (Registration registration = cancellation.onCancel(from)) {
                    return run(export, from, startedAt);
                } catch (IOException e) {
                    throw failure("the export cannot be written: " + e.getMessage(), e);
                }
            });
        }
    }

    private ExportReport run(ExportWriter export, Connection from, Instant startedAt) throws SQLException, IOException {
        @Nullable MigrationPlan frozen = export.frozen();
        if (frozen != null) {
            refuseOtherPlan(frozen, from);
            if (export.isFinished()) {
                return report(export, frozen, startedAt, 0);
            }
        }
        if (frozen == null) {
            return first(export, from, startedAt);
        }
        try (Snapshots snapshots = Snapshots.goingOn(source.dataSource())) {
            return copy(export, from, frozen, snapshots, true, startedAt);
        }
    }

    private ExportReport first(ExportWriter export, Connection from, Instant startedAt)
            throws SQLException, IOException {
        SourceSnapshot snapshot = SourceSnapshot.export(source.dataSource());
        try (Snapshots snapshots = Snapshots.leading(source.dataSource(), snapshot)) {
            SoundCatalog.require(from, options);
            DatabaseCatalog catalog = Planning.readUnder(Planning.reader(), snapshot.id(), from);
            MigrationPlan plan = plan(
                    from,
                    catalog,
                    ExportPlanner.named(options, UUID.randomUUID().toString()));
            events.watch().considered(plan);
            if (plan.isBlocked()) {
                throw new PreflightException(plan.problems());
            }
            DatabaseCatalog mapped =
                    Planning.readUnder(Planning.reader().mappingRoles(options.roles()), snapshot.id(), from);
            export.freeze(plan, catalog, mapped, planning.schema(from, snapshot.id()));
            return copy(export, from, plan, snapshots, false, startedAt);
        }
    }

    private void refuseOtherPlan(MigrationPlan frozen, Connection from) {
        PlanOptions now =
                ExportPlanner.named(options, String.valueOf(frozen.options().export()));
        List<String> differences = Coordinator.differences(frozen.options(), now);
        ServerInfo server = Planning.reader().read(from).server();
        differences.addAll(Coordinator.otherSource(frozen, new Origin(server.systemIdentifier(), server.database())));
        if (!differences.isEmpty()) {
            throw new PlanChangedException(differences);
        }
    }

    private ExportReport copy(
            ExportWriter export,
            Connection from,
            MigrationPlan plan,
            Snapshots snapshots,
            boolean resumed,
            Instant startedAt)
            throws SQLException, IOException {
        Step.CopyData step = plan.copyData().orElseThrow();
        MigrationPlan shown =
                new MigrationPlan(plan.source(), plan.target(), plan.options(), List.of(step), plan.problems());
        log.info(
                "{} {} to {}: {} slices, {} workers, {}",
                resumed ? "going on with the export of" : "exporting",
                plan.source(),
                directory,
                plan.slices().count(),
                pace.parallelism(),
                plan.options());
        events.send(new MigrationEvent.Planned(shown, resumed));
        events.send(new MigrationEvent.StepStarted(1, step));
        boolean eachSlice = plan.options().consistency() == Consistency.EACH_SLICE;
        if (eachSlice) {
            snapshots.close();
        }
        int before = export.done().size();
        Instant began = Instant.now();
        rows(export, plan, step, eachSlice ? null : snapshots, from);
        Map<QualifiedName, SequenceState> sequences = new LinkedHashMap<>();
        for (QualifiedName sequence : sequencesOf(plan)) {
            sequences.put(sequence, Sequences.of(from, sequence));
        }
        export.finish(plan, sequences);
        events.send(new MigrationEvent.StepFinished(1, step, Duration.between(began, Instant.now()), false));
        return report(export, plan, startedAt, export.done().size() - before);
    }

    private static List<QualifiedName> sequencesOf(MigrationPlan plan) {
        return plan.steps().stream()
                .flatMap(it -> it instanceof Step.SetSequences set ? set.sequences().stream() : Stream.empty())
                .toList();
    }

    private void rows(
            ExportWriter export, MigrationPlan plan, Step.CopyData step, @Nullable Snapshots snapshots, Connection from)
            throws IOException {
        SnapshotGuard guard = SnapshotGuard.of(from);
        CompressedChunks chunks = CompressedChunks.of(from);
        SliceLocator locator = SliceLocator.of(from);
        Progress progress = new Progress(step.tables(), export.done().keySet(), pace::pausedNanos);
        events.watch().copying(progress);
        Map<Integer, Layout> layouts = CopyHandler.layouts(plan);
        SliceDone done = (table, slice, rows, result) -> {
            progress.done(slice, rows, result.bytes(), result.elapsed());
            events.send(new MigrationEvent.SliceCopied(table.table(), slice, rows, result.bytes(), result.elapsed()));
        };
        Open open = new Open(step, export, (table, slice) -> {
            @Nullable Layout layout = layouts.get(slice.position());
            SliceReading reading = new SliceReading(
                    table,
                    locator.location(table, slice),
                    step.digest(),
                    layout == null ? null : new SliceReading.Tuples(layout, chunks, true),
                    snapshots,
                    guard);
            return new ExportClaim(table, slice, reading, export, done);
        });
        CopyEngine engine = CopyEngine.from(CopySource.database(source.dataSource()))
                .to(CopySink.files(export.rows()))
                .threadNamePrefix("hyperferry-export")
                .listener(event -> onEvent(event, progress));
        retries.copying();
        CopyRun copying = pace.start(engine, open);
        try (Registration registration = cancellation.onCancel(copying::cancel)) {
            copying.await();
            events.send(progress.event());
        } catch (CopyCancelledException e) {
            cancellation.cancel();
            cancellation.check();
        } catch (CopyException e) {
            throw failure(e.getMessage() + ". The slices that are whole are kept: " + Remedies.goOn(e) + ".", e);
        }
    }

    private static MigrationException failure(String what, Exception cause) {
        return new MigrationException(MigrationException.Code.STEP_FAILED, what, cause);
    }

    private void onEvent(CopyEvent event, Progress progress) {
        if (event instanceof CopyEvent.Progress copied) {
            events.send(progress.event(copied.bytes()));
        } else if (event instanceof CopyEvent.Retrying retrying) {
            events.send(retries.add(retrying));
        } else if (event instanceof CopyEvent.Finished) {
            retries.gotOn();
        }
    }

    private ExportReport report(ExportWriter export, MigrationPlan plan, Instant startedAt, int copied) {
        return ExportReports.of(
                directory, plan, export.done(), startedAt, Duration.between(startedAt, Instant.now()), copied);
    }

    /** The slices that are not in files yet, in the order of the plan. */
    private static final class Open implements CopyQueue {
        private final Deque<Piece> pieces = new ConcurrentLinkedDeque<>();
        private final Function<Piece, ExportClaim> claims;

        private record Piece(TableData table, Slice slice) {}

        /** Makes claims. */
        interface Claims {
            /** A claim of this slice. */
            ExportClaim of(TableData table, Slice slice);
        }

        Open(Step.CopyData step, ExportWriter export, Claims claims) {
            this.claims = piece -> claims.of(piece.table(), piece.slice());
            for (TableData table : step.tables()) {
                table.slices().stream()
                        .filter(it -> !export.done().containsKey(it.position()))
                        .forEach(it -> pieces.add(new Piece(table, it)));
            }
        }

        @Override
        public Optional<CopyClaim> claim() {
            return Optional.ofNullable(pieces.poll()).map(claims);
        }

        @Override
        public Optional<CopyClaim> claim(Connection target) {
            return claim();
        }

        @Override
        public boolean takeBack(CopyClaim claim, boolean mayBeCommitted) {
            ExportClaim slice = (ExportClaim) claim;
            return pieces.offerFirst(new Piece(slice.table(), slice.slice()));
        }
    }
}
