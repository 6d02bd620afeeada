package io.hyperferry.internal.run;

import static java.util.stream.Collectors.toMap;

import io.hyperferry.MigrationCancelledException;
import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CatalogReader;
import io.hyperferry.catalog.CompressedRelation.Layout;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.copy.CopyCancelledException;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyEngine;
import io.hyperferry.copy.CopyEvent;
import io.hyperferry.copy.CopyException;
import io.hyperferry.copy.CopyRun;
import io.hyperferry.copy.CopySink;
import io.hyperferry.internal.jdbc.Cancellation.Registration;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Attempts;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.ledger.Recoveries;
import io.hyperferry.internal.ledger.SliceQueries;
import io.hyperferry.internal.ledger.SliceQueries.Claimed;
import io.hyperferry.internal.run.Handlers.Handler;
import io.hyperferry.internal.run.Handlers.Mark;
import io.hyperferry.internal.run.RunSource.Slices;
import io.hyperferry.internal.run.SliceWriting.Tuples;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies all the slices that are open, in parallel. */
final class CopyHandler implements Handler {
    private static final Logger log = LoggerFactory.getLogger(CopyHandler.class);

    private final RunContext run;
    private final Step.CopyData step;
    private final RetryLog retries;

    CopyHandler(RunContext run, Step.CopyData step) {
        this.run = run;
        this.step = step;
        this.retries = run.retries();
    }

    private record Place(TableData table, Slice slice) {}

    @Override
    public void handle(Mark mark) throws SQLException {
        TornTables torn = new TornTables(run.leading(), run.attempt(), step.tables());
        torn.afterInterruption();
        torn.afterRewriting();
        if (SliceQueries.isAnyOpen(run.leading())) {
            @Nullable Snapshots snapshots = run.snapshots();
            Snapshots.@Nullable Current current = snapshots == null ? null : snapshots.current();
            // Whoever wants to help may begin now.
            Jdbc.transact(run.leading(), () -> {
                Attempts.openSlices(run.leading(), run.attempt(), current == null ? null : current.id());
                if (current != null) {
                    Recoveries.noteSnapshot(run.leading(), run.attempt(), current.number(), current.id());
                }
            });
        }
        while (SliceQueries.isAnyOpen(run.leading())) {
            copy(target -> true, (table, slice, rows, result) -> {});
            torn.afterRewriting();
        }
        run.releaseSnapshot();
        Jdbc.transact(run.leading(), () -> {
            retries.note(run.leading(), run.attempt());
            Ledger.markCopied(run.leading());
            mark.done();
        });
        retries.forget();
    }

    /**
     * Copies for a run that another process leads, for as long as that lives.
     *
     * @param done hears of what this process has copied
     * @return whether nothing is left
     */
    boolean join(SliceDone done) throws SQLException {
        copy(target -> Attempts.isLed(target, run.attempt()), done);
        noteRetries();
        return !SliceQueries.isAnyOpen(run.leading());
    }

    private void copy(SliceQueue.Lead lead, SliceDone copied) throws SQLException {
        try {
            copyOpen(lead, copied);
        } catch (StepFailure | MigrationCancelledException e) {
            noteRetriesOfFailure();
            throw e;
        }
    }

    /** As far as that is possible: the failure is what matters. */
    private void noteRetriesOfFailure() {
        try {
            noteRetries();
        } catch (SQLException e) {
            log.debug("the ledger does not hear of retries: {}", Jdbc.describe(e));
        }
    }

    private void noteRetries() throws SQLException {
        Jdbc.transact(run.leading(), () -> retries.note(run.leading(), run.attempt()));
        retries.forget();
    }

