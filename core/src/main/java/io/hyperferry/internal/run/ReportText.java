package io.hyperferry.internal.run;

import io.hyperferry.CatchUpReport;
import io.hyperferry.CatchUpReport.Pass;
import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationReport.Outcome;
import io.hyperferry.MigrationReport.Retry;
import io.hyperferry.MigrationReport.StepResult;
import io.hyperferry.MigrationReport.TableResult;
import io.hyperferry.Problem;
import io.hyperferry.RepairReport;
import io.hyperferry.RepairReport.Repair;
import io.hyperferry.Sample;
import io.hyperferry.Verification;
import io.hyperferry.internal.ledger.Reading;
import io.hyperferry.internal.plan.Sizes;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A report as a page that one reads. */
public final class ReportText {
    private static final int SHOWN_MISMATCHES = 20;
    private static final int SHOWN_LINES = 20;

    private ReportText() {}

    /** The whole report. */
    public static String of(MigrationReport report) {
        StringBuilder text = new StringBuilder();
        sides(report.source(), report.target(), text);
        if (!report.steps().isEmpty()) {
            steps(report.steps(), text);
        }
        if (!report.tables().isEmpty()) {
            tables(report.tables(), text);
        }
        readings(report.tables(), text);
        retries(report.retries(), text);
        if (!report.leftOut().isEmpty()) {
            text.append("\nStayed behind:\n");
            report.leftOut().forEach(it -> text.append("  ").append(it).append('\n'));
        }
        warnings(report.warnings(), text);
        if (!report.differences().isEmpty()) {
            text.append("\nDifferences of structure:\n");
            report.differences().forEach(it -> text.append("  ").append(it).append('\n'));
        }
        verdict(report, text);
        return text.toString();
    }

    /** What a repair moved, and the comparison after it. */
    public static String of(RepairReport report) {
        StringBuilder text = new StringBuilder();
        report.repairs()
                .forEach(it -> text.append("Repaired ").append(moved(it)).append('\n'));
        return text.append(report.repairs().isEmpty() ? "Nothing was repaired.\n\n" : "\n")
                .append(of(report.comparison()))
                .toString();
    }

    /** What a catch-up moved, pass by pass. */
    public static String of(CatchUpReport report) {
        StringBuilder text = new StringBuilder();
        sides(report.source(), report.target(), text);
        int number = 0;
        for (Pass pass : report.passes()) {
            number++;
            text.append(String.format(
                    Locale.ROOT,
                    "Pass %d, %s: %s\n",
                    number,
                    seconds(pass.elapsed()),
                    pass.still()
                            ? "nothing had changed"
                            : String.format(
                                    Locale.ROOT,
                                    "%,d transactions, %,d rows removed, %,d copied",
                                    pass.moves().size(),
                                    pass.deleted(),
                                    pass.copied())));
            some(
                    Stream.of(
                                    pass.created().stream(),
                                    pass.moves().stream().map(it -> moved(it)),
                                    pass.chunks().stream(),
                                    pass.sequences().stream().map(it -> "sequence " + it + ": set"))
                            .flatMap(it -> it)
                            .toList(),
                    text);
        }
        if (!report.notices().isEmpty()) {
            text.append("\nTo be known:\n");
            some(report.notices(), text);
        }
        differing(report, text);
        return text.append(String.format(Locale.ROOT, "\n%s, %s\n", verdict(report), seconds(report.elapsed())))
                .toString();
    }

    /** What a catch-up found different and did not follow, all of it; empty when there is nothing. */
    public static String ofDifferences(CatchUpReport report) {
        StringBuilder text = new StringBuilder();
        differing(report, text);
        return text.toString().strip();
    }

    private static void differing(CatchUpReport report, StringBuilder text) {
        if (!report.mismatches().isEmpty()) {
            text.append("\nRows that differ:\n");
            some(report.mismatches(), text);
        }
        if (!report.differences().isEmpty()) {
            text.append("\nNot followed:\n");
            report.differences().forEach(line -> text.append("  ").append(line).append('\n'));
        }
    }

    private static String verdict(CatchUpReport report) {
        return switch (report.outcome()) {
            case IDENTICAL -> "CAUGHT UP: source and target are identical";
            case IDENTICAL_EXCEPT -> "CAUGHT UP: all rows are identical, source and target differ in what is listed";
            case DIFFERENT ->
                report.still()
                        ? "NOT CAUGHT UP: rows of the target differ from those of the source"
                        : "NOT CAUGHT UP: the last pass still found changes";
        };
    }

    private static String moved(Repair move) {
        return String.format(
                Locale.ROOT,
                "%s, %s: %,d rows removed, %,d copied",
                move.table(),
                String.join("; ", move.ranges()),
                move.deleted(),
                move.copied());
    }

    private static void sides(MigrationPlan.Side source, MigrationPlan.Side target, StringBuilder text) {
        text.append("From ").append(source).append("\nto   ").append(target).append("\n\n");
    }

    /** The first of these lines, and how many more there are. */
    private static void some(List<String> lines, StringBuilder text) {
        lines.stream()
                .limit(SHOWN_LINES)
                .forEach(it -> text.append("  ").append(it).append('\n'));
        if (lines.size() > SHOWN_LINES) {
            text.append("  and ").append(lines.size() - SHOWN_LINES).append(" more\n");
        }
    }

    /** What kept the run from starting, each with its remedy, and what was warned of. */
    static void warnings(List<Problem> problems, StringBuilder text) {
        List<Problem> blocking = problems.stream().filter(Problem::blocks).toList();
        if (!blocking.isEmpty()) {
            text.append("\nProblems:\n");
            for (Problem problem : blocking) {
                describe(problem, text);
                text.append("    ").append(problem.remedy()).append('\n');
            }
        }
        if (blocking.size() < problems.size()) {
            text.append("\nWarnings:\n");
            problems.stream().filter(problem -> !problem.blocks()).forEach(warning -> describe(warning, text));
        }
    }

