package io.hyperferry.internal.run;

import io.hyperferry.ExportReport;
import io.hyperferry.ExportReport.ExportedTable;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.copy.CopiedFile;
import io.hyperferry.internal.export.ExportedSlice;
import io.hyperferry.internal.plan.Sizes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Reports of exports: what is in the files, and the page that says so. */
public final class ExportReports {
    private ExportReports() {}

    static ExportReport of(
            Path directory,
            MigrationPlan plan,
            Map<Integer, ExportedSlice> done,
            Instant startedAt,
            Duration elapsed,
            int copied) {
        return new ExportReport(
                plan.source(),
                directory.toAbsolutePath().normalize().toString(),
                startedAt,
                elapsed,
                copied,
                plan.tables().stream().map(it -> table(it, done)).toList(),
                plan.problems());
    }

    private static ExportedTable table(TableData table, Map<Integer, ExportedSlice> done) {
        List<ExportedSlice> slices = table.slices().stream()
                .map(Slice::position)
                .map(done::get)
                .filter(Objects::nonNull)
                .toList();
        Map<String, Long> readings = new TreeMap<>();
        slices.forEach(it -> readings.merge(it.mark().reading().name(), 1L, Long::sum));
        return new ExportedTable(
                table.table(),
                slices.stream().mapToLong(it -> it.mark().digest().rows()).sum(),
                slices.stream().mapToLong(ExportedSlice::bytes).sum(),
                slices.stream()
                        .flatMap(it -> it.files().stream())
                        .mapToLong(CopiedFile::bytes)
                        .sum(),
                slices.size(),
                slices.stream().filter(it -> it.mark().asTuples()).count(),
                readings);
    }

    /** The report as a page. */
    public static String text(ExportReport report) {
        StringBuilder text = new StringBuilder();
        text.append("from ").append(report.source()).append('\n');
        text.append("to   ").append(report.directory()).append("\n\n");
        for (ExportedTable table : report.tables()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%,15d rows  %10s  %s%s%n",
                    table.rows(),
                    Sizes.text(table.fileBytes()),
                    table.table(),
                    table.slicesAsTuples() == 0 ? "" : ", " + table.slicesAsTuples() + " chunks as compressed tuples"));
        }
        ReportText.warnings(report.warnings(), text);
        text.append(String.format(
                Locale.ROOT,
                "%nExported: %,d rows, %s in files, in %d s.%n",
                report.rows(),
                Sizes.text(report.fileBytes()),
                report.elapsed().toSeconds()));
        return text.toString();
    }
}
