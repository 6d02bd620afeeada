package io.hyperferry.internal.run;

import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CatalogReader;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.SnapshotGuard;
import io.hyperferry.copy.CopyCancelledException;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyEngine;
import io.hyperferry.copy.CopyEvent;
import io.hyperferry.copy.CopyException;
import io.hyperferry.copy.CopyRun;
import io.hyperferry.copy.CopySink;
import io.hyperferry.copy.CopySource;
import io.hyperferry.internal.jdbc.Cancellation.Registration;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.run.Handlers.Handler;
import io.hyperferry.internal.run.Handlers.Mark;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
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

    CopyHandler(RunContext run, Step.CopyData step) {
        this.run = run;
        this.step = step;
    }

    private record Place(TableData table, Slice slice) {}

    @Override
    public void handle(Mark mark) throws SQLException {
        Map<Integer, Place> places = new HashMap<>();
        for (TableData table : step.tables()) {
            table.slices().forEach(slice -> places.put(slice.position(), new Place(table, slice)));
        }
        Set<Integer> done = Ledger.slicesDone(run.leading()).keySet();
        List<Slice> all = places.values().stream().map(Place::slice).toList();
        Progress progress = new Progress(
                all, all.stream().filter(it -> done.contains(it.position())).toList());
        if (done.size() < all.size()) {
            copy(places, progress);
        }
        run.releaseSnapshot();
        Jdbc.transact(run.leading(), mark::done);
    }

    private void copy(Map<Integer, Place> places, Progress progress) throws SQLException {
        @Nullable String snapshot = run.snapshot();
        SnapshotGuard guard = guard();
        Map<QualifiedName, QualifiedName> storages = CatalogReader.aggregateStorages(run.leading());
        SliceQueue queue = new SliceQueue(position -> claim(position, places, progress, snapshot, guard, storages));
        CopyEngine engine = CopyEngine.from(CopySource.database(run.source().dataSource()))
                .to(CopySink.database(run.target().dataSource()))
                .parallelism(run.parallelism())
                .threadNamePrefix("hyperferry-" + run.attempt() + "-copy")
                .listener(event -> onEvent(event, progress));
        CopyRun copying = engine.start(queue);
        try (Registration registration = run.cancellation().onCancel(copying::cancel)) {
            copying.await();
        } catch (CopyCancelledException e) {
            run.cancellation().cancel();
            run.cancellation().check();
        } catch (CopyException e) {
            throw new StepFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private SnapshotGuard guard() throws SQLException {
        try (Connection source = run.source().connect()) {
            return SnapshotGuard.of(source);
        }
    }

    private CopyClaim claim(
            int position,
            Map<Integer, Place> places,
            Progress progress,
            @Nullable String snapshot,
            SnapshotGuard guard,
            Map<QualifiedName, QualifiedName> storages) {
        Place place = places.get(position);
        if (place == null) {
            throw new IllegalStateException("the ledger has a slice " + position + " that the plan does not have");
        }
        QualifiedName name = place.table().table();
        QualifiedName relation = place.table().aggregate()
                ? Objects.requireNonNull(storages.get(name), "storage of a continuous aggregate")
                : name;
        return new SliceClaim(
                place.table(),
                place.slice(),
                relation,
                step.settings(),
                step.digest(),
                snapshot,
                guard,
                run.attempt(),
                (table, slice, result) -> {
                    progress.done(slice);
                    log.debug(
                            "{}: {} rows, {} bytes in {}",
                            result.task().name(),
                            result.rows(),
                            result.bytes(),
                            result.elapsed());
                });
    }

    private void onEvent(CopyEvent event, Progress progress) {
        if (event instanceof CopyEvent.Progress copied) {
            run.events().send(progress.event(copied));
        }
    }
}
