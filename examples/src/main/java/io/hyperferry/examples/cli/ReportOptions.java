package io.hyperferry.examples.cli;

import io.hyperferry.MigrationReport;
import io.hyperferry.RepairReport;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a report goes. */
final class ReportOptions {
    @Option(
            names = "--report",
            paramLabel = "FILE",
            description =
                    "Write the report to this file, too, however the command ends: as a page for a browser when its"
                            + " name ends in .html, else as JSON.")
    @Nullable
    Path file;

    @Option(
            names = "--quiet",
            description = "Print problems and nothing else; a report only if both sides are not identical.")
    boolean quiet;

    /** The file, tried out; null when none is asked for. */
    @Nullable
    ReportFile tried() {
        return file == null ? null : ReportFile.tried(file);
    }

    /** Prints and writes the report, and gives the exit code. */
    int deliver(MigrationReport report, @Nullable ReportFile reportFile, Console console) {
        boolean written = reportFile == null || reportFile.write(report::toHtml, report::toJson, console);
        return deliver(report.identical(), report.toText(), written, console);
    }

    /** Prints and writes the report of a repair, and gives the exit code. */
    int deliver(RepairReport report, @Nullable ReportFile reportFile, Console console) {
        boolean written = reportFile == null || reportFile.write(report.comparison()::toHtml, report::toJson, console);
        return deliver(report.identical(), report.toText(), written, console);
    }

    private int deliver(boolean identical, String text, boolean written, Console console) {
        if (!quiet || !identical) {
            console.result(text);
        }
        if (!identical) {
            console.say("hyperferry: source and target are not identical; the report says where");
        }
        return identical && written ? Exit.DONE : Exit.FAILED;
    }
}
