package io.hyperferry.examples.bench;

import java.util.Locale;

/** Figures as people read them. */
final class Text {
    private static final double MEGABYTE = 1024 * 1024;

    private Text() {}

    /** Bytes in megabytes of 1024 × 1024 bytes. */
    static String bytes(double bytes) {
        return number(bytes / MEGABYTE) + " MB";
    }

    /** Bytes in megabytes of 1024 × 1024 bytes. */
    static String bytes(long bytes) {
        return bytes((double) bytes);
    }

    /** Seconds. */
    static String seconds(double seconds) {
        return number(seconds) + " s";
    }

    /** A number with three significant digits or so. */
    static String number(double number) {
        double size = Math.abs(number);
        return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", number);
    }

    /** A text as the cell of a table in Markdown. */
    static String cell(String text) {
        return text.replace("\\", "\\\\").replace("|", "\\|");
    }
}
