package io.hyperferry.internal.run;

import io.hyperferry.CatchUpReport;
import io.hyperferry.Consistency;
import io.hyperferry.MigrationEvent;
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
import io.hyperferry.internal.jdbc.Sessions;
import io.hyperferry.internal.ledger.Attempts;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verbs of a migration: connects to both sides, plans, freezes, and has the runner execute. */
public final class Coordinator {
    private static final Logger log = LoggerFactory.getLogger(Coordinator.class);

    /** How long a run waits for one that was just killed: its connections live on until the server notices. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOCK_POLL = Duration.ofMillis(100);

    private final Endpoint source;
    private final Endpoint target;
    private final Sides sides;
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
        this.options = options;
        this.pace = pace;
        this.sourceJobs = new SourceJobs(source, target, jobPatience, cancellation);
        this.planning = new Planning(source, options, pace.parallelism(), sourceJobs.arePaused(), tools, cancellation);
        this.events = events;
        this.cancellation = cancellation;
    }

    /** A plan: the frozen one when the target has a run, else a new one. Changes nothing. */
    public MigrationPlan plan() {
        return sides.both((from, to) -> {
            try (Registration onSource = cancellation.onCancel(from);
                    Registration onTarget = cancellation.onCancel(to)) {
                Poolers.refuse(source, from, target, to, cancellation);
                if (Ledger.exists(to)) {
                    MigrationPlan frozen = Ledger.plan(to);
                    refuseOtherPlan(frozen, from);
                    return frozen;
                }
                return planning.plan(from, to, null).withProblems(sourceJobs.problems(from));
            }
        });
    }

    /** Plans, or takes the frozen plan, executes it and verifies; with new connections as often as those are lost, within bounds. */
    public MigrationReport run() {
        Instant startedAt = Instant.now();
        try (Leadership leadership = new Leadership(source.dataSource())) {
            Restarts restarts = new Restarts(pace.retries(), events, cancellation, leadership.retries());
            return restarts.run(() -> runOnce(leadership, restarts, startedAt));
        } catch (RuntimeException | Error e) {
            sourceJobs.restoreAfter(e);
            throw e;
        }
    }

    private MigrationReport runOnce(Leadership leadership, Restarts restarts, Instant startedAt) {
        return sides.both((from, to) -> {
            try (Registration onSource = cancellation.onCancel(from);
                    Registration onTarget = cancellation.onCancel(to)) {
                Poolers.refuse(source, from, target, to, cancellation);
            }
            restarts.connected();
            leadership.endFormerSession(to);
            lock(to);
            // It waits while others copy, build and compare.
            try (Sessions.Unlimited waiting = Sessions.unlimited(to)) {
                return sourceJobs.restoringAfter(
                        () -> {
                            try (Registration registration = cancellation.onCancel(to)) {
                                return runLocked(from, to, leadership, startedAt);
                            }
                        },
                        restarts::follows);
            } finally {
                unlock(to);
            }
        });
    }

    private MigrationReport runLocked(Connection from, Connection to, Leadership leadership, Instant startedAt)
            throws SQLException {
        boolean resumed = Ledger.exists(to);
        leadership.requireLedger(resumed);
        sourceJobs.begin(to);
        MigrationPlan plan;
        // It waits while the schema is dumped.
        try (Registration registration = cancellation.onCancel(from);
                Sessions.Unlimited waiting = Sessions.unlimited(from)) {
            plan = resumed ? frozen(from, to) : freeze(from, to, leadership);
        }
        from.close();
        log.info(
                "{} {} to {}: {} slices, {} workers, {}",
                resumed ? "resuming" : "migrating",
                plan.source(),
                plan.target(),
                plan.slices().count(),
                pace.parallelism(),
                plan.options());
        if (leadership.begin(to, pace.parallelism())) {
            events.send(new MigrationEvent.Planned(plan, resumed));
        }
        RunContext run = new RunContext(
                source,
                target,
                to,
                plan,
                leadership.attempt(),
                pace,
                events,
                cancellation,
                leadership.snapshots(),
                leadership.retries());
        try {
            return new Runner(run).run(startedAt);
        } finally {
            release(to, () -> Attempts.end(to, run.attempt()));
        }
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
        MigrationPlan plan = planning.plan(from, to, snapshot.id());
        if (plan.isBlocked()) {
            throw new PreflightException(plan.problems());
        }
        // Plan and schema are of one moment, and are frozen together: neither is ever read anew.
        List<SchemaEntry> schema = schema(plan, snapshot);
        Jdbc.transact(to, () -> {
            Ledger.create(to, plan);
            Ledger.saveSchema(to, schema);
        });
        if (options.consistency() == Consistency.EACH_SLICE) {
            leadership.snapshots().close();
        }
        return plan;
    }

