package io.hyperferry.internal.plan;

import java.util.Locale;

/** Numbers of bytes for people. */
public final class Sizes {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};
    private static final int STEP = 1024;

    private Sizes() {}

    /** For example {@code 868 MB}, counted as PostgreSQL counts: 1 kB is 1024 bytes. */
    public static String text(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= STEP && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || value >= 100 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }
}
