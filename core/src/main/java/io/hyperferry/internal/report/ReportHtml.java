package io.hyperferry.internal.report;

import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationReport.Failure;
import io.hyperferry.MigrationReport.Outcome;
import io.hyperferry.MigrationReport.Retry;
import io.hyperferry.MigrationReport.TableResult;
import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.RunHistory;
import io.hyperferry.RunHistory.TableHistory;
import io.hyperferry.Sample;
import io.hyperferry.Verification;
import io.hyperferry.internal.plan.Sizes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report as one page for a browser, complete in itself. */
public final class ReportHtml {
    private static final int SHOWN_MISMATCHES = 50;

    private final MigrationReport report;
    private final Html page = new Html();

    private ReportHtml(MigrationReport report) {
        this.report = report;
    }

    /** The whole page. */
    public static String of(MigrationReport report) {
        return new ReportHtml(report).page();
    }

    private String page() {
        page.raw("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
        page.empty("meta", "charset", "utf-8");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.empty("meta", "name", "color-scheme", "content", "light dark");
        // Even what would slip through the escaping could do nothing and fetch nothing.
        page.empty(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'");
        page.element("title", report.title() + " – " + report.target().database());
        page.raw("<style>\n" + css() + "</style>\n").close("head").open("body").open("main");
        verdict();
        failure();
        differences();
        if (report.history() != null) {
            new HistoryHtml(report.history(), page).write();
        }
        tables();
        list(
                "Problems",
                report.warnings().stream()
                        .filter(Problem::blocks)
                        .map(ReportHtml::describe)
                        .toList(),
                "bad");
        list(
                "Warnings",
                report.warnings().stream()
                        .filter(problem -> !problem.blocks())
                        .map(ReportHtml::describe)
                        .toList(),
                "warning");
        list("Left out", report.leftOut(), "");
        list(
                "Tried again",
                report.retries().stream()
                        .map(it -> it.what() + ": " + it.times() + " times after SQLState " + it.reason())
                        .toList(),
                "");
        conditions();
        return page.close("main").close("body").close("html").toString();
    }

    private static String css() {
        try (InputStream resource = ReportHtml.class.getResourceAsStream("report.css")) {
            return new String(
                    Objects.requireNonNull(resource, "report.css is missing from the jar")
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void verdict() {
        long rows = report.tables().stream().mapToLong(TableResult::rows).sum();
        long bytes = report.tables().stream().mapToLong(TableResult::bytes).sum();
        page.open("header", "class", report.identical() ? "good" : "bad");
        page.element("h1", report.title());
        page.element("p", report.source() + " → " + report.target());
        page.open("dl", "class", "figures");
        figure("rows", number(rows));
        if (bytes > 0) {
            figure("copied", Sizes.text(bytes));
        }
        figure("tables", number(report.tables().size()));
        @Nullable Sample sample = report.sample();
        if (sample != null) {
            figure("of the slices were compared", sample.percent() + "%");
        }
        if (report.snapshots() > 1) {
            figure("snapshots of the source", number(report.snapshots()));
        }
        long retries = report.retries().stream().mapToLong(Retry::times).sum();
        if (retries > 0) {
            figure("tries again", number(retries));
        }
        figure(report.attempts() > 1 ? "last of " + report.attempts() + " runs" : "time", Times.text(report.elapsed()));
        long unequal = report.tables().stream()
                .filter(table -> table.isCompared() && !table.identical())
                .count();
        if (unequal > 0) {
            figure("tables differ", number(unequal));
        }
        if (!report.differences().isEmpty()) {
            figure("differences", number(report.differences().size()));
        }
        long problems = report.warnings().stream().filter(Problem::blocks).count();
        if (problems > 0) {
            figure("problems", number(problems));
        }
        if (report.warnings().size() > problems) {
            figure("warnings", number(report.warnings().size() - problems));
        }
        page.close("dl").close("header");
    }

    private void figure(String name, String value) {
        page.open("div").element("dt", name).element("dd", value).close("div");
    }

    /** Why it ended early, and the steps before that. */
    private void failure() {
        @Nullable Failure failure = report.failure();
        if (failure == null) {
            return;
        }
        if (report.outcome() == Outcome.FAILED) {
            list("What failed", failure.message().lines().toList(), "bad");
        }
        list(
                "Steps done",
                report.steps().stream()
                        .map(step -> step.title() + ": "
                                + (step.earlier() ? "done by an earlier run" : Times.text(step.elapsed())))
                        .toList(),
                "");
    }

    private void differences() {
        list(
                "Differences of structure",
                report.differences().stream().map(Object::toString).toList(),
                "bad");
    }

    private void list(String title, List<String> lines, String style) {
        if (lines.isEmpty()) {
            return;
        }
        page.open("section").element("h2", title).open("ul", "class", style);
        lines.forEach(it -> page.element("li", it));
        page.close("ul").close("section");
    }

    private static String describe(Problem problem) {
        return problem.code() + " (" + problem.object() + "): " + problem.message() + " " + problem.remedy();
    }

    private void tables() {
        if (report.tables().isEmpty()) {
            return;
        }
        Map<String, TableHistory> histories = new HashMap<>();
        if (report.history() != null) {
            report.history().tables().forEach(it -> histories.put(it.table().toString(), it));
        }
        page.open("section").element("h2", "Tables").open("table").open("thead").open("tr");
        page.element("th", "table").element("th", "rows", "class", "number");
        if (report.history() == null) {
            page.element("th", "compared");
        } else {
            page.element("th", "copied", "class", "number").element("th", "how").element("th", "digest");
        }
        page.element("th", "verdict").close("tr").close("thead").open("tbody");
        for (TableResult table : report.tables()) {
            row(table, histories.get(table.table().toString()));
        }
        page.close("tbody").close("table").close("section");
    }

    /** A verification alone has copied nothing, and knows no other digest than those of slices. */
    private void row(TableResult table, @Nullable TableHistory history) {
        List<String> notes = notes(table);
        page.open(
                "tr",
                "class",
                (table.mismatches().isEmpty() ? "" : "bad")
                        + (notes.isEmpty() && table.mismatches().isEmpty() ? "" : " noted"));
        page.element("th", table.table().toString(), "scope", "row");
        cell("rows", number(table.rows()), "number");
        if (report.history() == null) {
            cell("compared", compared(table), "");
        } else {
            cell("copied", Sizes.text(table.bytes()), "number");
            cell("how", history == null ? "–" : how(table, history), "");
            page.open("td", "data-label", "digest")
                    .element("code", digest(history))
                    .close("td");
        }
        cell(
                "verdict",
                table.identical() ? "identical" : table.isCompared() ? "not identical" : "not compared",
                table.identical() ? "good" : table.isCompared() ? "bad" : "");
        page.close("tr");
        notes(table.mismatches(), notes);
    }

    private static String compared(TableResult table) {
        String all = counted(table.slices(), "slice", "slices");
        return table.compared() < table.slices() ? number(table.compared()) + " of " + all : all;
    }

    private static String counted(long count, String one, String many) {
        return number(count) + " " + (count == 1 ? one : many);
    }

    private static String digest(@Nullable TableHistory history) {
        String digest = history == null ? null : history.digest();
        return digest == null ? "–" : digest;
    }

    private void cell(String label, String text, String style) {
        page.element("td", text, "data-label", label, "class", style);
    }

    private static String how(TableResult table, TableHistory history) {
        String modes = history.modes().entrySet().stream()
                .map(it -> number(it.getValue()) + " " + mode(it.getKey(), it.getValue()))
                .collect(Collectors.joining(", "));
        boolean earlier = table.slicesNow() < table.slices();
        return earlier
                ? modes + "; " + number(table.slicesNow()) + " of " + number(table.slices()) + " in this run"
                : modes;
    }

    private static String mode(String name, long count) {
        return switch (name) {
            case "ROWS" -> count == 1 ? "slice as rows" : "slices as rows";
            case "COMPRESSED" -> count == 1 ? "chunk as compressed tuples" : "chunks as compressed tuples";
            case "WHOLE" -> count == 1 ? "whole table" : "whole tables";
            default -> name.toLowerCase(Locale.ROOT);
        };
    }

    /** What is to be said of a table beyond its numbers and what differs. */
    private static List<String> notes(TableResult table) {
        List<String> notes = new ArrayList<>(table.refusals());
        notes.add(reading(table, "REWRITTEN", "rewritten on the source meanwhile, and read as they were then"));
        notes.add(reading(table, "DROPPED", "dropped on the source meanwhile, and not on the target"));
        notes.removeIf(String::isEmpty);
        return notes;
    }

    private void notes(List<String> mismatches, List<String> notes) {
        if (mismatches.isEmpty() && notes.isEmpty()) {
            return;
        }
        String columns = report.history() == null ? "4" : "6";
        page.open("tr", "class", "notes").open("td", "colspan", columns).open("ul");
        mismatches.stream().limit(SHOWN_MISMATCHES).forEach(it -> page.element("li", it, "class", "bad"));
        if (mismatches.size() > SHOWN_MISMATCHES) {
            page.element("li", "and " + number(mismatches.size() - SHOWN_MISMATCHES) + " more", "class", "bad");
        }
        notes.forEach(it -> page.element("li", it));
        page.close("ul").close("td").close("tr");
    }

    private static String reading(TableResult table, String reading, String what) {
        long count = table.readings().getOrDefault(reading, 0L);
        return count == 0 ? "" : counted(count, "slice", "slices") + ": " + what;
    }

    private void conditions() {
        page.open("section").element("h2", "Conditions").open("dl", "class", "conditions");
        figure("source", side(report.source()));
        figure("target", side(report.target()));
        figure("began", Times.moment(report.startedAt()));
        figure("compared", report.verification() == Verification.DIGESTS ? "digests of every row" : "numbers of rows");
        int probes = report.tables().stream().mapToInt(TableResult::probes).sum();
        if (probes > 0) {
            figure("probed", counted(probes, "query", "queries") + " on the target");
        }
        @Nullable RunHistory history = report.history();
        if (history != null) {
            options(history.options());
            figure(
                    "runs",
                    history.attempts().stream()
                            .map(it -> it.number() + ": " + Times.moment(it.startedAt()) + ", " + it.parallelism()
                                    + (it.parallelism() == 1 ? " worker" : " workers"))
                            .collect(Collectors.joining("\n")));
            figure("snapshots", snapshots());
        }
        figure("Hyperferry", version());
        figure("Java", Runtime.version().toString());
        page.close("dl").close("section");
    }

    private static String side(MigrationPlan.Side side) {
        return side + "\nsystem identifier " + side.systemIdentifier();
    }

    private void options(PlanOptions options) {
        figure("split", options.splitBy() == null ? "one slice a chunk" : Times.text(options.splitBy()));
        if (options.integerTimeUnit() != null) {
            figure("integer time", word(options.integerTimeUnit()));
        }
        if (!options.include().isEmpty()) {
            figure("only", String.join(", ", options.include()));
        }
        if (!options.exclude().isEmpty()) {
            figure("without", String.join(", ", options.exclude()));
        }
        figure("consistency", word(options.consistency()));
        figure("owners", options.keepOwners() ? "kept" : "the role that migrates");
        if (!options.roles().isEmpty()) {
            figure(
                    "roles",
                    options.roles().entrySet().stream()
                            .map(it -> it.getKey() + " → " + it.getValue())
                            .collect(Collectors.joining("\n")));
        }
        figure("aggregates", word(options.aggregates()));
        figure("compressed chunks", word(options.compressed()));
        if (options.maxUncompressed() != null) {
            figure("uncompressed at most", Sizes.text(options.maxUncompressed()));
        }
    }

    private String snapshots() {
        Map<String, Long> readings = new HashMap<>();
        report.tables()
                .forEach(table -> table.readings().forEach((how, count) -> readings.merge(how, count, Long::sum)));
        String text = readings.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(it -> number(it.getValue()) + " " + reading(it.getKey()))
                .collect(Collectors.joining("\n"));
        return report.attempts() > 1 ? text + "\n" + report.attempts() + " runs, each with a moment of its own" : text;
    }

    private static String reading(String name) {
        return switch (name) {
            case "SNAPSHOT" -> "slices under a run's snapshot";
            case "EACH_SLICE" -> "slices as they were when their turn came";
            case "REWRITTEN" -> "slices rewritten meanwhile";
            case "DROPPED" -> "slices dropped meanwhile";
            default -> name.toLowerCase(Locale.ROOT);
        };
    }

    private static String word(Enum<?> value) {
        return value instanceof ChronoUnit
                ? value.toString()
                : value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String version() {
        Package own = ReportHtml.class.getPackage();
        return own.getImplementationVersion() == null ? "not from a jar" : own.getImplementationVersion();
    }

    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
