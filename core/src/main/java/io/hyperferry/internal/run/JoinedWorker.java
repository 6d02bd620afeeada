package io.hyperferry.internal.run;

import io.hyperferry.Consistency;
import io.hyperferry.MigrationException;
import io.hyperferry.MigrationPlan;
import io.hyperferry.PlanChangedException;
import io.hyperferry.WorkSummary;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Cancellation.Registration;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.ledger.Attempts;
import io.hyperferry.internal.ledger.Attempts.Attempt;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.ledger.PausedJobs.Origin;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins a run that another process leads: claims slices, and chunks to compress, as the leader's own workers do, until none is open. It reads
 * under the leader's snapshot, and claims nothing when the leader is gone: then it waits for the next one.
 */
public final class JoinedWorker {
    private static final Logger log = LoggerFactory.getLogger(JoinedWorker.class);

    private static final Duration POLL = Duration.ofMillis(500);

    private final Endpoint source;
    private final Endpoint target;
    private final Sides sides;
    private final Duration patience;
    private final Pace pace;
    private final Events events;
    private final Cancellation cancellation;

    private final long started = System.nanoTime();
    private final LongAdder slices = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /** @param patience how long to wait while no process leads a run */
    public JoinedWorker(
            Endpoint source, Endpoint target, Duration patience, Pace pace, Events events, Cancellation cancellation) {
        this.source = source;
        this.target = target;
        this.sides = new Sides(source, target, cancellation);
        this.patience = patience;
        this.pace = pace;
        this.events = events;
        this.cancellation = cancellation;
    }

    /** Waits for the run's copying, works with it, and says what came of it. */
    public WorkSummary work() {
        try (LockWatch watch = LockWatch.start(source, target, pace, events)) {
            return sides.both((from, to) -> {
                Origin origin = SourceJobs.origin(from);
                from.close();
                try (Registration registration = cancellation.onCancel(to)) {
                    workWith(to, origin);
                    return new WorkSummary(
                            slices.sum(), rows.sum(), bytes.sum(), Duration.ofNanos(System.nanoTime() - started));
                }
            });
        }
    }

    private void workWith(Connection to, Origin origin) throws SQLException {
        long lastLed = System.nanoTime();
        @Nullable Attempt before = null;
        boolean over = false;
        while (!over) {
            cancellation.check();
            @Nullable Attempt newest = Attempts.newest(to).orElse(null);
            if (newest != null && before == null) {
                // At once, not only when there is something to copy.
                refuseOtherSource(Ledger.plan(to), origin);
            }
            if (!Objects.equals(newest, before)) {
                log.info("{}", describe(newest));
            }
            before = newest;
            over = newest != null
                    && (newest.copied() || (newest.slicesOpen() && newest.led() && join(to, newest, origin)));
            if (newest != null && newest.led()) {
                lastLed = System.nanoTime();
            }
            if (!over) {
                refuseToWaitLonger(lastLed);
                cancellation.pause(POLL);
            }
        }
    }

    private static String describe(@Nullable Attempt newest) {
        if (newest == null) {
            return "waiting for a run to begin";
        }
        if (newest.copied()) {
            return "all rows are there";
        }
        if (!newest.led()) {
            return "waiting for a process to lead the run";
        }
        return newest.slicesOpen() ? "joining the run" : "waiting for the run to come to its rows";
    }

    private void refuseToWaitLonger(long lastLed) {
        if (System.nanoTime() - lastLed > patience.toNanos()) {
            throw new MigrationException(
                    MigrationException.Code.NO_RUN,
                    "no run is under way: for " + patience + ", no process has led a migration into this database"
                            + (slices.sum() == 0 ? "" : "; the " + slices.sum() + " slices copied here are kept")
                            + ". Start it, or go on with it (run, hyperferry migrate), then let workers join again.",
                    null);
        }
    }

    private static void refuseOtherSource(MigrationPlan plan, Origin origin) {
        List<String> differences = Coordinator.otherSource(plan, origin);
        if (!differences.isEmpty()) {
            throw new PlanChangedException(differences);
        }
    }

    /** Works until nothing is left, and says so; or until the leader is gone. */
    private boolean join(Connection to, Attempt attempt, Origin origin) throws SQLException {
        if (!Attempts.join(to)) {
            return false;
        }
        try {
            MigrationPlan plan = Ledger.plan(to);
            refuseOtherSource(plan, origin);
            @Nullable SourceSnapshot snapshot = null;
            if (plan.options().consistency() == Consistency.SNAPSHOT) {
                Optional<SourceSnapshot> shared = SourceSnapshot.share(
                        source.dataSource(), Objects.requireNonNull(attempt.snapshot(), "the leader's snapshot"));
                if (shared.isEmpty()) {
                    return false;
                }
                snapshot = shared.get();
            }
            try (Snapshots snapshots = Snapshots.sharing(snapshot, attempt.snapshots())) {
                RunContext run = new RunContext(
                        new LiveSource(source),
                        target,
                        to,
                        plan,
                        attempt.number(),
                        pace,
                        events,
                        cancellation,
                        snapshots,
                        new RetryLog());
                // Nobody else can lead this attempt: if it is led now, the snapshot is its own.
                return Attempts.newest(to).equals(Optional.of(attempt)) && copy(run);
            }
        } finally {
            TargetLedger.release(to, () -> Attempts.leave(to));
        }
    }

    private boolean copy(RunContext run) throws SQLException {
        try {
            return new CopyHandler(run, run.plan().copyData().orElseThrow()).join((table, slice, count, result) -> {
                slices.increment();
                rows.add(count);
                bytes.add(result.bytes());
            });
        } catch (StepFailure e) {
            @Nullable Snapshots snapshots = run.snapshots();
            if (snapshots != null && snapshots.areLost()) {
                log.warn("the session with the leader's snapshot was lost: joining the run again");
                return false;
            }
            throw new MigrationException(
                    MigrationException.Code.STEP_FAILED,
                    "copying failed: " + e.getMessage()
                            + ". The slices that were committed are kept, the others are open to every worker.",
                    e);
        }
    }
}
