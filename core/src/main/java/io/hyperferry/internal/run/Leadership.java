package io.hyperferry.internal.run;

import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationException;
import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationReport;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Attempts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process that leads a run keeps while its connections come and go: the number of its attempt, the source's snapshots, and what it tried
 * again. So a run that loses a connection to the target still reads under the snapshot that it had.
 */
final class Leadership implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Leadership.class);

    private final @Nullable DataSource source;
    private final RetryLog retries = new RetryLog();
    private int attempt;
    private Snapshots snapshots;
    private final LeadingSession session = new LeadingSession();

    /** @param source what is read under snapshots, or null when an export is read */
    Leadership(@Nullable DataSource source) {
        this.source = source;
        this.snapshots = Snapshots.leading(source, null);
    }

    /** What was tried again and is not in the ledger yet. */
    RetryLog retries() {
        return retries;
    }

    /** Ends the session that led before this one, if the server still has it. */
    void endFormerSession(Connection to) throws SQLException {
        session.replaceBy(to);
    }

    /**
     * Makes sure that the ledger is still there, if this process had led already.
     *
     * @throws MigrationException when somebody has removed it meanwhile
     */
    void requireLedger(boolean exists) {
        if (attempt > 0 && !exists) {
            throw new MigrationException(
                    MigrationException.Code.STEP_FAILED,
                    "the target's ledger was removed while this run had lost its connections (clean-up?); it ends here",
                    null);
        }
    }

    /** A snapshot to make a plan under, and to read under when that is frozen. */
    SourceSnapshot export() throws SQLException {
        snapshots.close();
        SourceSnapshot snapshot = SourceSnapshot.export(Objects.requireNonNull(source, "source"));
        snapshots = Snapshots.leading(source, snapshot);
        return snapshot;
    }

    /**
     * Leads from now on, in this session of the target, and executes a frozen plan.
     *
     * @param resumed whether the plan was frozen by an earlier run
     */
    MigrationReport execute(
            RunSource from,
            Endpoint target,
            Connection to,
            MigrationPlan plan,
            boolean resumed,
            Pace pace,
            Events events,
            Cancellation cancellation,
            Instant startedAt)
            throws SQLException {
        log.info(
                "{} {} to {}: {} slices, {} workers, {}",
                resumed ? "resuming" : "migrating",
                plan.source(),
                plan.target(),
                plan.slices().count(),
                pace.parallelism(),
                plan.options());
        boolean first = begin(to, pace.parallelism());
        events.watch().attempt(attempt);
        if (first) {
            events.send(new MigrationEvent.Planned(plan, resumed));
        }
        RunContext run = new RunContext(
                from,
                target,
                to,
                plan,
                attempt,
                pace,
                events,
                cancellation,
                source == null ? null : snapshots,
                retries);
        try {
            return new Runner(run).run(startedAt);
        } finally {
            TargetLedger.release(to, () -> Attempts.end(to, run.attempt()));
        }
    }

    /** Begins an attempt, or goes on with it; tells whether this process leads for the first time. */
    private boolean begin(Connection to, int parallelism) throws SQLException {
        boolean first = attempt == 0;
        if (first || !Attempts.goOn(to, attempt)) {
            attempt = Attempts.begin(to, parallelism);
        }
        Jdbc.transact(to, () -> retries.note(to, attempt));
        retries.forget();
        return first;
    }

    /** The snapshots to read under. */
    Snapshots snapshots() {
        return snapshots;
    }

    @Override
    public void close() {
        snapshots.close();
    }
}
