package io.hyperferry.internal.run;

import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationException;
import io.hyperferry.PreflightException;
import io.hyperferry.copy.CopyEngine;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.UnansweredException;
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
 * Restarts a run or another verb, with new connections, after a transient failure. A run and a catch-up resume from the ledger, a repair and a
 * verification compare again. It does so as often as copying is retried; a step or a slice that was done for the first time resets the count. Other
 * failures end the verb, and so does a part of it that has retried by itself as often as it may.
 */
final class Restarts {
    private static final Logger log = LoggerFactory.getLogger(Restarts.class);

    /** PostgreSQL's state of a lock that is not to be had. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final String verb;
    private final Retries retries;
    private final Events events;
    private final Cancellation cancellation;
    private final RetryLog retryLog;
    private final Random jitter = new Random();

    private boolean connected;
    private int inARow;
    private int achieved;

    /** @param verb what is restarted, human-readable: "run" */
    Restarts(String verb, Retries retries, Events events, Cancellation cancellation, RetryLog retryLog) {
        this.verb = verb;
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
        log.warn(
                "{}; the {} is restarted in {} ms, restart {} of {}",
                what,
                verb,
                pause.toMillis(),
                inARow,
                retries.most());
        retryLog.addRestart(step, reason);
        events.send(new MigrationEvent.Restarting(step, reason, what, inARow, pause));
        cancellation.pause(pause);
    }

    /** How often it was begun anew since anything was done. */
    private int inARow() {
        return events.watch().achieved() > achieved ? 0 : inARow;
    }

    private MigrationException givingUp(MigrationException failure) {
        String message = String.valueOf(failure.getMessage());
        return new MigrationException(
                MigrationException.Code.STEP_FAILED,
                message + (message.endsWith(".") ? "" : ".") + " The " + verb + " was restarted " + inARow
                        + " times in a row without progress."
                        + (failure instanceof PreflightException
                                ? " Run it again when source and target can be connected to."
                                : ""),
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
                        || triedEnough(cause)
                ? Optional.empty()
                : CopyEngine.passing(cause);
    }

    /** Whether a question was asked as often as that is allowed. */
    private static boolean triedEnough(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnansweredException) {
                return true;
            }
        }
        return false;
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
