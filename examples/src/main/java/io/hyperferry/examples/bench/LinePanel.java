package io.hyperferry.examples.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Curves over one figure.
 *
 * @param title what they show
 * @param xLabel what is varied, with its unit
 * @param yLabel what is measured, with its unit
 * @param logarithmic whether both axes are logarithmic
 * @param curves the curves
 */
record LinePanel(String title, String xLabel, String yLabel, boolean logarithmic, List<Curve> curves) {
    private static final double LEFT = 66;
    private static final double RIGHT = 24;
    private static final double TOP = 34;
    private static final double BOTTOM = 46;
    private static final double LEGEND_ROW = 19;

    LinePanel {
        curves = List.copyOf(curves);
    }

    /**
     * A curve.
     *
     * @param label its name
     * @param points its points, from left to right
     */
    record Curve(String label, List<Point> points) {
        Curve {
            points = List.copyOf(points);
        }
    }

    /** A point. */
    record Point(double x, double y) {}

    /** Draws it into a drawing, in a rectangle of pixels. */
    void draw(Svg svg, double x, double y, double width, double height) {
        svg.title(x, y + 16, title);
        double top = y + TOP + LEGEND_ROW * curves.size();
        double bottom = y + height - BOTTOM;
        Axis across = axis(Point::x, x + LEFT, x + width - RIGHT);
        Axis up = axis(Point::y, bottom, top);
        for (double tick : across.ticks()) {
            svg.line(across.at(tick), top, across.at(tick), bottom, "#dddddd");
            svg.text(across.at(tick), bottom + 17, Svg.Anchor.MIDDLE, Axis.label(tick));
        }
        for (double tick : up.ticks()) {
            svg.line(x + LEFT, up.at(tick), x + width - RIGHT, up.at(tick), "#dddddd");
            svg.text(x + LEFT - 6, up.at(tick) + 4, Svg.Anchor.END, Axis.label(tick));
        }
        svg.text(x + LEFT + (width - LEFT - RIGHT) / 2, bottom + 36, Svg.Anchor.MIDDLE, xLabel);
        svg.upward(x + 14, (top + bottom) / 2, yLabel);
        for (int i = 0; i < curves.size(); i++) {
            String colour = Svg.COLOURS[i % Svg.COLOURS.length];
            svg.rectangle(x + LEFT, y + TOP + LEGEND_ROW * i - 4, 12, 12, colour);
            svg.text(
                    x + LEFT + 17,
                    y + TOP + LEGEND_ROW * i + 7,
                    Svg.Anchor.START,
                    curves.get(i).label());
            drawCurve(svg, curves.get(i), across, up, colour);
        }
    }

    private static void drawCurve(Svg svg, Curve curve, Axis across, Axis up, String colour) {
        for (int i = 0; i < curve.points().size(); i++) {
            Point here = curve.points().get(i);
            svg.dot(across.at(here.x()), up.at(here.y()), colour);
            if (i > 0) {
                Point before = curve.points().get(i - 1);
                svg.stroke(across.at(before.x()), up.at(before.y()), across.at(here.x()), up.at(here.y()), colour);
            }
        }
    }

    private Axis axis(ToDoubleFunction<Point> coordinate, double begin, double end) {
        DoubleStream figures =
                curves.stream().flatMap(it -> it.points().stream()).mapToDouble(coordinate);
        return logarithmic
                ? Axis.logarithmic(figures.map(it -> Math.max(it, 1e-3)), begin, end)
                : Axis.linear(figures.max().orElse(1), begin, end);
    }
}
