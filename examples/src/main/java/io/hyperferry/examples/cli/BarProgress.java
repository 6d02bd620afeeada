package io.hyperferry.examples.cli;

import io.hyperferry.MigrationEvent;
import io.hyperferry.Step;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Progress on a terminal: a line for each step that is done, and one at the end for what is under way, with a bar while rows are copied. No line
 * is longer than the terminal is wide, so the last can be written again and again.
 */
final class BarProgress implements ProgressDisplay {
    private static final int REFRESH_MILLIS = 500;
    private static final String BEFORE_THE_PLAN = "reading both databases";

    private final Console console;
    private final ProgressLines lines;
    private int steps;

    /** What is under way; null between two steps. */
    private @Nullable String underWay = BEFORE_THE_PLAN;

    private long startedNanos = System.nanoTime();
    private MigrationEvent.@Nullable Progress copying;
    private @Nullable ProgressBar bar;

    /** Lines of at most so many columns. */
    BarProgress(Console console, int columns) {
        this.console = console;
        this.lines =
                new ProgressLines(columns - 1); // some terminals go to the next line when the last column is written
        show();
    }

    @Override
    public void onEvent(MigrationEvent event) {
        if (event instanceof MigrationEvent.Planned planned) {
            steps = planned.plan().steps().size();
            begin(null);
            say(PlainProgress.describe(planned));
        } else if (event instanceof MigrationEvent.StepStarted started) {
            begin(place(started.number(), started.step()));
        } else if (event instanceof MigrationEvent.Progress progress) {
            copied(progress);
        } else if (event instanceof MigrationEvent.Retrying retrying) {
            say("    " + PlainProgress.describe(retrying));
        } else if (event instanceof MigrationEvent.Restarting restarting) {
            begin(null);
            say("    " + PlainProgress.describe(restarting));
        } else if (event instanceof MigrationEvent.WaitingForLock waiting) {
            say("    " + waiting.message());
        } else if (event instanceof MigrationEvent.StepFinished finished) {
            begin(null);
            say(lines.done(
                    place(finished.number(), finished.step()),
                    finished.earlier() ? "done earlier" : Amounts.seconds(finished.elapsed())));
        }
    }

    private String place(int number, Step step) {
        return ProgressLines.place(number, steps) + step.title();
    }

    /** Something else is under way from now on. */
    private void begin(@Nullable String what) {
        close();
        synchronized (this) {
            underWay = what;
            copying = null;
            startedNanos = System.nanoTime();
        }
        show();
    }

    private synchronized void copied(MigrationEvent.Progress progress) {
        copying = progress;
    }

    /** Writes a line above the one of what is under way. */
    private void say(String line) {
        close();
        console.say(line);
        show();
    }

    private void show() {
        if (underWay != null) {
            bar = new ProgressBarBuilder()
                    .setUpdateIntervalMillis(REFRESH_MILLIS)
                    .continuousUpdate()
                    .clearDisplayOnFinish()
                    .setRenderer((state, columns) -> now())
                    .setConsumer(new DelegatingProgressBarConsumer(this::overwrite, lines.columns()))
                    .build();
        }
    }

    /** The line of what is under way. */
    private synchronized String now() {
        if (underWay == null) {
            return "";
        }
        return copying == null
                ? lines.underWay(underWay, System.nanoTime() - startedNanos)
                : lines.copying(underWay, copying);
    }

    /** What others write meanwhile, a logger for example, takes its place. */
    private void overwrite(String line) {
        console.err().print("\r" + line + "\r");
        console.err().flush();
    }

    /** Takes the line of what is under way away; it has come to the terminal's first column then. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
