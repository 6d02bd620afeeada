package io.hyperferry.examples.bench;

import io.hyperferry.examples.bench.BarPanel.Bar;
import io.hyperferry.examples.bench.Phase.Kind;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Draws what all ways took. */
final class ComparisonPlot {
    private static final double WIDTH = 1000;
    private static final double MARGIN = 20;
    private static final double GAP = 12;
    private static final double MEGABYTE = 1024 * 1024;

    private ComparisonPlot() {}

    /** The drawing: medians as bars, the least and the greatest figure as thin lines. */
    static String of(Results results, String subtitle) {
        List<BarPanel> panels = List.of(
                panel(
                        results,
                        "Wall time, seconds",
                        List.of("rows", "compression", "indexes", "schema, planning, statistics", "proof"),
                        List.of(
                                it -> it.seconds(Kind.COPY),
                                it -> it.seconds(Kind.COMPRESS),
                                it -> it.seconds(Kind.INDEX),
                                it -> it.seconds(Kind.AROUND),
                                it -> it.seconds(Kind.PROOF))),
                panel(
                        results,
                        "Processor time of the relay, seconds",
                        List.of("while rows travel", "before and after"),
                        List.of(
                                Measurement::copyCpuSeconds,
                                it -> Math.max(0, it.cost().cpuSeconds() - it.copyCpuSeconds()))),
                panel(
                        results,
                        "Peak memory of the relay (resident), MB",
                        List.of("resident"),
                        List.of(it -> it.cost().resident() / MEGABYTE)),
                panel(
                        results,
                        "Write-ahead log of the target, MB",
                        List.of("log"),
                        List.of(it -> it.walBytes() / MEGABYTE)),
                panel(
                        results,
                        "Peak size of the target's database, MB",
                        List.of("size"),
                        List.of(it -> it.peakBytes() / MEGABYTE)));
        double height = 2 * MARGIN
                + 44
                + panels.stream().mapToDouble(it -> it.height() + GAP).sum();
        Svg svg = new Svg(WIDTH, height);
        svg.title(MARGIN, MARGIN + 14, "Moving a hypertable to another server");
        svg.text(MARGIN, MARGIN + 34, Svg.Anchor.START, subtitle);
        double y = MARGIN + 44 + GAP;
        for (BarPanel panel : panels) {
            panel.draw(svg, MARGIN, y, WIDTH - 2 * MARGIN);
            y += panel.height() + GAP;
        }
        return svg.toString();
    }

    private static BarPanel panel(
            Results results, String title, List<String> parts, List<ToDoubleFunction<Measurement>> figures) {
        ToDoubleFunction<Measurement> sum = it ->
                figures.stream().mapToDouble(figure -> figure.applyAsDouble(it)).sum();
        return new BarPanel(
                title,
                parts,
                results.ways().stream()
                        .map(way -> new Bar(
                                way.letter() + "  " + way.title(),
                                figures.stream()
                                        .map(it -> results.median(way, it))
                                        .toList(),
                                results.of(way).stream().mapToDouble(sum).min().orElse(0),
                                results.of(way).stream().mapToDouble(sum).max().orElse(0)))
                        .toList());
    }
}
