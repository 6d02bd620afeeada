package io.hyperferry.examples.bench;

import io.hyperferry.examples.bench.LinePanel.Curve;
import io.hyperferry.examples.bench.LinePanel.Point;
import io.hyperferry.examples.bench.Phase.Kind;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Measures how cost grows with the number of rows, of chunks and of columns, each once. */
final class Sweep {
    private static final double[] SHARES = {0.1, 0.25, 0.5, 1};
    private static final int[] CHUNKS = {10, 100, 1000, 10_000};
    private static final int[] METRICS = {4, 16, 64};
    private static final double MEGABYTE = 1024 * 1024;

    private final Lab lab;
    private final long rows;
    private final int parallelism;
    private final Map<Dataset, Map<Way, Measurement>> byRows = new LinkedHashMap<>();
    private final Map<Dataset, Measurement> byChunks = new LinkedHashMap<>();
    private final Map<Dataset, Double> planning = new LinkedHashMap<>();
    private final Map<Dataset, Map<Way, Measurement>> byColumns = new LinkedHashMap<>();

    /**
     * A sweep.
     *
     * @param rows the greatest number of rows
     */
    Sweep(Lab lab, long rows, int parallelism) {
        this.lab = lab;
        this.rows = rows;
        this.parallelism = parallelism;
    }

    /** Measures. */
    void run() throws SQLException, IOException, InterruptedException {
        for (double share : SHARES) {
            Dataset dataset = Dataset.ofRows(Math.round(rows * share), Dataset.USUAL_CHUNKS, Dataset.USUAL_METRICS);
            byRows.put(dataset, both(dataset));
        }
        for (int metrics : METRICS) {
            Dataset dataset = Dataset.ofRows(rows / 10, Dataset.USUAL_CHUNKS, metrics);
            byColumns.put(dataset, both(dataset));
            lab.discard(dataset);
        }
        for (int chunks : CHUNKS) {
            Dataset dataset = Dataset.ofRows(Math.max(rows / 10, chunks), chunks, Dataset.USUAL_METRICS);
            planning.put(dataset, lab.planSeconds(dataset, parallelism));
            byChunks.put(dataset, lab.measure(Way.ROWS, 1, dataset, parallelism, false));
            lab.discard(dataset);
        }
    }

    private Map<Way, Measurement> both(Dataset dataset) throws SQLException, IOException, InterruptedException {
        Map<Way, Measurement> both = new LinkedHashMap<>();
        for (Way way : List.of(Way.PSQL, Way.ROWS)) {
            both.put(way, lab.measure(way, 1, dataset, parallelism, false));
        }
        return both;
    }

    /** How long planning the greatest number of chunks took, from the start of the JVM. */
    OptionalDouble planSeconds() {
        return planning.entrySet().stream()
                .filter(it -> it.getKey().chunks() == CHUNKS[CHUNKS.length - 1])
                .mapToDouble(Map.Entry::getValue)
                .findFirst();
    }

    /** The tables, in Markdown. */
    List<String> markdown() {
        List<String> lines = new ArrayList<>();
        comparison(lines, "rows", byRows, Dataset::rows);
        comparison(lines, "columns", byColumns, it -> 4 + it.metrics());
        lines.addAll(List.of(
                "## Growth with chunks (Hyperferry, rows)",
                "",
                "| chunks | rows | plan | create chunks | rows travel | CPU in all | peak heap | in all |",
                "|---:|---:|---:|---:|---:|---:|---:|---:|"));
        byChunks.forEach((dataset, it) -> lines.add("| " + dataset.chunks() + " | " + dataset.rows() + " | "
                + Text.seconds(planning.getOrDefault(dataset, 0.0)) + " | " + Text.seconds(creation(it)) + " | "
                + Text.seconds(it.seconds(Kind.COPY)) + " | "
                + Text.seconds(it.cost().cpuSeconds()) + " | "
                + Text.bytes(it.cost().heapPeak()) + " | "
                + Text.seconds(it.cost().seconds()) + " |"));
        lines.add("");
        return lines;
    }

