package io.hyperferry.examples.cli;

import io.hyperferry.Migration;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationRun;
import io.hyperferry.VerificationException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    @Mixin
    RetriesOption retries = new RetriesOption();

    @Mixin
    ProgressOption progress = new ProgressOption();

    MigrateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        int most = retries.most();
        Migration migration =
                rateLimit.applyTo(how.applyTo(sides.migration(console)).retries(most));
        @Nullable ReportFile file = output.tried();
        return output.deliver(
                ReportFile.recorded(
                        file,
                        sides.names(console),
                        console,
                        () -> run(migration, progress.kind(output.quiet), console)),
                file,
                console);
    }

    /** Runs a migration that can be cancelled, and gives its report, whatever it says. */
    static MigrationReport run(Migration migration, ProgressDisplay.Kind kind, Console console) {
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
