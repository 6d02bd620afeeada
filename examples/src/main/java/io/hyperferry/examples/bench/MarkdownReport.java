package io.hyperferry.examples.bench;

import io.hyperferry.examples.bench.Phase.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Writes what was measured as a page in Markdown. */
final class MarkdownReport {
    private final Results results;
    private final Setup setup;

    MarkdownReport(Results results, Setup setup) {
        this.results = results;
        this.setup = setup;
    }

    /** The page, with the goals' lines and with what else there is to show. */
    String text(List<String> goals, List<String> more) {
        List<String> lines = new ArrayList<>();
        lines.add("# Moving a hypertable to another server");
        lines.add("");
        lines.addAll(conditions());
        if (!results.ways().isEmpty()) {
            lines.add("## Medians of " + results.rounds() + (results.rounds() == 1 ? " round" : " rounds"));
            lines.add("");
            lines.addAll(medians());
            lines.addAll(explanations());
            lines.add("## Ratios of medians");
            lines.add("");
            lines.addAll(ratios());
            lines.addAll(steps());
        }
        lines.add("## Figures to hold on to");
        lines.add("");
        lines.add("```");
        lines.addAll(goals);
        lines.add("```");
        lines.add("");
        lines.addAll(more);
        if (!results.ways().isEmpty()) {
            lines.add("## Every run");
            lines.add("");
            lines.addAll(runs());
        }
        return String.join("\n", lines) + "\n";
    }

    private List<String> conditions() {
        List<String> lines = new ArrayList<>(List.of(
                "- Table: " + setup.summary() + ", " + Text.number(setup.bytesPerRow())
                        + " bytes a row without indexes; " + setup.dataset().devices() + " devices, "
                        + (4 + setup.dataset().metrics()) + " columns.",
                "- Both servers and the relay share one machine with "
                        + Runtime.getRuntime().availableProcessors() + " processors.",
                "- Hyperferry: Java " + Runtime.version().feature() + " with `" + String.join(" ", setup.jvmOptions())
                        + "`."));
        setup.servers().forEach(it -> lines.add("- Servers: " + it + "."));
        lines.add("");
        return lines;
    }

    private List<String> medians() {
        List<Column> columns = List.of(
                new Column("like for like", it -> Text.seconds(results.median(it, Measurement::comparableSeconds))),
                new Column("rows", it -> Text.seconds(results.median(it, m -> m.seconds(Kind.COPY)))),
                new Column("compression", it -> Text.seconds(results.median(it, m -> m.seconds(Kind.COMPRESS)))),
                new Column("indexes", it -> Text.seconds(results.median(it, m -> m.seconds(Kind.INDEX)))),
                new Column(
                        "in all",
                        it -> Text.seconds(results.median(it, m -> m.cost().seconds()))),
                new Column("CPU, rows", it -> Text.seconds(results.median(it, Measurement::copyCpuSeconds))),
                new Column(
                        "CPU, in all",
                        it -> Text.seconds(results.median(it, m -> m.cost().cpuSeconds()))),
                new Column(
                        "heap: peak, live",
                        it -> it.hyperferry()
                                ? Text.bytes(results.median(it, m -> m.cost().heapPeak())) + ", "
                                        + Text.bytes(
                                                results.median(it, m -> m.cost().heapLive()))
                                : "–"),
                new Column(
                        "resident",
                        it -> Text.bytes(results.median(it, m -> m.cost().resident()))),
                new Column("WAL", it -> Text.bytes(results.median(it, Measurement::walBytes))),
                new Column("target, peak", it -> Text.bytes(results.median(it, Measurement::peakBytes))));
        return table("way", columns);
    }

    private record Column(String title, Function<Way, String> cell) {}

