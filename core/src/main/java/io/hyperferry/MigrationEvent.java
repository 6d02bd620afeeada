package io.hyperferry;

import io.hyperferry.catalog.QualifiedName;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Something that happened in a run. */
public sealed interface MigrationEvent {
    /**
     * The plan is known, and about to be executed.
     *
     * @param plan the plan
     * @param resumed whether a run that was interrupted goes on
     */
    record Planned(MigrationPlan plan, boolean resumed) implements MigrationEvent {
        public Planned {
            Objects.requireNonNull(plan, "plan");
        }
    }

    /**
     * A step begins.
     *
     * @param number its number in the plan, from 1
     * @param step the step
     */
    record StepStarted(int number, Step step) implements MigrationEvent {
        public StepStarted {
            Objects.requireNonNull(step, "step");
        }
    }

    /**
     * A step is done.
     *
     * @param number its number in the plan, from 1
     * @param step the step
     * @param elapsed how long it took in this run
     * @param earlier whether an earlier run had done it already
     */
    record StepFinished(int number, Step step, Duration elapsed, boolean earlier) implements MigrationEvent {
        public StepFinished {
            Objects.requireNonNull(step, "step");
            Objects.requireNonNull(elapsed, "elapsed");
        }
    }

    /**
     * A slice is committed. There can be very many of these.
     *
     * @param table the table
     * @param slice the slice
     * @param rows its rows
     * @param bytes its bytes of COPY data
     * @param elapsed from the claim until the target had its rows
     */
    record SliceCopied(QualifiedName table, Slice slice, long rows, long bytes, Duration elapsed)
            implements MigrationEvent {
        public SliceCopied {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(slice, "slice");
            Objects.requireNonNull(elapsed, "elapsed");
        }
    }

    /** The run was paused: what is under way is finished, and nothing else begins. */
    record Paused() implements MigrationEvent {}

    /** The run goes on after a pause. */
    record Resumed() implements MigrationEvent {}

    /**
     * How far the copying is; about one a second while data moves, and one at its end.
     *
     * @param slicesDone slices that are committed, those of earlier runs included
     * @param slices slices of the plan
     * @param rows rows copied by this run
     * @param bytes bytes copied by this run, slices under way included
     * @param fraction how much of the data is committed, by the plan's estimates, from 0 to 1
     * @param elapsed since this run began to copy, without pauses
     * @param remainingOrNull how long it may still take, or null when nothing tells
     */
    record Progress(
            long slicesDone,
            long slices,
            long rows,
            long bytes,
            double fraction,
            Duration elapsed,
            @Nullable Duration remainingOrNull)
            implements MigrationEvent {
        public Progress {
            Objects.requireNonNull(elapsed, "elapsed");
        }

        /** How long it may still take, as far as the rate so far tells. */
        public Optional<Duration> remaining() {
            return Optional.ofNullable(remainingOrNull);
        }

        /** Bytes a second since this run began to copy. */
        public long bytesPerSecond() {
            long millis = Math.max(1, elapsed.toMillis());
            return Math.round(bytes * 1000.0 / millis);
        }
    }

    /**
     * Copying something failed for a reason that may pass, and is tried again after a pause.
     *
     * @param what what failed, for people: a slice, by its position in the plan, and its table
     * @param reason the SQLState, or what there is in its place
     * @param message what happened, without values of rows
     * @param retry which retry in a row it is for its worker, from 1
     * @param pause how long that waits
     */
    record Retrying(String what, String reason, String message, int retry, Duration pause) implements MigrationEvent {
        public Retrying {
            Objects.requireNonNull(what, "what");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(pause, "pause");
        }
    }

    /**
     * Something failed for a reason that may pass, the connection that leads the run for example, and after a pause the run goes on from its ledger
     * over new connections. Of the steps that are done, nothing is told again.
     *
     * @param stepOrNull what the step at hand does, or null between two steps and before the first
     * @param reason the SQLState, or what there is in its place
     * @param message what happened, without values of rows
     * @param restart which one it is since a step or a slice was done, from 1
     * @param pause how long the run waits before
     */
    record Restarting(@Nullable String stepOrNull, String reason, String message, int restart, Duration pause)
            implements MigrationEvent {
        public Restarting {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(pause, "pause");
        }

        /** What the step at hand does; empty between two steps. */
        public Optional<String> step() {
            return Optional.ofNullable(stepOrNull);
        }
    }

    /**
     * A statement waits for a lock that another session holds. Sent once for each wait that lasts longer than some seconds, and again each minute; also
     * while planning, verifying, repairing and catching up.
     *
     * @param side where it waits: {@code source} or {@code target}
     * @param waitedFor the table that is locked, or which kind of lock it is
     * @param blockingPid the server's process id of the session that holds the lock; 0 for a prepared transaction
     * @param application the name under which that session's application connected; may be empty
     * @param state what that session does, for example {@code idle in transaction}; empty when the role may not know
     * @param sinceOrNull when its transaction began; null when the role may not know
     * @param waited how long the statement has waited
     * @see <a href="https://www.postgresql.org/docs/current/view-pg-locks.html">pg_locks</a>
     */
    record WaitingForLock(
            String side,
            String waitedFor,
            int blockingPid,
            String application,
            String state,
            @Nullable Instant sinceOrNull,
            Duration waited)
            implements MigrationEvent {
        public WaitingForLock {
            Objects.requireNonNull(side, "side");
            Objects.requireNonNull(waitedFor, "waitedFor");
            Objects.requireNonNull(application, "application");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(waited, "waited");
        }

        /** Returns when the transaction of the session that holds the lock began; empty when the role may not know. */
        public Optional<Instant> since() {
            return Optional.ofNullable(sinceOrNull);
        }

        /** Returns a human-readable message with the remedy, without row values. */
        public String message() {
            String waiting =
                    "waiting on the " + side + " for " + waitedFor + " (" + waited.toSeconds() + " s), locked by ";
            if (blockingPid == 0) {
                return waiting + "a prepared transaction; end it with COMMIT PREPARED or ROLLBACK PREPARED"
                        + " (pg_prepared_xacts)";
            }
            String what = (state.isEmpty() ? "" : ", " + state)
                    + since().map(since -> ", transaction since " + since.truncatedTo(ChronoUnit.SECONDS))
                            .orElse("");
            return waiting + "session " + blockingPid + " (application "
                    + (application.isEmpty() ? "unknown" : application) + what
                    + "); end its transaction, or run there: SELECT pg_terminate_backend(" + blockingPid + ")";
        }
    }

    /**
     * The run has ended, and both sides were compared.
     *
     * @param report what was done and what the comparison said
     */
    record Finished(MigrationReport report) implements MigrationEvent {
        public Finished {
            Objects.requireNonNull(report, "report");
        }
    }

    /**
     * The run has ended before both sides could be compared: something failed, or it was cancelled.
     *
     * @param failure what {@link MigrationRun#await} throws
     */
    record Failed(RuntimeException failure) implements MigrationEvent {
        public Failed {
            Objects.requireNonNull(failure, "failure");
        }
    }
}