    private static void describe(Problem problem, StringBuilder text) {
        text.append("  ")
                .append(problem.code())
                .append(" (")
                .append(problem.object())
                .append("): ")
                .append(problem.message())
                .append('\n');
    }

    private static void steps(List<StepResult> steps, StringBuilder text) {
        int width = widest(steps.stream().map(StepResult::title), 44);
        for (StepResult step : steps) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-" + width + "s %s\n",
                    step.title(),
                    step.earlier() ? "done by an earlier run" : seconds(step.elapsed())));
        }
        text.append('\n');
    }

    private static int widest(Stream<String> texts, int least) {
        return Math.max(least, texts.mapToInt(String::length).max().orElse(0));
    }

    private static void tables(List<TableResult> tables, StringBuilder text) {
        int width = widest(tables.stream().map(it -> it.table().toString()), 5);
        String row = "  %-" + width + "s  %15s  %9s  %12s  %s\n";
        text.append(String.format(Locale.ROOT, row, "table", "rows", "copied", "slices", "verdict"));
        for (TableResult table : tables) {
            text.append(String.format(
                    Locale.ROOT,
                    row,
                    table.table(),
                    String.format(Locale.ROOT, "%,d", table.rows()),
                    Sizes.text(table.bytes()),
                    table.readings().isEmpty()
                            ? table.compared() < table.slices()
                                    ? table.compared() + " of " + table.slices()
                                    : table.slices()
                            : table.slicesNow() + " of " + table.slices(),
                    table.identical() ? "identical" : table.isCompared() ? "NOT IDENTICAL" : "not compared"));
            table.mismatches().stream()
                    .limit(SHOWN_MISMATCHES)
                    .forEach(it -> text.append("      ").append(it).append('\n'));
            int more = table.mismatches().size() - SHOWN_MISMATCHES;
            if (more > 0) {
                text.append("      and ").append(more).append(" more\n");
            }
        }
    }

    private static void readings(List<TableResult> tables, StringBuilder text) {
        for (TableResult table : tables) {
            long rewritten = table.readings().getOrDefault(Reading.REWRITTEN.name(), 0L);
            long dropped = table.readings().getOrDefault(Reading.DROPPED.name(), 0L);
            if (table.asTuples() > 0) {
                text.append("  ")
                        .append(table.table())
                        .append(": ")
                        .append(table.asTuples())
                        .append(table.asTuples() == 1 ? " chunk" : " chunks")
                        .append(" travelled as compressed tuples\n");
            }
            table.refusals()
                    .forEach(it -> text.append("  ")
                            .append(table.table())
                            .append(": ")
                            .append(it)
                            .append('\n'));
            long later = table.readings().getOrDefault(Reading.LATER_SNAPSHOT.name(), 0L);
            if (later > 0) {
                text.append("  ")
                        .append(table.table())
                        .append(": ")
                        .append(later)
                        .append(" slices were read under a later snapshot, because the run's first was lost\n");
            }
            if (rewritten > 0) {
                text.append("  ")
                        .append(table.table())
                        .append(": ")
                        .append(rewritten)
                        .append(" slices were rewritten on the source meanwhile, and read as they were then\n");
            }
            if (dropped > 0) {
                text.append("  ")
                        .append(table.table())
                        .append(": ")
                        .append(dropped)
                        .append(" slices were dropped on the source meanwhile, and are not on the target\n");
            }
        }
    }

    private static void retries(List<Retry> retries, StringBuilder text) {
        if (retries.isEmpty()) {
            return;
        }
        text.append("\nTried again:\n");
        some(
                retries.stream()
                        .map(it -> it.what() + ": " + it.times() + (it.times() == 1 ? " time" : " times")
                                + " after SQLState " + it.reason())
                        .toList(),
                text);
    }

    private static void verdict(MigrationReport report, StringBuilder text) {
        if (report.failure() != null
                || report.outcome() == Outcome.RUNNING
                || report.tables().isEmpty()) {
            text.append(String.format(Locale.ROOT, "\n%s, %s\n", report.title(), seconds(report.elapsed())));
            return;
        }
        @Nullable Sample sample = report.sample();
        long rows = report.tables().stream().mapToLong(TableResult::rows).sum();
        text.append(String.format(
                Locale.ROOT,
                "\n%s: %,d rows in %d tables, %s",
                sample != null
                        ? "A SAMPLE of "
                                + new BigDecimal(String.valueOf(sample.percent()))
                                        .stripTrailingZeros()
                                        .toPlainString()
                                + "% of the slices (seed " + sample.seed() + ") is "
                                + (report.identical() ? "identical; the rest was not compared" : "NOT IDENTICAL")
                        : report.identical()
                                ? report.verification() == Verification.DIGESTS
                                        ? "Verified identical"
                                        : "Verified identical by the number of rows"
                                : "NOT IDENTICAL",
                rows,
                report.tables().size(),
                seconds(report.elapsed())));
        int probes = report.tables().stream().mapToInt(TableResult::probes).sum();
        if (probes > 0) {
            text.append(String.format(Locale.ROOT, ", %,d probes of queries on the target", probes));
        }
        if (report.attempts() > 1 || report.snapshots() > 1) {
            text.append(", in ").append(report.attempts() > 1 ? report.attempts() + " runs" : "one run");
            if (report.snapshots() > 0) {
                text.append(" with ")
                        .append(report.snapshots())
                        .append(report.snapshots() > 1 ? " snapshots" : " snapshot");
            }
        }
        text.append('\n');
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
