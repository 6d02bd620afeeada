package io.hyperferry.examples.bench;

import java.util.Locale;

/** A drawing as Scalable Vector Graphics, complete in itself. Not thread-safe. */
final class Svg {
    /** Colours that are told apart by people who do not see all of them, too. */
    static final String[] COLOURS = {"#0072b2", "#e69f00", "#009e73", "#999999", "#cc79a7"};

    /** Where a text stands at its point. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    private final StringBuilder body = new StringBuilder();
    private final double width;
    private final double height;

    /** An empty drawing of a size in pixels. */
    Svg(double width, double height) {
        this.width = width;
        this.height = height;
    }

    /** Draws a filled rectangle. */
    void rectangle(double x, double y, double w, double h, String colour) {
        add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", x, y, w, h, colour);
    }

    /** Draws a straight line. */
    void line(double x1, double y1, double x2, double y2, String colour) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>", x1, y1, x2, y2, colour);
    }

    /** Draws a point of a curve. */
    void dot(double x, double y, String colour) {
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>", x, y, colour);
    }

    /** Draws a line of a curve, thicker than others. */
    void stroke(double x1, double y1, double x2, double y2, String colour) {
        add(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"2\"/>",
                x1, y1, x2, y2, colour);
    }

    /** Writes a text. */
    void text(double x, double y, Anchor anchor, String text) {
        write(x, y, anchor, "", text);
    }

    /** Writes a text in bold type. */
    void title(double x, double y, String text) {
        write(x, y, Anchor.START, " font-weight=\"bold\"", text);
    }

    /** Writes a text from below upwards. */
    void upward(double x, double y, String text) {
        String turn = String.format(Locale.ROOT, " transform=\"rotate(-90 %.1f %.1f)\"", x, y);
        write(x, y, Anchor.MIDDLE, turn, text);
    }

    private void write(double x, double y, Anchor anchor, String attributes, String text) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>",
                x, y, anchor.name().toLowerCase(Locale.ROOT), attributes, escape(text));
    }

    /** The text with what XML reads otherwise written in its way. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private void add(String format, Object... values) {
        body.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** The drawing as a file's text. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$.0f\" height=\"%2$.0f\" viewBox=\"0 0 %1$.0f %2$.0f\""
                        + " font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#222222\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n%3$s</svg>%n",
                width,
                height,
                body);
    }
}
