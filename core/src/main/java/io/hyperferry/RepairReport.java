package io.hyperferry;

import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.plan.PlanJson;
import io.hyperferry.internal.run.ReportText;
import java.util.List;
import java.util.Objects;

/**
 * What a repair moved, and how both sides compare after it.
 *
 * @param repairs what was copied anew, a transaction each; empty when nothing differed that a repair can put right
 * @param comparison both sides as they were found in the end: what differed was compared again, the rest was compared before
 */
public record RepairReport(List<Repair> repairs, MigrationReport comparison) {
    /**
     * Rows of a table that were replaced in one transaction.
     *
     * @param table the table
     * @param ranges the ranges, for people
     * @param slices the positions of the slices; none where the source has no row
     * @param deleted rows that were removed from the target
     * @param copied rows that were copied from the source
     */
    public record Repair(QualifiedName table, List<String> ranges, List<Integer> slices, long deleted, long copied) {
        public Repair {
            Objects.requireNonNull(table, "table");
            ranges = List.copyOf(ranges);
            slices = List.copyOf(slices);
        }
    }

    public RepairReport {
        repairs = List.copyOf(repairs);
        Objects.requireNonNull(comparison, "comparison");
    }

    /** Whether both sides are identical now. */
    public boolean identical() {
        return comparison.identical();
    }

    /** The report as a page that one reads. */
    public String toText() {
        return ReportText.of(this);
    }

    /** The report as JSON: that of the comparison, with {@code repairs}. */
    public String toJson() {
        return PlanJson.write(this);
    }
}
