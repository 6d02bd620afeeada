package io.hyperferry.internal.run;

import io.hyperferry.CatchUpReport;
import io.hyperferry.Consistency;
import io.hyperferry.MigrationException;
import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationStatus;
import io.hyperferry.PgTools;
import io.hyperferry.PlanChangedException;
import io.hyperferry.PlanOptions;
import io.hyperferry.PreflightException;
import io.hyperferry.Problem;
import io.hyperferry.RepairReport;
import io.hyperferry.Sample;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Cancellation.Registration;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.ledger.PausedJobs;
import io.hyperferry.internal.ledger.PausedJobs.Origin;
import io.hyperferry.internal.schema.SchemaEntry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The verbs of a migration: connects to both sides, plans, freezes, and has the runner execute. */
public final class Coordinator implements Verbs {
    private final Endpoint source;
    private final Endpoint target;
    private final Sides sides;
    private final TargetLedger ledger;
    private final PlanOptions options;
    private final Pace pace;
    private final Planning planning;
    private final SourceJobs sourceJobs;
    private final Events events;
    private final Cancellation cancellation;

    public Coordinator(
            Endpoint source,
            Endpoint target,
            PlanOptions options,
            @Nullable Duration jobPatience,
            Pace pace,
            PgTools tools,
            Events events,
            Cancellation cancellation) {
        this.source = source;
        this.target = target;
        this.sides = new Sides(source, target, cancellation);
        this.ledger = new TargetLedger(target, cancellation);
        this.options = options;
        this.pace = pace;
        this.sourceJobs = new SourceJobs(source, target, jobPatience, cancellation);
        this.planning = new Planning(source, options, pace.parallelism(), sourceJobs.arePaused(), tools, cancellation);
        this.events = events;
        this.cancellation = cancellation;
    }

    @Override
    public MigrationPlan plan() {
        try (LockWatch watch = watch()) {
            return sides.both(this::plan);
        }
    }

    private MigrationPlan plan(Connection from, Connection to) throws SQLException {
        try (Registration onSource = cancellation.onCancel(from);
                Registration onTarget = cancellation.onCancel(to)) {
            if (Ledger.exists(to)) {
                MigrationPlan frozen = Ledger.plan(to);
                refuseOtherPlan(frozen, from);
                return frozen;
            }
            return planning.plan(from, to, null).withProblems(sourceJobs.problems(from));
        }
    }

    private LockWatch watch() {
        return LockWatch.start(source, target, pace, events);
    }

    @Override
    public MigrationReport run() {
        Instant startedAt = Instant.now();
        try (LockWatch watch = watch();
                Leadership leadership = new Leadership(source.dataSource())) {
            Restarts restarts = new Restarts("run", pace.retries(), events, cancellation, leadership.retries());
            return restarts.run(() -> runOnce(leadership, restarts, startedAt));
        } catch (RuntimeException | Error e) {
            sourceJobs.restoreAfter(e);
            throw e;
        }
    }

    private MigrationReport runOnce(Leadership leadership, Restarts restarts, Instant startedAt) {
        return sides.both((from, to) -> {
            restarts.connected();
            leadership.endFormerSession(to);
            ledger.lock(to);
            try {
                return sourceJobs.restoringAfter(
                        () -> {
                            try (Registration registration = cancellation.onCancel(to)) {
                                return runLocked(from, to, leadership, startedAt);
                            }
                        },
                        restarts::follows);
            } finally {
                TargetLedger.unlock(to);
            }
        });
    }

    private MigrationReport runLocked(Connection from, Connection to, Leadership leadership, Instant startedAt)
            throws SQLException {
        boolean resumed = Ledger.exists(to);
        leadership.requireLedger(resumed);
        sourceJobs.begin(to);
        MigrationPlan plan;
        try (Registration registration = cancellation.onCancel(from)) {
            plan = resumed ? frozen(from, to) : freeze(from, to, leadership);
        }
        from.close();
        return leadership.execute(
                new LiveSource(source), target, to, plan, resumed, pace, events, cancellation, startedAt);
    }

    /** The plan of a run that is gone on with. */
    private MigrationPlan frozen(Connection from, Connection to) throws SQLException {
        MigrationPlan plan = Ledger.plan(to);
        refuseOtherPlan(plan, from);
        pauseSourceJobs(from, to, false);
        return plan;
    }

    /** A plan that was not there before. */
    private MigrationPlan freeze(Connection from, Connection to, Leadership leadership) throws SQLException {
        pauseSourceJobs(from, to, true);
        SourceSnapshot snapshot = leadership.export();
        MigrationPlan plan = under(snapshot, () -> planning.plan(from, to, snapshot.id()));
        events.watch().considered(plan);
        if (plan.isBlocked()) {
            throw new PreflightException(plan.problems());
        }
        // Plan and schema are of one moment, and are frozen together: neither is ever read anew.
        List<SchemaEntry> schema = under(snapshot, () -> Planning.entries(plan, planning.schema(from, snapshot.id())));
        Jdbc.transact(to, () -> {
            Ledger.create(to, plan);
            Ledger.saveSchema(to, schema);
        });
        if (options.consistency() == Consistency.EACH_SLICE) {
            leadership.snapshots().close();
        }
        return plan;
    }

    /** Something that needs the source's tools and a snapshot. */
    private interface Dumping<T> {
        T get() throws SQLException;
    }

