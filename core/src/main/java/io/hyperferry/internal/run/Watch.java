package io.hyperferry.internal.run;

import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationException;
import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationProgress;
import io.hyperferry.MigrationProgress.Amount;
import io.hyperferry.MigrationReport;
import io.hyperferry.Step;
import io.hyperferry.Verification;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of a run at any moment. Thread-safe. */
public final class Watch {
    private @Nullable MigrationPlan plan;
    private final BitSet steps = new BitSet();
    private final BitSet slices = new BitSet();
    private @Nullable String step;
    private @Nullable Progress copying;
    private @Nullable MigrationPlan considered;
    private final KnownOfRun known = new KnownOfRun();

    synchronized void onEvent(MigrationEvent event) {
        known.onEvent(event);
        if (event instanceof MigrationEvent.Planned planned) {
            plan = planned.plan();
            copying = new Progress(planned.plan().tables(), Set.of(), () -> 0);
        } else if (event instanceof MigrationEvent.StepStarted started) {
            step = started.step().title();
        } else if (event instanceof MigrationEvent.StepFinished finished) {
            steps.set(finished.number());
            step = null;
            if (finished.earlier() && finished.step() instanceof Step.CopyData copy) {
                copying = Progress.complete(copy.tables());
            }
        } else if (event instanceof MigrationEvent.SliceCopied copied) {
            slices.set(copied.slice().position());
        } else if (event instanceof MigrationEvent.Finished || event instanceof MigrationEvent.Failed) {
            step = null;
        }
    }

    /** Notes a plan that was made and may be refused. */
    synchronized void considered(MigrationPlan value) {
        considered = value;
    }

    /** Notes the number of this attempt. */
    synchronized void attempt(int value) {
        known.attempt(value);
    }

    /** Returns the report of a run that ended with this failure, from what is known in this process. */
    public synchronized MigrationReport report(
            MigrationException failure,
            MigrationPlan.Side source,
            MigrationPlan.Side target,
            Verification verification,
            Instant startedAt) {
        return known.report(failure, considered, source, target, verification, startedAt);
    }

    /** Whether a step is known to be done. */
    synchronized boolean isDone(int stepNumber) {
        return steps.get(stepNumber);
    }

    /** What the step under way does, or null when none is. */
    synchronized @Nullable String step() {
        return step;
    }

    /** How many steps and slices were done at least once since this process began; what had to be done again counts once. */
    synchronized int achieved() {
        return steps.cardinality() + slices.cardinality();
    }

    /** Hears that rows are copied from now on. */
    synchronized void copying(Progress progress) {
        copying = progress;
    }

    /** How far the run is. */
    public synchronized MigrationProgress progress(boolean paused) {
        return new MigrationProgress(
                paused,
                plan == null ? 0 : plan.steps().size(),
                steps.cardinality(),
                step,
                copying == null ? Amount.NONE : copying.total(),
                copying == null ? List.of() : copying.tables());
    }
}
