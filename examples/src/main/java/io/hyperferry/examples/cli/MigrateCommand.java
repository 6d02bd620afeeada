package io.hyperferry.examples.cli;

import io.hyperferry.Migration;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationRun;
import io.hyperferry.VerificationException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves the database, or goes on with a move that was interrupted. */
@Command(
        name = "migrate",
        header = "Moves the database and verifies it; run again, it goes on where it stopped.",
        footer = {
            "",
            "Example:",
            "  hyperferry migrate --source postgres://app@old/metrics --target postgres://app@new/metrics \\",
            "      --split-by 1d --parallelism 8 --report report.json"
        })
final class MigrateCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    BothSidesOptions sides = new BothSidesOptions();

    @Mixin
    RunOptions how = new RunOptions();

    @Mixin
    ReportOptions output = new ReportOptions();

    @Mixin
    VerboseOption verbose = new VerboseOption();

    @Mixin
    RateLimitOption rateLimit = new RateLimitOption();

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "" + Migration.DEFAULT_RETRIES,
            description =
                    "How often a slice, and in a row the run, is tried again after a failure that may pass, like a lost"
                            + " connection or a server that restarts (default: ${DEFAULT-VALUE}).")
    int retries;

    @Option(
            names = "--progress",
            paramLabel = "KIND",
            defaultValue = "auto",
            description =
                    "bar, plain (lines), none, or auto: a bar on a terminal, else lines (default: ${DEFAULT-VALUE}).")
    ProgressDisplay.Kind progress = ProgressDisplay.Kind.AUTO;

    MigrateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (retries < 0) {
            throw new UsageException("--retries must not be negative, not " + retries);
        }
        Migration migration =
                rateLimit.applyTo(how.applyTo(sides.migration(console)).retries(retries));
        @Nullable ReportFile file = output.tried();
        return output.deliver(run(migration), file, console);
    }

    private MigrationReport run(Migration migration) {
        ProgressDisplay.Kind kind = output.quiet ? ProgressDisplay.Kind.NONE : progress;
        try (ProgressDisplay display = ProgressDisplay.of(kind, console)) {
            MigrationRun run = migration.listener(display).start();
            try (Interrupts.Cancellable cancellable = Interrupts.cancelBy(run::cancel)) {
                return run.await();
            }
        } catch (VerificationException e) {
            return e.report();
        }
    }
}