    /** Does something under a snapshot. When the source's sessions were lost, that is why it failed, whatever the tools made of it. */
    private static <T> T under(SourceSnapshot snapshot, Dumping<T> action) throws SQLException {
        try {
            return action.get();
        } catch (MigrationException e) {
            try {
                snapshot.requireAlive();
            } catch (SQLException lost) {
                lost.addSuppressed(e);
                throw lost;
            }
            throw e;
        }
    }

    /** Pauses the source's jobs, if they are to be: not before it is known that nothing keeps the run from its work. */
    private void pauseSourceJobs(Connection from, Connection to, boolean first) throws SQLException {
        if (sourceJobs.arePaused()) {
            List<Problem> problems = new ArrayList<>(sourceJobs.problems(from));
            if (first) {
                problems.addAll(0, planning.plan(from, to, null).problems());
            }
            if (problems.stream().anyMatch(Problem::blocks)) {
                throw new PreflightException(problems);
            }
            sourceJobs.pause(from, to);
        }
    }

    @Override
    public MigrationReport verify(@Nullable Sample sample) {
        VerbContext context = context();
        Proof proof = new Proof(context, options);
        return restarting("verification", context, (from, to) -> proof.verify(from, to, sample));
    }

    /** Compares source and target, and copies what differs again. */
    public RepairReport repair() {
        VerbContext context = context();
        Proof proof = new Proof(context, options);
        return restarting("repair", context, leading(proof::repair));
    }

    /**
     * Copies changes made on the source since the run to the target.
     *
     * @param passes at most so many passes
     */
    public CatchUpReport catchUp(int passes) {
        VerbContext context = context();
        CatchUp catchUp = new CatchUp(context, planning);
        return restarting("catch-up", context, leading((from, to) -> {
            TargetLedger.requireLedger(to);
            return catchUp.run(from, to, passes);
        }));
    }

    private VerbContext context() {
        return new VerbContext(source, target, pace, events, cancellation, new RetryLog());
    }

    /** Connects to source and target and acts there, again with new connections after a transient failure. */
    private <T> T restarting(String verb, VerbContext context, Sides.BothSides<T> action) {
        Restarts restarts = new Restarts(verb, pace.retries(), events, cancellation, context.retryLog());
        try (LockWatch watch = watch()) {
            return restarts.run(() -> sides.both((from, to) -> {
                restarts.connected();
                try (Registration onSource = cancellation.onCancel(from);
                        Registration onTarget = cancellation.onCancel(to)) {
                    return action.act(from, to);
                }
            }));
        }
    }

    /** Acts with the lock of the process that leads. */
    private <T> Sides.BothSides<T> leading(Sides.BothSides<T> action) {
        LeadingSession session = new LeadingSession();
        return (from, to) -> {
            session.replaceBy(to);
            ledger.lock(to);
            try {
                return action.act(from, to);
            } finally {
                TargetLedger.unlock(to);
            }
        };
    }

    @Override
    public MigrationStatus status() {
        return ledger.status();
    }

    @Override
    public void cleanUp() {
        ledger.cleanUp(to -> {
            if (PausedJobs.exist(to)) {
                sourceJobs.restore();
                SourceJobs.refuseOthers(to);
            } else {
                TargetLedger.requireLedger(to);
            }
            return true;
        });
    }

    /** A run goes on with the options and the source that it was started with, or not at all. */
    private void refuseOtherPlan(MigrationPlan frozen, Connection from) {
        List<String> differences = differences(frozen.options(), options);
        ServerInfo now = Planning.reader().read(from).server();
        differences.addAll(otherSource(frozen, new Origin(now.systemIdentifier(), now.database())));
        if (!differences.isEmpty()) {
            throw new PlanChangedException(differences);
        }
    }

    /** How options differ from those that a run was started with. */
    static List<String> differences(PlanOptions then, PlanOptions now) {
        List<String> differences = new ArrayList<>();
        compare("splitBy", then.splitBy(), now.splitBy(), differences);
        compare("integerTimeUnit", then.integerTimeUnit(), now.integerTimeUnit(), differences);
        compare("include", then.include(), now.include(), differences);
        compare("exclude", then.exclude(), now.exclude(), differences);
        compare("keepOwners", then.keepOwners(), now.keepOwners(), differences);
        compare("aggregates", then.aggregates(), now.aggregates(), differences);
        compare("roles", then.roles(), now.roles(), differences);
        compare("compressed", then.compressed(), now.compressed(), differences);
        compare("maxUncompressed", then.maxUncompressed(), now.maxUncompressed(), differences);
        compare("verification", then.verification(), now.verification(), differences);
        compare("between", then.between(), now.between(), differences);
        compare("consistency", then.consistency(), now.consistency(), differences);
        compare("export", then.export(), now.export(), differences);
        return differences;
    }

    /** How a source differs from the one that the plan was made for, if it is another. */
    static List<String> otherSource(MigrationPlan frozen, Origin now) {
        List<String> differences = new ArrayList<>();
        compare("source database", frozen.source().database(), now.database(), differences);
        compare("source server", frozen.source().systemIdentifier(), now.server(), differences);
        return differences;
    }

    private static void compare(String name, @Nullable Object then, @Nullable Object now, List<String> differences) {
        if (!Objects.equals(then, now)) {
            differences.add(name + " was " + then + " when the run was started, and is " + now + " now");
        }
    }
}
