package io.hyperferry.internal.plan;

import io.hyperferry.MigrationPlan;
import io.hyperferry.Problem;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import java.util.Locale;

/** A plan as a page that one reads. */
public final class PlanText {
    private PlanText() {}

    /** The whole plan. */
    public static String of(MigrationPlan plan) {
        StringBuilder text = new StringBuilder()
                .append("From ")
                .append(plan.source())
                .append("\nto   ")
                .append(plan.target())
                .append("\n\n");
        int number = 1;
        for (Step step : plan.steps()) {
            text.append(String.format(Locale.ROOT, "%3d  %s\n", number++, step.title()));
            if (step instanceof Step.CopyData copy) {
                copy.tables().forEach(table -> text.append(describe(table)));
                text.append(room(copy));
            }
        }
        if (!plan.leftOut().isEmpty()
                || !plan.dependentsLeftOut().isEmpty()
                || !plan.jobsLeftOut().isEmpty()
                || plan.rowsLeftOut().isPresent()) {
            text.append("\nStays behind:\n");
            plan.leftOut()
                    .forEach(it -> text.append("     ")
                            .append(it.relation())
                            .append(": ")
                            .append(it.reason())
                            .append('\n'));
            plan.dependentsLeftOut()
                    .forEach(line -> text.append("     ").append(line).append('\n'));
            plan.jobsLeftOut().forEach(it -> text.append("     ").append(it).append('\n'));
            plan.rowsLeftOut().ifPresent(it -> text.append("     ").append(it).append('\n'));
        }
        if (!plan.problems().isEmpty()) {
            text.append("\nProblems:\n");
            for (Problem problem : plan.problems()) {
                text.append("     ").append(problem).append('\n');
            }
        }
        return text.toString();
    }

    /** A server does not tell how much room its disk has, so that the estimate stands alone. */
    private static String room(Step.CopyData copy) {
        long rows = copy.tables().stream()
                .flatMap(it -> it.slices().stream())
                .mapToLong(Slice::estimatedBytes)
                .sum();
        long stored = copy.tables().stream().mapToLong(TableData::storedBytes).sum();
        return "       room on the target, without indexes: "
                + (stored < rows ? Sizes.text(stored) + ", " + Sizes.text(rows) + " as rows" : Sizes.text(rows)) + "\n";
    }

    private static String describe(TableData table) {
        StringBuilder text = new StringBuilder(line(table));
        long compressed = table.slices().stream()
                .filter(it -> it.mode() == Slice.Mode.COMPRESSED)
                .count();
        if (compressed > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    "         %,d of them as compressed tuples, if the target has the same columns for these\n",
                    compressed));
        }
        table.refusals().forEach(it -> text.append("         ").append(it).append('\n'));
        return text.toString();
    }

    private static String line(TableData table) {
        int slices = table.slices().size();
        long rows = table.slices().stream().mapToLong(Slice::estimatedRows).sum();
        long bytes = table.slices().stream().mapToLong(Slice::estimatedBytes).sum();
        return String.format(
                Locale.ROOT,
                "       %s: %s, %s, in %,d %s\n",
                table.table(),
                rows == 0 && bytes > 0
                        ? "rows not counted (never analyzed)"
                        : String.format(Locale.ROOT, "about %,d rows", rows),
                Sizes.text(bytes),
                slices,
                slices == 1 ? "slice" : "slices");
    }
}
