package io.hyperferry;

import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.plan.PlanJson;
import io.hyperferry.internal.run.ExportReports;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What an export consists of, see {@link Export#run}.
 *
 * @param source the source
 * @param directory where it lies
 * @param startedAt when the run began that brought it to its end
 * @param elapsed how long that run took
 * @param slicesCopied slices that were read by that run; the others were there already
 * @param tables the tables, in the order of the plan
 * @param warnings what the preflight warned of
 */
public record ExportReport(
        MigrationPlan.Side source,
        String directory,
        Instant startedAt,
        Duration elapsed,
        int slicesCopied,
        List<ExportedTable> tables,
        List<Problem> warnings) {
    /**
     * A table in files.
     *
     * @param table the table
     * @param rows its rows
     * @param bytes those that COPY sent
     * @param fileBytes those of its files
     * @param slices its slices
     * @param slicesAsTuples those of which compressed tuples were exported
     * @param readings how many slices were read how, see {@link Consistency}
     */
    public record ExportedTable(
            QualifiedName table,
            long rows,
            long bytes,
            long fileBytes,
            int slices,
            long slicesAsTuples,
            Map<String, Long> readings) {
        public ExportedTable {
            Objects.requireNonNull(table, "table");
            readings = Collections.unmodifiableMap(new TreeMap<>(readings));
        }
    }

    public ExportReport {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(elapsed, "elapsed");
        tables = List.copyOf(tables);
        warnings = List.copyOf(warnings);
    }

    /** The rows of all tables. */
    public long rows() {
        return tables.stream().mapToLong(ExportedTable::rows).sum();
    }

    /** The bytes of all files with rows. */
    public long fileBytes() {
        return tables.stream().mapToLong(ExportedTable::fileBytes).sum();
    }

    /** The report as a page that one reads. */
    public String toText() {
        return ExportReports.text(this);
    }

    /** The report as JSON, with {@code version} at its head. */
    public String toJson() {
        return PlanJson.write(this);
    }
}
