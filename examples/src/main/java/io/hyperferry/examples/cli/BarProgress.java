package io.hyperferry.examples.cli;

import io.hyperferry.MigrationEvent;
import io.hyperferry.Step;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Progress on a terminal: a line for each step, and a bar with rate and remaining time while rows are copied. */
final class BarProgress implements ProgressDisplay {
    private static final int PER_MILLE = 1000;
    private static final int REFRESH_MILLIS = 500;

    private final Console console;
    private final int width;
    private int steps;
    private @Nullable ProgressBar bar;
    private volatile @Nullable Duration remaining;

    /** A bar of at most so many columns. */
    BarProgress(Console console, int width) {
        this.console = console;
        this.width = width;
    }

    @Override
    public synchronized void onEvent(MigrationEvent event) {
        if (event instanceof MigrationEvent.Planned planned) {
            steps = planned.plan().steps().size();
            console.say(PlainProgress.describe(planned));
        } else if (event instanceof MigrationEvent.StepStarted started && started.step() instanceof Step.CopyData) {
            bar = open(started.step().title());
        } else if (event instanceof MigrationEvent.Progress progress && bar != null) {
            remaining = progress.remainingOrNull();
            bar.setExtraMessage(
                    Amounts.bytes(progress.bytes()) + ", " + Amounts.bytes(progress.bytesPerSecond()) + "/s");
            bar.stepTo(Math.round(progress.fraction() * PER_MILLE));
        } else if (event instanceof MigrationEvent.Restarting restarting) {
            close();
            console.say("    " + PlainProgress.describe(restarting));
        } else if (event instanceof MigrationEvent.StepFinished finished) {
            if (bar != null) {
                remaining = Duration.ZERO;
                bar.stepTo(PER_MILLE);
            }
            close();
            console.say(String.format(
                    Locale.ROOT,
                    "%3d/%d  %-44s %s",
                    finished.number(),
                    steps,
                    finished.step().title(),
                    finished.earlier() ? "done by an earlier run" : Amounts.seconds(finished.elapsed())));
        }
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    private ProgressBar open(String task) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(PER_MILLE)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .continuousUpdate()
                .setEtaFunction(state -> Optional.ofNullable(remaining))
                .setConsumer(new ConsoleProgressBarConsumer(console.err(), width))
                .build();
    }
}
