package io.hyperferry.examples.cli;

import io.hyperferry.CatchUpReport;
import io.hyperferry.CatchUpReport.Outcome;
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
            "What is migrated is what the plan in the target's ledger says. Stop the application, catch up, and use the target.",
            "Tables and other objects that the source got meanwhile are created from a new dump.",
            "",
            "Example:",
            "  hyperferry catch-up --source postgres://app@old/metrics --target postgres://app@new/metrics"
        })
final class CatchUpCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    PacedSides sides = new PacedSides();

    @Mixin
    PgToolsOptions tools = new PgToolsOptions();

    @Mixin
    RetriesOption retries = new RetriesOption();

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
            description =
                    "Print problems and what is not followed, and nothing else; the report only if source and target"
                            + " are not caught up.")
    boolean quiet;

    CatchUpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (passes < 1) {
            throw new UsageException("--passes must be at least 1, not " + passes);
        }
        Migration migration = sides.migration(console)
                .pgTools(tools.pgTools())
                .retries(retries.most())
                .listener(new Notices(console, quiet));
        @Nullable ReportFile reportFile = file == null ? null : ReportFile.tried(file);
        try (Interrupts.Cancellable cancellable = Interrupts.cancelBy(Thread.currentThread()::interrupt)) {
            return deliver(
                    ReportFile.recorded(reportFile, sides.names(console), console, () -> migration.catchUp(passes)),
                    reportFile);
        }
    }

    private int deliver(CatchUpReport report, @Nullable ReportFile reportFile) {
        boolean written = reportFile == null || reportFile.writeJson(report::toJson, console);
        if (!quiet || report.outcome() == Outcome.DIFFERENT) {
            console.result(report.toText());
        } else if (report.outcome() == Outcome.IDENTICAL_EXCEPT) {
            console.result(report.differencesText());
        }
        int code = code(report);
        return code == Exit.DONE && !written ? Exit.FAILED : code;
    }

    private int code(CatchUpReport report) {
        return switch (report.outcome()) {
            case IDENTICAL -> Exit.DONE;
            case IDENTICAL_EXCEPT -> {
                console.say("hyperferry: all rows are identical; the list says what else differs and what to do");
                yield Exit.EXCEPT;
            }
            case DIFFERENT -> {
                console.say(
                        report.still()
                                ? "hyperferry: rows of the target differ from those of the source; the report says where: hyperferry repair replaces them"
                                : "hyperferry: the last pass still found changes; run catch-up again when less is written");
                yield Exit.FAILED;
            }
        };
    }
}
