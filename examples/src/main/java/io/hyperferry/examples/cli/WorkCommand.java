package io.hyperferry.examples.cli;

import io.hyperferry.Migration;
import io.hyperferry.WorkSummary;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Helps a run that another process leads. */
@Command(
        name = "work",
        header = "Joins a run that migrate leads elsewhere: waits for it, and copies slices until none is left.",
        footer = {
            "",
            "Example:",
            "  hyperferry work --source postgres://app@old/metrics --target postgres://app@new/metrics \\",
            "      --parallelism 4 --patience 1h"
        })
final class WorkCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    PacedSides sides = new PacedSides();

    @Mixin
    VerboseOption verbose = new VerboseOption();

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            converter = SplitConverter.class,
            description = "How long to wait while no process leads a run: 30m, 12h or ISO 8601 (default: 10m).")
    Duration patience = Migration.DEFAULT_WORK_PATIENCE;

    @Option(names = "--quiet", description = "Print the result, but no progress.")
    boolean quiet;

    WorkCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Migration migration = sides.migration(console);
        ProgressDisplay.Kind kind = quiet ? ProgressDisplay.Kind.NONE : ProgressDisplay.Kind.PLAIN;
        Thread worker = Thread.currentThread();
        try (ProgressDisplay display = ProgressDisplay.of(kind, console);
                Interrupts.Cancellable cancellable = Interrupts.cancelBy(worker::interrupt)) {
            console.result(describe(migration.listener(display).work(patience)));
        }
        return Exit.DONE;
    }

    private static String describe(WorkSummary summary) {
        return String.format(
                Locale.ROOT,
                "copied %,d slices, %,d rows, %s in %s; nothing is left to be copied",
                summary.slices(),
                summary.rows(),
                Amounts.bytes(summary.bytes()),
                Amounts.seconds(summary.elapsed()));
    }
}
