package io.hyperferry.internal.run;

import static java.util.stream.Collectors.toCollection;

import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationException;
import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationReport.Failure;
import io.hyperferry.MigrationReport.Outcome;
import io.hyperferry.MigrationReport.Retry;
import io.hyperferry.MigrationReport.StepResult;
import io.hyperferry.MigrationReport.TableResult;
import io.hyperferry.PreflightException;
import io.hyperferry.Problem;
import io.hyperferry.TableData;
import io.hyperferry.Verification;
import io.hyperferry.catalog.QualifiedName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Collects what a report of a run that failed can tell, from the run's events. Not thread-safe. */
final class KnownOfRun {
    private record Copied(int slices, long rows, long bytes) {
        Copied and(MigrationEvent.SliceCopied slice) {
            return new Copied(slices + 1, rows + slice.rows(), bytes + slice.bytes());
        }
    }

    private final List<StepResult> steps = new ArrayList<>();
    private final Map<QualifiedName, Copied> copied = new HashMap<>();
    private final Map<String, Retry> retries = new TreeMap<>();
    private @Nullable MigrationPlan plan;
    private MigrationEvent.@Nullable StepStarted step;
    private int attempt;

    void attempt(int value) {
        attempt = value;
    }

    void onEvent(MigrationEvent event) {
        if (event instanceof MigrationEvent.Planned planned) {
            plan = planned.plan();
        } else if (event instanceof MigrationEvent.StepStarted started) {
            step = started;
        } else if (event instanceof MigrationEvent.StepFinished finished) {
            steps.add(new StepResult(finished.step().title(), finished.elapsed(), finished.earlier()));
            step = null;
        } else if (event instanceof MigrationEvent.SliceCopied slice) {
            copied.put(
                    slice.table(),
                    copied.getOrDefault(slice.table(), new Copied(0, 0, 0)).and(slice));
        } else if (event instanceof MigrationEvent.Retrying retrying) {
            retry(retrying.what(), retrying.reason());
        } else if (event instanceof MigrationEvent.Restarting restarting) {
            retry("the run, at: " + restarting.step().orElse("between two steps"), restarting.reason());
        }
    }

    private void retry(String what, String reason) {
        retries.merge(
                what + " " + reason,
                new Retry(what, reason, 1),
                (before, one) -> new Retry(what, reason, before.times() + 1));
    }

    /** @param considered a plan that was made and may not have begun, or null */
    MigrationReport report(
            MigrationException failure,
            @Nullable MigrationPlan considered,
            MigrationPlan.Side source,
            MigrationPlan.Side target,
            Verification verification,
            Instant startedAt) {
        @Nullable MigrationPlan known = plan == null ? considered : plan;
        return new MigrationReport(
                known == null ? source : known.source(),
                known == null ? target : known.target(),
                startedAt,
                Duration.between(startedAt, Instant.now()),
                attempt,
                steps,
                plan == null
                        ? List.of()
                        : plan.tables().stream().map(this::table).toList(),
                List.of(),
                problems(failure, known),
                known == null ? List.of() : leftOut(known),
                verification,
                null,
                0,
                List.copyOf(retries.values()),
                null,
                outcome(failure),
                new Failure(
                        step == null ? 0 : step.number(),
                        step == null ? null : step.step().title(),
                        failure.code().name(),
                        message(failure)));
    }

    private static String message(MigrationException failure) {
        return failure.getCause() == null
                ? String.valueOf(failure.getMessage())
                : StepFailure.describe(failure.getCause());
    }

    private static Outcome outcome(MigrationException failure) {
        return switch (failure.code()) {
            case PREFLIGHT, PLAN_CHANGED, ALREADY_RUNNING, NO_LEDGER, NOT_FINISHED, LEDGER_VERSION, NO_RUN ->
                Outcome.REFUSED;
            case STEP_FAILED, SOURCE_JOBS -> Outcome.FAILED;
            case NOT_IDENTICAL -> Outcome.DIFFERENT;
            case CANCELLED -> Outcome.CANCELLED;
        };
    }

    private static List<Problem> problems(MigrationException failure, @Nullable MigrationPlan known) {
        return failure instanceof PreflightException refused
                ? refused.problems()
                : known == null ? List.of() : known.problems();
    }

    /** Nothing of it was compared. */
    private TableResult table(TableData table) {
        Copied now = copied.getOrDefault(table.table(), new Copied(0, 0, 0));
        return new TableResult(
                table.table(),
                now.rows(),
                now.bytes(),
                table.slices().size(),
                0,
                now.slices(),
                Map.of(),
                0,
                table.refusals(),
                List.of());
    }

    static List<String> leftOut(MigrationPlan plan) {
        return Stream.of(
                        plan.leftOut().stream().map(relation -> relation.relation() + ": " + relation.reason()),
                        plan.dependentsLeftOut().stream(),
                        plan.jobsLeftOut().stream(),
                        plan.rowsLeftOut().stream())
                .flatMap(lines -> lines)
                .collect(toCollection(ArrayList::new));
    }
}