    private void copyOpen(SliceQueue.Lead lead, SliceDone copied) throws SQLException {
        Map<Integer, Place> places = new HashMap<>();
        for (TableData table : step.tables()) {
            table.slices().forEach(slice -> places.put(slice.position(), new Place(table, slice)));
        }
        Set<Integer> done = SliceQueries.done(run.leading()).keySet();
        Progress progress = new Progress(step.tables(), done, run.pace()::pausedNanos);
        run.events().watch().copying(progress);
        Slices slices = run.source().slices(step.digest(), run.snapshots());
        Map<Integer, Layout> layouts = layouts(run.plan());
        boolean superuser = isSuperuser();
        Map<QualifiedName, QualifiedName> storages = CatalogReader.aggregateStorages(run.leading());
        Map<Integer, Step.Compression> compressions =
                step.compressions().stream().collect(toMap(Step.Compression::position, it -> it));
        SliceQueue queue = new SliceQueue(
                claimed -> {
                    Layout layout = layouts.get(claimed.position());
                    return claim(
                            claimed,
                            places,
                            (table, slice, rows, result) -> {
                                progress.done(slice, rows, result.bytes(), result.elapsed());
                                copied.done(table, slice, rows, result);
                            },
                            claimed.compressedRelation() == null || layout == null
                                    ? null
                                    : new Tuples(claimed.compressedRelation(), layout, superuser),
                            slices,
                            storages);
                },
                position -> new CompressionClaim(
                        Objects.requireNonNull(compressions.get(position), "compression"), run.attempt()),
                step.maxUncompressed(),
                lead);
        CopyEngine engine = CopyEngine.from(slices.rows())
                .to(CopySink.database(run.target().dataSource()))
                .threadNamePrefix("hyperferry-" + run.attempt() + "-copy")
                .listener(event -> onEvent(event, progress));
        retries.copying();
        CopyRun copying = run.pace().start(engine, queue);
        try (Registration registration = run.cancellation().onCancel(copying::cancel);
                LedgerWatch watch = LedgerWatch.start(run, progress)) {
            copying.await();
            run.events().send(progress.event());
        } catch (CopyCancelledException e) {
            run.cancellation().cancel();
            run.cancellation().check();
        } catch (CopyException e) {
            throw new StepFailure(
                    String.valueOf(e.getMessage()),
                    e,
                    retries.triedEnough(e, run.pace().retries().most()));
        }
    }

    private boolean isSuperuser() throws SQLException {
        return Jdbc.one(
                run.leading(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user", row -> row.getBoolean(1));
    }

    /** How compressed tuples are to be read, by the position of their slice. */
    static Map<Integer, Layout> layouts(MigrationPlan plan) {
        Map<Integer, Layout> layouts = new HashMap<>();
        for (Step other : plan.steps()) {
            if (other instanceof Step.CompressEmptyChunks empty) {
                empty.chunks().forEach(it -> layouts.put(it.slice(), empty.layout()));
            }
        }
        return layouts;
    }

    private CopyClaim claim(
            Claimed claimed,
            Map<Integer, Place> places,
            SliceDone done,
            @Nullable Tuples tuples,
            Slices slices,
            Map<QualifiedName, QualifiedName> storages) {
        Place place = places.get(claimed.position());
        if (place == null) {
            throw new IllegalStateException(
                    "the ledger has a slice " + claimed.position() + " that the plan does not have");
        }
        QualifiedName name = place.table().table();
        QualifiedName relation = place.table().aggregate()
                ? Objects.requireNonNull(storages.get(name), "storage of a continuous aggregate")
                : name;
        SliceWriting writing = new SliceWriting(
                place.table(),
                claimed.wholeTable() ? place.slice().ofWholeTable() : place.slice(),
                relation,
                step.settings(),
                tuples,
                run.attempt());
        return slices.claim(writing, run.attempt(), (ofTable, slice, rows, result) -> {
            done.done(ofTable, slice, rows, result);
            run.events()
                    .send(new MigrationEvent.SliceCopied(
                            ofTable.table(), slice, rows, result.bytes(), result.elapsed()));
            log.debug("{}: {} rows, {} bytes in {}", result.task().name(), rows, result.bytes(), result.elapsed());
        });
    }

    private void onEvent(CopyEvent event, Progress progress) {
        if (event instanceof CopyEvent.Progress copied) {
            run.events().send(progress.event(copied.bytes()));
        } else if (event instanceof CopyEvent.Retrying retrying) {
            run.events().send(retries.add(retrying));
        } else if (event instanceof CopyEvent.Finished) {
            retries.gotOn();
        }
    }
}