    private List<String> table(String corner, List<Column> columns) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "| " + corner + " | " + columns.stream().map(Column::title).collect(Collectors.joining(" | ")) + " |");
        lines.add("|---|" + "---:|".repeat(columns.size()));
        for (Way way : results.ways()) {
            lines.add("| " + way.letter() + " " + Text.cell(way.title()) + " | "
                    + columns.stream().map(it -> it.cell().apply(way)).collect(Collectors.joining(" | ")) + " |");
        }
        lines.add("");
        return lines;
    }

    private List<String> explanations() {
        List<String> lines = new ArrayList<>();
        for (Way way : results.ways()) {
            lines.add("- **" + way.letter() + "**: " + Text.cell(way.explanation()) + ".");
        }
        lines.addAll(List.of(
                "",
                "*Like for like* is what every way has to do: rows, compression, indexes. *In all* has, for Hyperferry, everything else,"
                        + " too: the start of the JVM, planning, dump and restore of the schema, digests of both sides, comparison of both"
                        + " catalogs, statistics. Of the other ways nobody made the schema within the time, and nothing is proved.",
                "",
                "Hyperferry's time for rows includes the digest of every slice on the source. CPU is that of the relay: of all processes of"
                        + " psql and the shell, or of the JVM, from its start; pg_dump and the servers are not in it. Memory of several psql"
                        + " is that of all that run at a time. Where the target's size is smaller than the table's, the table was compressed.",
                ""));
        return lines;
    }

    private List<String> ratios() {
        return table(
                "way",
                List.of(
                        against("like for like", Measurement::comparableSeconds),
                        against("rows", it -> it.seconds(Kind.COPY)),
                        against("in all", it -> it.cost().seconds()),
                        against("CPU, rows", Measurement::copyCpuSeconds),
                        against("CPU, in all", it -> it.cost().cpuSeconds()),
                        against("resident", it -> it.cost().resident()),
                        against("WAL", Measurement::walBytes),
                        against("target, peak", Measurement::peakBytes)));
    }

    /** A figure of each way, divided by that of the way with psql that ends in the same state. */
    private Column against(String title, ToDoubleFunction<Measurement> figure) {
        return new Column(title + " / b or d", way -> {
            Way other = way.opponent();
            Optional<Double> ratio = results.ratio(way, other, figure);
            return ratio.isEmpty() ? "–" : Text.number(ratio.get()) + " × " + other.letter();
        });
    }

    private List<String> steps() {
        List<String> lines = new ArrayList<>();
        for (Way way : results.ways()) {
            if (!way.hyperferry()) {
                continue;
            }
            lines.add("## Steps of " + way.letter() + ", " + way.title());
            lines.add("");
            lines.add("| step | seconds | CPU of the JVM, seconds |");
            lines.add("|---|---:|---:|");
            Map<String, List<Phase>> steps = new LinkedHashMap<>();
            for (Measurement measurement : results.of(way)) {
                measurement
                        .cost()
                        .phases()
                        .forEach(it -> steps.computeIfAbsent(it.title(), t -> new ArrayList<>())
                                .add(it));
            }
            steps.forEach((title, phases) -> lines.add("| " + Text.cell(title) + " | "
                    + Text.number(median(phases, Phase::seconds)) + " | "
                    + Text.number(median(phases, Phase::cpuSeconds)) + " |"));
            lines.add("");
        }
        return lines;
    }

    private static double median(List<Phase> phases, ToDoubleFunction<Phase> figure) {
        return Results.median(phases.stream().mapToDouble(figure).toArray());
    }

    private List<String> runs() {
        List<String> lines = new ArrayList<>(List.of(
                "| round | way | like for like | rows | in all | CPU, rows | CPU, in all | resident | load before |",
                "|---:|---|---:|---:|---:|---:|---:|---:|---:|"));
        for (int round = 1; round <= results.rounds(); round++) {
            for (Way way : results.ways()) {
                for (Measurement it : results.of(way)) {
                    if (it.round() == round) {
                        lines.add("| " + round + " | " + way.letter() + " | " + Text.seconds(it.comparableSeconds())
                                + " | "
                                + Text.seconds(it.seconds(Kind.COPY)) + " | "
                                + Text.seconds(it.cost().seconds()) + " | " + Text.seconds(it.copyCpuSeconds()) + " | "
                                + Text.seconds(it.cost().cpuSeconds()) + " | "
                                + Text.bytes(it.cost().resident()) + " | " + Text.number(it.load()) + " |");
                    }
                }
            }
        }
        lines.add("");
        return lines;
    }
}
