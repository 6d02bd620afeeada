package io.hyperferry.examples.cli;

import io.hyperferry.MigrationEvent;
import io.hyperferry.Step;
import java.time.Duration;
import java.util.Locale;

/** Progress as lines: the beginning and the end of each step, and every few seconds how far the copying is. */
final class PlainProgress implements ProgressDisplay {
    private static final long PAUSE_NANOS = Duration.ofSeconds(3).toNanos();

    private final Console console;
    private int steps;
    private long saidAt = System.nanoTime();

    PlainProgress(Console console) {
        this.console = console;
    }

    @Override
    public void onEvent(MigrationEvent event) {
        if (event instanceof MigrationEvent.Planned planned) {
            steps = planned.plan().steps().size();
            console.say(describe(planned));
        } else if (event instanceof MigrationEvent.StepStarted started) {
            console.say(place(started.number(), started.step()));
        } else if (event instanceof MigrationEvent.StepFinished finished) {
            console.say(place(finished.number(), finished.step())
                    + (finished.earlier()
                            ? ": done by an earlier run"
                            : ": done in " + Amounts.seconds(finished.elapsed())));
        } else if (event instanceof MigrationEvent.Retrying retrying) {
            console.say("    " + describe(retrying));
        } else if (event instanceof MigrationEvent.Restarting restarting) {
            console.say("    " + describe(restarting));
        } else if (event instanceof MigrationEvent.WaitingForLock waiting) {
            console.say("    " + waiting.message());
        } else if (event instanceof MigrationEvent.Progress progress && System.nanoTime() - saidAt >= PAUSE_NANOS) {
            saidAt = System.nanoTime();
            console.say("    " + describe(progress));
        }
    }

    static String describe(MigrationEvent.Planned planned) {
        return String.format(
                Locale.ROOT,
                "%s: steps %d, tables %,d, slices %,d",
                planned.resumed() ? "going on with an interrupted run" : "planned",
                planned.plan().steps().size(),
                planned.plan().tables().size(),
                planned.plan().slices().count());
    }

    static String describe(MigrationEvent.Retrying retrying) {
        return retrying.message() + "; trying again in " + Amounts.seconds(retrying.pause());
    }

    static String describe(MigrationEvent.Restarting restarting) {
        return restarting.message() + "; going on with new connections in " + Amounts.seconds(restarting.pause());
    }

    static String describe(MigrationEvent.Progress progress) {
        return String.format(
                Locale.ROOT,
                "%.0f %%, %,d of %,d slices, %,d rows, %s, %s/s%s",
                100 * progress.fraction(),
                progress.slicesDone(),
                progress.slices(),
                progress.rows(),
                Amounts.bytes(progress.bytes()),
                Amounts.bytes(progress.bytesPerSecond()),
                progress.remaining()
                        .map(it -> ", " + Amounts.clock(it) + " left")
                        .orElse(""));
    }

    private String place(int number, Step step) {
        return "step " + number + "/" + steps + " " + step.title();
    }

    @Override
    public void close() {}
}
