package io.hyperferry.internal.run;

import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationProgress;
import io.hyperferry.MigrationProgress.Amount;
import io.hyperferry.Step;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of a run at any moment. Thread-safe. */
public final class Watch {
    private @Nullable MigrationPlan plan;
    private int stepsDone;
    private @Nullable String step;
    private @Nullable Progress copying;

    synchronized void onEvent(MigrationEvent event) {
        if (event instanceof MigrationEvent.Planned planned) {
            plan = planned.plan();
            copying = new Progress(planned.plan().tables(), Set.of(), () -> 0);
        } else if (event instanceof MigrationEvent.StepStarted started) {
            step = started.step().title();
        } else if (event instanceof MigrationEvent.StepFinished finished) {
            stepsDone++;
            step = null;
            if (finished.earlier() && finished.step() instanceof Step.CopyData copy) {
                copying = Progress.complete(copy.tables());
            }
        } else if (event instanceof MigrationEvent.Finished || event instanceof MigrationEvent.Failed) {
            step = null;
        }
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
                stepsDone,
                step,
                copying == null ? Amount.NONE : copying.total(),
                copying == null ? List.of() : copying.tables());
    }
}
