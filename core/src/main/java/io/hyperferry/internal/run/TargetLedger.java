package io.hyperferry.internal.run;

import io.hyperferry.MigrationException;
import io.hyperferry.MigrationStatus;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Attempts;
import io.hyperferry.internal.ledger.Ledger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with the ledger of a target, wherever its rows come from: one process at a time leads, looks and cleans up. */
final class TargetLedger {
    private static final Logger log = LoggerFactory.getLogger(TargetLedger.class);

    /** How long a run waits for one that was just killed: its connections live on until the server notices. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOCK_POLL = Duration.ofMillis(100);

    private final Endpoint target;
    private final Cancellation cancellation;

    TargetLedger(Endpoint target, Cancellation cancellation) {
        this.target = target;
        this.cancellation = cancellation;
    }

    /** How far the run in the target is. */
    MigrationStatus status() {
        return Sides.onTarget(target, cancellation, to -> {
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

    /**
     * Removes the ledger.
     *
     * @param before what is done before that, alone in the target
     */
    void cleanUp(Sides.OneSide<?> before) {
        Sides.<Boolean>onTarget(target, cancellation, to -> {
            lock(to);
            try {
                persist(
                        () -> Attempts.keepOut(to),
                        "processes that joined the run still copy into this database; wait for their end or stop them");
                try {
                    before.act(to);
                    Jdbc.transact(to, () -> Ledger.drop(to));
                } finally {
                    release(to, () -> Attempts.letIn(to));
                }
                return true;
            } finally {
                unlock(to);
            }
        });
    }

    /** @throws MigrationException when there is none */
    static void requireLedger(Connection to) throws SQLException {
        if (!Ledger.exists(to)) {
            throw new MigrationException(
                    MigrationException.Code.NO_LEDGER,
                    "the target has no ledger of a migration (no table hyperferry.run): nothing was started there, or it"
                            + " was cleaned up",
                    null);
        }
    }

    /** Takes the lock of the process that leads. */
    void lock(Connection to) throws SQLException {
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

    /** Gives that lock back. */
    static void unlock(Connection to) {
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