    private static void comparison(
            List<String> lines,
            String what,
            Map<Dataset, Map<Way, Measurement>> measured,
            ToDoubleFunction<Dataset> x) {
        lines.addAll(List.of(
                "## Growth with " + what,
                "",
                "| " + what + " | b, rows | c, rows | b, CPU | c, CPU | c, peak heap | c, resident |",
                "|---:|---:|---:|---:|---:|---:|---:|"));
        measured.forEach((dataset, ways) -> {
            Measurement psql = ways.get(Way.PSQL);
            Measurement ferry = ways.get(Way.ROWS);
            if (psql != null && ferry != null) {
                lines.add("| " + Math.round(x.applyAsDouble(dataset)) + " | " + Text.seconds(psql.seconds(Kind.COPY))
                        + " | " + Text.seconds(ferry.seconds(Kind.COPY)) + " | "
                        + Text.seconds(psql.copyCpuSeconds()) + " | " + Text.seconds(ferry.copyCpuSeconds()) + " | "
                        + Text.bytes(ferry.cost().heapPeak()) + " | "
                        + Text.bytes(ferry.cost().resident()) + " |");
            }
        });
        lines.add("");
    }

    /** The curves. */
    String plot() {
        List<LinePanel> panels = List.of(
                new LinePanel(
                        "Time while rows travel",
                        "rows, millions",
                        "seconds",
                        false,
                        curves(byRows, it -> it.rows() / 1e6, it -> it.seconds(Kind.COPY))),
                new LinePanel(
                        "Memory of Hyperferry",
                        "rows, millions",
                        "MB",
                        false,
                        List.of(
                                curve("resident", it -> it.cost().resident() / MEGABYTE),
                                curve("heap, peak", it -> it.cost().heapPeak() / MEGABYTE))),
                new LinePanel(
                        "Chunks (Hyperferry, rows)",
                        "chunks",
                        "seconds",
                        true,
                        List.of(
                                new Curve("plan, from the start of the JVM", points(planning, it -> it)),
                                new Curve("create chunks", points(byChunks, Sweep::creation)),
                                new Curve("rows travel", points(byChunks, it -> it.seconds(Kind.COPY))),
                                new Curve(
                                        "in all",
                                        points(byChunks, it -> it.cost().seconds())))),
                new LinePanel(
                        "Columns: time while rows travel",
                        "columns",
                        "seconds",
                        false,
                        curves(byColumns, it -> 4 + it.metrics(), it -> it.seconds(Kind.COPY))));
        Svg svg = new Svg(1000, 820);
        for (int i = 0; i < panels.size(); i++) {
            panels.get(i).draw(svg, 20 + 490 * (i % 2), 20 + 395 * (i / 2), 470, 375);
        }
        return svg.toString();
    }

    private static double creation(Measurement measurement) {
        return measurement.cost().phases().stream()
                .filter(it -> it.title().startsWith("create chunks"))
                .mapToDouble(Phase::seconds)
                .sum();
    }

    private Curve curve(String label, ToDoubleFunction<Measurement> figure) {
        return new Curve(
                label, curves(byRows, it -> it.rows() / 1e6, figure).get(1).points());
    }

    private static List<Curve> curves(
            Map<Dataset, Map<Way, Measurement>> measured,
            ToDoubleFunction<Dataset> x,
            ToDoubleFunction<Measurement> y) {
        List<Curve> curves = new ArrayList<>();
        for (Way way : List.of(Way.PSQL, Way.ROWS)) {
            List<Point> points = new ArrayList<>();
            measured.forEach((dataset, ways) -> {
                Measurement measurement = ways.get(way);
                if (measurement != null) {
                    points.add(new Point(x.applyAsDouble(dataset), y.applyAsDouble(measurement)));
                }
            });
            curves.add(new Curve(way.letter() + "  " + way.title(), points));
        }
        return curves;
    }

    private static <T> List<Point> points(Map<Dataset, T> measured, ToDoubleFunction<T> y) {
        return measured.entrySet().stream()
                .map(it -> new Point(it.getKey().chunks(), y.applyAsDouble(it.getValue())))
                .toList();
    }
}
