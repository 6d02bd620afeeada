package io.hyperferry.internal.run;

import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationException;
import io.hyperferry.PreflightException;
import io.hyperferry.copy.CopyEngine;
import io.hyperferry.internal.jdbc.Cancellation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins a run anew, with new connections, after a failure that may pass: it goes on from the ledger like a run that is started again. It does so
 * as often as copying is tried again; a step or a slice that was done for the first time lets it count from the start. What is not of that
 * kind ends the run, and so does copying that has tried again by itself as often as it may.
 */
final class Restarts {
    private static final Logger log = LoggerFactory.getLogger(Restarts.class);

    /** PostgreSQL's state of a lock that is not to be had. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Retries retries;
    private final Events events;
    private final Cancellation cancellation;
    private final RetryLog retryLog;
    private final Random jitter = new Random();

    private boolean connected;
    private int inARow;
    private int achieved;

    Restarts(Retries retries, Events events, Cancellation cancellation, RetryLog retryLog) {
        this.retries = retries;
        this.events = events;
        this.cancellation = cancellation;
        this.retryLog = retryLog;
    }

    /** Runs something until it succeeds, or fails for good. */
    <T> T run(Supplier<T> attempt) {
        while (true) {
            try {
                return attempt.get();
            } catch (MigrationException e) {
                awaitTurn(e);
            }
        }
    }

    /** Hears that both sides can be connected to: when they cannot later, that may pass, and is no wrong address. */
    void connected() {
        connected = true;
    }

    /** Whether the run is begun anew after this failure. */
    boolean follows(Exception failure) {
        return reason(failure).isPresent() && inARow() < retries.most();
    }

    private void awaitTurn(MigrationException failure) {
        String reason = reason(failure).orElseThrow(() -> failure);
        inARow = inARow();
        achieved = events.watch().achieved();
        if (inARow >= retries.most()) {
            throw inARow == 0 ? failure : givingUp(failure);
        }
        inARow++;
        Duration pause = retries.pause(inARow, jitter);
        @Nullable String step = events.watch().step();
        String what = describe(failure);
        log.warn("{}; the run begins anew in {} ms, restart {} of {}", what, pause.toMillis(), inARow, retries.most());
        retryLog.addRestart(step, reason);
        events.send(new MigrationEvent.Restarting(step, reason, what, inARow, pause));
        cancellation.pause(pause);
    }

    /** How often it was begun anew since anything was done. */
    private int inARow() {
        return events.watch().achieved() > achieved ? 0 : inARow;
    }

    private MigrationException givingUp(MigrationException failure) {
        return new MigrationException(
                MigrationException.Code.STEP_FAILED,
                describe(failure) + ". The run was begun anew " + inARow
                        + " times in a row without getting on. What was done before is kept: run it again to go on from"
                        + " there.",
                failure);
    }

    private static String describe(MigrationException failure) {
        return failure.getCause() == null
                ? String.valueOf(failure.getMessage())
                : StepFailure.describe(failure.getCause());
    }

    /** The SQLState of a failure after which the run may begin anew, or what there is in its place; empty for all others. */
    private Optional<String> reason(Exception failure) {
        if (cancellation.isCancelled()) {
            return Optional.empty();
        }
        if (!(failure instanceof MigrationException e)) {
            return CopyEngine.passing(failure);
        }
        return switch (e.code()) {
            case STEP_FAILED -> ofStep(e);
            case PREFLIGHT -> connected && e instanceof PreflightException ? ofConnecting(e) : Optional.empty();
            // Its own lock may outlive its connection for a while.
            case ALREADY_RUNNING -> connected && inARow > 0 ? Optional.of(LOCK_NOT_AVAILABLE) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<String> ofStep(MigrationException failure) {
        Throwable cause = failure.getCause();
        // A tool of PostgreSQL's says why it failed in words alone.
        return cause == null
                        || cause instanceof IOException
                        || (cause instanceof StepFailure step && step.triedEnough())
                ? Optional.empty()
                : CopyEngine.passing(cause);
    }

    /** Sides that cannot be connected to are what keeps a run from its work, and nothing else. */
    private static Optional<String> ofConnecting(MigrationException unreachable) {
        List<Optional<String>> reasons =
                Stream.of(unreachable.getSuppressed()).map(CopyEngine::passing).toList();
        return reasons.stream().allMatch(Optional::isPresent)
                ? reasons.stream().findFirst().orElse(Optional.empty())
                : Optional.empty();
    }
}
