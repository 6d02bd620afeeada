package io.hyperferry.examples.cli;

import io.hyperferry.Database;
import io.hyperferry.Migration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Moves an export into a database, or goes on with that. */
@Command(
        name = "import",
        header = "Moves an export into the target and verifies it; run again, it goes on where it stopped.",
        footer = {
            "",
            "Example:",
            "  hyperferry import --directory /media/disk/metrics --target postgres://app@new/metrics --parallelism 8"
        })
final class ImportCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    DirectoryOption directory = new DirectoryOption();

    @Mixin
    TargetOption target = new TargetOption();

    @Mixin
    ArrivalOptions arrival = new ArrivalOptions();

    @Mixin
    ParallelismOption parallelism = new ParallelismOption();

    @Mixin
    RateLimitOption rateLimit = new RateLimitOption();

    @Mixin
    RetriesOption retries = new RetriesOption();

    @Mixin
    ProgressOption progress = new ProgressOption();

    @Mixin
    ReportOptions output = new ReportOptions();

    @Mixin
    VerboseOption verbose = new VerboseOption();

    ImportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Database database = target.database(console);
        Migration migration = rateLimit.applyTo(parallelism
                .applyTo(arrival.applyTo(Migration.fromExport(directory.path()).to(database)))
                .retries(retries.most()));
        @Nullable ReportFile file = output.tried();
        return output.deliver(
                ReportFile.recorded(
                        file,
                        new ReportFile.Sides("export in " + directory.path(), database.toString()),
                        console,
                        () -> MigrateCommand.run(migration, progress.kind(output.quiet), console)),
                file,
                console);
    }
}
