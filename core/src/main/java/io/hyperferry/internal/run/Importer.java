package io.hyperferry.internal.run;

import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationStatus;
import io.hyperferry.PlanChangedException;
import io.hyperferry.PlanOptions;
import io.hyperferry.PreflightException;
import io.hyperferry.Problem;
import io.hyperferry.Sample;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.internal.export.ExportReader;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Cancellation.Registration;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.ParallelQueries;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.plan.ExportPlanner;
import io.hyperferry.internal.schema.SchemaEntry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Moves an export into a target: like a migration, from the plan to the proof, but that nothing is asked of the source. */
public final class Importer implements Verbs {
    private final Path directory;
    private final Endpoint target;
    private final TargetLedger ledger;
    private final PlanOptions options;
    private final Pace pace;
    private final Events events;
    private final Cancellation cancellation;

    public Importer(
            Path directory, Endpoint target, PlanOptions options, Pace pace, Events events, Cancellation cancellation) {
        this.directory = directory;
        this.target = target;
        this.ledger = new TargetLedger(target, cancellation);
        this.options = options;
        this.pace = pace;
        this.events = events;
        this.cancellation = cancellation;
    }

    @Override
    public MigrationPlan plan() {
        ExportReader export = ExportReader.open(directory, cancellation::check);
        try (LockWatch watch = LockWatch.start(null, target, pace, events)) {
            return Sides.onTarget(target, cancellation, to -> {
                try (Registration registration = cancellation.onCancel(to)) {
                    return Ledger.exists(to) ? frozen(export, to) : fresh(export, to);
                }
            });
        }
    }

    @Override
    public MigrationReport run() {
        Instant startedAt = Instant.now();
        ExportReader export = ExportReader.open(directory, cancellation::check);
        try (LockWatch watch = LockWatch.start(null, target, pace, events);
                Leadership leadership = new Leadership(null)) {
            Restarts restarts = new Restarts("run", pace.retries(), events, cancellation, leadership.retries());
            return restarts.run(() ->
                    Sides.onTarget(target, cancellation, to -> runOnce(export, to, leadership, restarts, startedAt)));
        }
    }

    private MigrationReport runOnce(
            ExportReader export, Connection to, Leadership leadership, Restarts restarts, Instant startedAt)
            throws SQLException {
        restarts.connected();
        leadership.endFormerSession(to);
        ledger.lock(to);
        try (Registration registration = cancellation.onCancel(to)) {
            boolean resumed = Ledger.exists(to);
            leadership.requireLedger(resumed);
            MigrationPlan plan = resumed ? frozen(export, to) : freeze(export, to);
            return leadership.execute(
                    new ExportedSource(export), target, to, plan, resumed, pace, events, cancellation, startedAt);
        } finally {
            TargetLedger.unlock(to);
        }
    }

    private MigrationPlan frozen(ExportReader export, Connection to) throws SQLException {
        MigrationPlan plan = Ledger.plan(to);
        List<String> differences = Coordinator.differences(plan.options(), optionsFor(export));
        if (!differences.isEmpty()) {
            throw new PlanChangedException(differences);
        }
        return plan;
    }

    private MigrationPlan fresh(ExportReader export, Connection to) throws SQLException {
        DatabaseCatalog catalog = Planning.reader().read(to);
        MigrationPlan plan = ExportPlanner.importing(export.plan(), export.catalog(), catalog, optionsFor(export));
        List<Problem> problems =
                new ArrayList<>(SessionProblems.readOnly(to).stream().toList());
        Planning.addConnections(
                "target",
                catalog.server(),
                MigrationPlan.connectionsRequired(pace.parallelism()).target(),
                problems);
        return (plan.isBlocked() || problems.stream().anyMatch(Problem::blocks)
                        ? plan
                        : Planning.tried(plan, export.schema(), export.catalog(), to, catalog.server(), cancellation))
                .withProblems(problems);
    }

    private MigrationPlan freeze(ExportReader export, Connection to) throws SQLException {
        MigrationPlan plan = fresh(export, to);
        events.watch().considered(plan);
        if (plan.isBlocked()) {
            throw new PreflightException(plan.problems());
        }
        List<SchemaEntry> schema = Planning.entries(plan, export.schema());
        Jdbc.transact(to, () -> {
            Ledger.create(to, plan);
            Ledger.saveSchema(to, schema);
        });
        return plan;
    }

    private PlanOptions optionsFor(ExportReader export) {
        return export.plan().options().ofTarget(options);
    }

    @Override
    public MigrationReport verify(@Nullable Sample sample) {
        ExportReader export = ExportReader.open(directory, cancellation::check);
        RetryLog retryLog = new RetryLog();
        ParallelQueries queries =
                new Questions(pace, events, cancellation, retryLog).toTarget(target, "hyperferry-verify");
        Restarts restarts = new Restarts("verification", pace.retries(), events, cancellation, retryLog);
        try (LockWatch watch = LockWatch.start(null, target, pace, events)) {
            return restarts.run(() -> Sides.onTarget(target, cancellation, to -> {
                restarts.connected();
                try (Registration registration = cancellation.onCancel(to)) {
                    DatabaseCatalog catalog = Planning.reader().read(to);
                    MigrationPlan plan =
                            ExportPlanner.importing(export.plan(), export.catalog(), catalog, optionsFor(export));
                    return Proof.ofExport(export, catalog, plan, queries, sample, to);
                }
            }));
        }
    }

    @Override
    public MigrationStatus status() {
        return ledger.status();
    }

    @Override
    public void cleanUp() {
        ledger.cleanUp(to -> {
            TargetLedger.requireLedger(to);
            return true;
        });
    }
}
