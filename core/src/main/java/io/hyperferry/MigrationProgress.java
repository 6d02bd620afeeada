package io.hyperferry;

import io.hyperferry.catalog.QualifiedName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is at one moment.
 *
 * @param paused whether it is paused
 * @param steps steps of the plan; 0 as long as there is none
 * @param stepsDone steps that are done, those of earlier runs included
 * @param stepOrNull what the step under way does, or null when none is
 * @param total all of the data
 * @param tables the same for each table, in the order of the plan
 */
public record MigrationProgress(
        boolean paused,
        int steps,
        int stepsDone,
        @Nullable String stepOrNull,
        Amount total,
        List<TableProgress> tables) {
    public MigrationProgress {
        Objects.requireNonNull(total, "total");
        tables = List.copyOf(tables);
    }

    /** What the step under way does; empty when none is. */
    public Optional<String> step() {
        return Optional.ofNullable(stepOrNull);
    }

    /**
     * How much of something is done.
     *
     * @param slicesDone slices that are committed, those of earlier runs included
     * @param slices slices of the plan
     * @param rows rows that this run has committed
     * @param estimatedRows rows of all the slices, by the source's statistics
     * @param bytes bytes of COPY data that this run has committed
     * @param fraction how much is committed, by the plan's estimates, from 0 to 1
     * @param bytesPerSecond bytes of COPY data that this run committed in a second, from the first slice on, without pauses
     * @param remainingOrNull how long it may take until the last slice is there, without pauses, or null when nothing tells. Slices are copied in
     *     the order of the plan, so for a table it is the time until its turn is over
     */
    public record Amount(
            long slicesDone,
            long slices,
            long rows,
            long estimatedRows,
            long bytes,
            double fraction,
            long bytesPerSecond,
            @Nullable Duration remainingOrNull) {
        /** Nothing of nothing. */
        public static final Amount NONE = new Amount(0, 0, 0, 0, 0, 0, 0, null);

        /** How long it may take until the last slice is there, as far as the rate so far tells. */
        public Optional<Duration> remaining() {
            return Optional.ofNullable(remainingOrNull);
        }

        /** Whether all slices are there. */
        public boolean isDone() {
            return slicesDone == slices;
        }
    }

    /**
     * How much of a table is done.
     *
     * @param table its name
     * @param amount how much
     */
    public record TableProgress(QualifiedName table, Amount amount) {
        public TableProgress {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(amount, "amount");
        }
    }
}
