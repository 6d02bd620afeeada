package io.hyperferry.examples.cli;

import io.hyperferry.Database;
import io.hyperferry.Export;
import io.hyperferry.ExportReport;
import io.hyperferry.ExportRun;
import io.hyperferry.Migration;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the database into a directory, or goes on with an export that was interrupted. */
@Command(
        name = "export",
        header = "Writes the database into a directory, for a target that the source cannot be reached from.",
        footer = {
            "",
            "Example:",
            "  hyperferry export --source postgres://app@old/metrics --directory /media/disk/metrics --split-by 1d",
            "  hyperferry import --directory /media/disk/metrics --target postgres://app@new/metrics"
        })
final class ExportCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    SourceOption source = new SourceOption();

    @Mixin
    DirectoryOption directory = new DirectoryOption();

    @Mixin
    MovedOptions moved = new MovedOptions();

    @Mixin
    ReadingOptions reading = new ReadingOptions();

    @Mixin
    ParallelismOption parallelism = new ParallelismOption();

    @Mixin
    RateLimitOption rateLimit = new RateLimitOption();

    @Mixin
    RetriesOption retries = new RetriesOption();

    @Mixin
    ProgressOption progress = new ProgressOption();

    @Mixin
    VerboseOption verbose = new VerboseOption();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write the report to this file, too, as JSON, however the command ends.")
    @Nullable
    Path report;

    @Option(names = "--quiet", description = "Print problems and nothing else.")
    boolean quiet;

    ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Database database = source.database(console);
        Export paced = reading.applyTo(moved.applyTo(Migration.from(database).exportTo(directory.path())))
                .parallelism(parallelism.workers())
                .retries(retries.most());
        Export export = rateLimit.rateLimit == null ? paced : paced.rateLimit(rateLimit.rateLimit);
        @Nullable ReportFile file = report == null ? null : ReportFile.tried(report);
        ExportReport written = ReportFile.recorded(
                file,
                new ReportFile.Sides(database.toString(), "export in " + directory.path()),
                console,
                () -> run(export));
        if (!quiet) {
            console.problems(written.warnings());
            console.result(written.toText());
        }
        return file == null || file.writeJson(written::toJson, console) ? Exit.DONE : Exit.FAILED;
    }

    private ExportReport run(Export export) {
        try (ProgressDisplay display = ProgressDisplay.of(progress.kind(quiet), console)) {
            ExportRun run = export.listener(display).start();
            try (Interrupts.Cancellable cancellable = Interrupts.cancelBy(run::cancel)) {
                return run.await();
            }
        }
    }
}
