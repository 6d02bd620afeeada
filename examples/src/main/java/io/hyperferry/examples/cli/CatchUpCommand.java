package io.hyperferry.examples.cli;

import io.hyperferry.CatchUpReport;
import io.hyperferry.Migration;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has the target follow what changed on the source after a run. */
@Command(
        name = "catch-up",
        header =
                "Copies what changed on the source since migrate copied it, in passes, until nothing changes any more.",
        footer = {
            "",
            "What travels is what the plan in the target's ledger says. Stop the application, catch up, and go on with the target.",
            "",
            "Example:",
            "  hyperferry catch-up --source postgres://app@old/metrics --target postgres://app@new/metrics"
        })
final class CatchUpCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    PacedSides sides = new PacedSides();

    @Mixin
    VerboseOption verbose = new VerboseOption();

    @Option(
            names = "--passes",
            paramLabel = "N",
            defaultValue = "" + Migration.DEFAULT_PASSES,
            description = "As many passes, and no more (default: ${DEFAULT-VALUE}).")
    int passes;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write the report to this file, too, as JSON, however the command ends.")
    @Nullable
    Path file;

    @Option(
            names = "--quiet",
            description = "Print problems and nothing else; the report only if the last pass still found changes.")
    boolean quiet;

    CatchUpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (passes < 1) {
            throw new UsageException("--passes must be at least 1, not " + passes);
        }
        Migration migration = sides.migration(console);
        @Nullable ReportFile reportFile = file == null ? null : ReportFile.tried(file);
        try (Interrupts.Cancellable cancellable = Interrupts.cancelBy(Thread.currentThread()::interrupt)) {
            return deliver(
                    ReportFile.recorded(reportFile, sides.names(console), console, () -> migration.catchUp(passes)),
                    reportFile);
        }
    }

    private int deliver(CatchUpReport report, @Nullable ReportFile reportFile) {
        boolean written = reportFile == null || reportFile.writeJson(report::toJson, console);
        if (!quiet || !report.still()) {
            console.result(report.toText());
        }
        if (!report.still()) {
            console.say("hyperferry: the last pass still found changes; run it again to go on");
        }
        return report.still() && written ? Exit.DONE : Exit.FAILED;
    }
}
