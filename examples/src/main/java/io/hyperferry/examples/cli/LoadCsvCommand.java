package io.hyperferry.examples.cli;

import io.hyperferry.copy.CsvLoad;
import io.hyperferry.copy.CsvLoadReport;
import io.hyperferry.copy.CsvLoadRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Loads CSV files into a table. */
@Command(
        name = "load-csv",
        header = "Loads CSV files (plain, gzip or zstd) into a table or hypertable, in parallel.",
        footer = {
            "",
            "With --import-id, the same command can be run again after whatever happened: each record is loaded once.",
            "",
            "Example:",
            "  hyperferry load-csv --target postgres://app@new/metrics --table public.readings \\",
            "      --header match --import-id may readings.csv.gz"
        })
final class LoadCsvCommand implements Callable<Integer> {
    private static final Path STANDARD_INPUT = Path.of("-");

    private final Console console;

    @Mixin
    TargetOption target = new TargetOption();

    @Option(
            names = "--table",
            paramLabel = "NAME",
            required = true,
            description = "The table, as SQL writes it: public.readings.")
    String table = "";

    @Mixin
    CsvFormatOptions format = new CsvFormatOptions();

    @Mixin
    CsvLoadOptions load = new CsvLoadOptions();

    @Mixin
    VerboseOption verbose = new VerboseOption();

    @Option(
            names = "--progress",
            paramLabel = "KIND",
            defaultValue = "auto",
            description = "How to show progress: bar or plain (default: a bar on a terminal, lines elsewhere).")
    ProgressDisplay.Kind progress = ProgressDisplay.Kind.AUTO;

    @Option(names = "--quiet", description = "Print problems and nothing else.")
    boolean quiet;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The files, in this order; - for standard input.")
    List<Path> files = new ArrayList<>();

    LoadCsvCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (files.contains(STANDARD_INPUT) && files.size() > 1) {
            throw new UsageException("standard input (-) goes with no other file");
        }
        CsvLoad described = described();
        try (LoadProgress display = LoadProgress.of(quiet ? ProgressDisplay.Kind.NONE : progress, console)) {
            CsvLoad listening = described.listener(display);
            CsvLoadRun run = files.contains(STANDARD_INPUT) ? listening.start(System.in) : listening.start(files);
            CsvLoadReport report;
            try (Interrupts.Cancellable cancellable = Interrupts.cancelBy(run::cancel)) {
                report = run.await();
            } finally {
                display.close();
            }
            if (!quiet) {
                console.result(report.toText());
            }
            return Exit.DONE;
        }
    }

    private CsvLoad described() {
        try {
            CsvLoad into = CsvLoad.into(target.database(console).dataSource(), table);
            return load.applyTo(format.applyTo(into));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }
}
