package io.hyperferry;

import io.hyperferry.internal.plan.PlanJson;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is, as its ledger in the target says; can be asked at any time, from anywhere.
 *
 * @param plannedAt when the plan was frozen, ISO 8601 in UTC
 * @param running whether some process leads the run now
 * @param workers how many other processes have joined it and work on it now
 * @param verifiedAtOrNull when both sides were found identical, or null
 * @param attempts how many processes have led it
 * @param steps steps of the plan
 * @param stepsDone steps that are done
 * @param currentStepOrNull the first step that is not done, or null
 * @param slices slices of the plan
 * @param slicesDone slices that are committed
 * @param rows rows that are committed
 * @param bytes bytes of COPY data that are committed
 */
public record MigrationStatus(
        String plannedAt,
        boolean running,
        int workers,
        @Nullable String verifiedAtOrNull,
        int attempts,
        int steps,
        int stepsDone,
        @Nullable String currentStepOrNull,
        long slices,
        long slicesDone,
        long rows,
        long bytes) {
    public MigrationStatus {
        Objects.requireNonNull(plannedAt, "plannedAt");
    }

    /** When both sides were found identical. */
    public Optional<String> verifiedAt() {
        return Optional.ofNullable(verifiedAtOrNull);
    }

    /** The first step that is not done. */
    public Optional<String> currentStep() {
        return Optional.ofNullable(currentStepOrNull);
    }

    /** As JSON. */
    public String toJson() {
        return PlanJson.writeAny(this);
    }
}
