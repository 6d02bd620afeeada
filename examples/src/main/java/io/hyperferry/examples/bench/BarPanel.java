package io.hyperferry.examples.bench;

import java.util.List;

/**
 * Bars beside each other's names, made of parts in different colours.
 *
 * @param title what they show, with its unit
 * @param parts the names of the parts
 * @param bars the bars
 */
record BarPanel(String title, List<String> parts, List<Bar> bars) {
    private static final double LABELS = 210;
    private static final double RIGHT = 70;
    private static final double HEAD = 30;
    private static final double LEGEND = 22;
    private static final double ROW = 30;
    private static final double FOOT = 34;

    BarPanel {
        parts = List.copyOf(parts);
        bars = List.copyOf(bars);
    }

    /**
     * A bar.
     *
     * @param label its name
     * @param parts the figures of its parts
     * @param least the least sum of the parts that was measured
     * @param most the greatest one
     */
    record Bar(String label, List<Double> parts, double least, double most) {
        Bar {
            parts = List.copyOf(parts);
        }

        private double sum() {
            return parts.stream().mapToDouble(it -> it).sum();
        }
    }

    /** How many pixels high it is. */
    double height() {
        return HEAD + (parts.size() > 1 ? LEGEND : 0) + ROW * bars.size() + FOOT;
    }

    /** Draws it into a drawing, so many pixels wide. */
    void draw(Svg svg, double x, double y, double width) {
        svg.title(x, y + 16, title);
        double top = y + HEAD;
        if (parts.size() > 1) {
            double left = x + LABELS;
            for (int i = 0; i < parts.size(); i++) {
                svg.rectangle(left, top, 12, 12, Svg.COLOURS[i % Svg.COLOURS.length]);
                svg.text(left + 17, top + 11, Svg.Anchor.START, parts.get(i));
                left += 34 + 7.0 * parts.get(i).length();
            }
            top += LEGEND;
        }
        double bottom = top + ROW * bars.size();
        double greatest = bars.stream()
                .mapToDouble(it -> Math.max(it.sum(), it.most()))
                .max()
                .orElse(1);
        Axis axis = Axis.linear(greatest, x + LABELS, x + width - RIGHT);
        for (double tick : axis.ticks()) {
            svg.line(axis.at(tick), top, axis.at(tick), bottom, "#dddddd");
            svg.text(axis.at(tick), bottom + 17, Svg.Anchor.MIDDLE, Axis.label(tick));
        }
        for (int i = 0; i < bars.size(); i++) {
            drawBar(svg, axis, bars.get(i), x, top + ROW * i);
        }
        svg.line(axis.at(0), top, axis.at(0), bottom, "#222222");
    }

    private static void drawBar(Svg svg, Axis axis, Bar bar, double x, double y) {
        svg.text(x + LABELS - 8, y + 19, Svg.Anchor.END, bar.label());
        double sum = 0;
        for (int i = 0; i < bar.parts().size(); i++) {
            double left = axis.at(sum);
            sum += bar.parts().get(i);
            svg.rectangle(left, y + 5, axis.at(sum) - left, ROW - 11, Svg.COLOURS[i % Svg.COLOURS.length]);
        }
        double middle = y + 5 + (ROW - 11) / 2;
        svg.line(axis.at(bar.least()), middle, axis.at(bar.most()), middle, "#222222");
        for (double end : new double[] {bar.least(), bar.most()}) {
            svg.line(axis.at(end), middle - 4, axis.at(end), middle + 4, "#222222");
        }
        svg.text(Math.max(axis.at(sum), axis.at(bar.most())) + 6, y + 19, Svg.Anchor.START, Text.number(sum));
    }
}