    /** The schema that a plan was made for. When the source's sessions were lost, that is why, whatever the tools made of it. */
    private List<SchemaEntry> schema(MigrationPlan plan, SourceSnapshot snapshot) throws SQLException {
        try {
            return planning.schema(plan, snapshot.id());
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

    /** Compares both sides as they are now, by the same slices that a run would copy, or a sample of them. */
    public MigrationReport verify(@Nullable Sample sample) {
        return sides.both((from, to) -> {
            try (Registration onSource = cancellation.onCancel(from);
                    Registration onTarget = cancellation.onCancel(to)) {
                return proof().verify(from, to, sample);
            }
        });
    }

    /** Compares both sides, and copies anew what differs. */
    public RepairReport repair() {
        return sides.both((from, to) -> {
            lock(to);
            try (Registration onSource = cancellation.onCancel(from);
                    Registration onTarget = cancellation.onCancel(to)) {
                return proof().repair(from, to);
            } finally {
                unlock(to);
            }
        });
    }

    /**
     * Has the target follow what changed on the source since it was copied.
     *
     * @param passes as many passes, and no more
     */
    public CatchUpReport catchUp(int passes) {
        return sides.both((from, to) -> {
            lock(to);
            try (Registration onSource = cancellation.onCancel(from);
                    Registration onTarget = cancellation.onCancel(to)) {
                requireLedger(to);
                return new CatchUp(source, target, pace, cancellation).run(from, to, passes);
            } finally {
                unlock(to);
            }
        });
    }

    private Proof proof() {
        return new Proof(source, target, options, pace, cancellation);
    }

    /** How far the run in the target is. */
    public MigrationStatus status() {
        return sides.target(to -> {
            requireLedger(to);
            Ledger.Totals totals = Ledger.totals(to);
            return new MigrationStatus(
                    totals.createdAt(),
                    Ledger.isLocked(to),
                    Attempts.joined(to),
                    totals.verifiedAt(),
                    totals.attempts(),
                    totals.steps(),
                    totals.stepsDone(),
                    totals.step(),
                    totals.slices(),
                    totals.slicesDone(),
                    totals.rows(),
                    totals.bytes());
        });
    }

    /** Removes the ledger from the target, and schedules jobs of the source again that a run left paused. */
    public void cleanUp() {
        sides.<Boolean>target(to -> {
            lock(to);
            try {
                persist(
                        () -> Attempts.keepOut(to),
                        "processes that joined the run still copy into this database; wait for their end or stop them");
                try {
                    cleanUpAlone(to);
                } finally {
                    release(to, () -> Attempts.letIn(to));
                }
                return true;
            } finally {
                unlock(to);
            }
        });
    }

    private void cleanUpAlone(Connection to) throws SQLException {
        if (PausedJobs.exist(to)) {
            sourceJobs.restore();
            SourceJobs.refuseOthers(to);
        } else {
            requireLedger(to);
        }
        Jdbc.transact(to, () -> Ledger.drop(to));
    }

    private static void requireLedger(Connection to) throws SQLException {
        if (!Ledger.exists(to)) {
            throw new MigrationException(
                    MigrationException.Code.NO_LEDGER,
                    "the target has no ledger of a migration (no table hyperferry.run): nothing was started there, or it"
                            + " was cleaned up",
                    null);
        }
    }

    /** A run goes on with the options and the source that it was started with, or not at all. */
    private void refuseOtherPlan(MigrationPlan frozen, Connection from) {
        List<String> differences = new ArrayList<>();
        PlanOptions then = frozen.options();
        compare("splitBy", then.splitBy(), options.splitBy(), differences);
        compare("integerTimeUnit", then.integerTimeUnit(), options.integerTimeUnit(), differences);
        compare("include", then.include(), options.include(), differences);
        compare("exclude", then.exclude(), options.exclude(), differences);
        compare("keepOwners", then.keepOwners(), options.keepOwners(), differences);
        compare("aggregates", then.aggregates(), options.aggregates(), differences);
        compare("roles", then.roles(), options.roles(), differences);
        compare("compressed", then.compressed(), options.compressed(), differences);
        compare("maxUncompressed", then.maxUncompressed(), options.maxUncompressed(), differences);
        compare("verification", then.verification(), options.verification(), differences);
        compare("between", then.between(), options.between(), differences);
        compare("consistency", then.consistency(), options.consistency(), differences);
        ServerInfo now = Planning.reader().read(from).server();
        differences.addAll(otherSource(frozen, new Origin(now.systemIdentifier(), now.database())));
        if (!differences.isEmpty()) {
            throw new PlanChangedException(differences);
        }
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

    private void lock(Connection to) throws SQLException {
        persist(
                () -> Ledger.tryLock(to),
                "another process is running a migration into this database; wait for its end or stop it");
    }

    /** Something that can fail because of other processes. */
    private interface Trial {
        /** Tries it. */
        boolean succeeds() throws SQLException;
    }

    /** Tries it for a while, and refuses when that does not help. */
    private void persist(Trial trial, String refusal) throws SQLException {
        Instant deadline = Instant.now().plus(LOCK_PATIENCE);
        while (!trial.succeeds()) {
            if (Instant.now().isAfter(deadline)) {
                throw new MigrationException(MigrationException.Code.ALREADY_RUNNING, refusal, null);
            }
            cancellation.pause(LOCK_POLL);
        }
    }

    private static void unlock(Connection to) {
        release(to, () -> Ledger.unlock(to));
    }

    /** Gives a lock back, if its connection is still there. */
    static void release(Connection to, Jdbc.Action unlocking) {
        try {
            if (!to.isClosed()) {
                unlocking.run();
            }
        } catch (SQLException e) {
            log.debug("the lock goes with its connection: {}", Jdbc.describe(e));
        }
    }
}
