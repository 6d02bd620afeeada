package io.hyperferry.examples.cli;

import java.time.Duration;
import java.util.Locale;

/** Amounts as people read them. */
final class Amounts {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private Amounts() {}

    /** Bytes, for example {@code 1.2 GB}, counted as PostgreSQL counts: 1 kB is 1024 bytes. */
    static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || amount >= 100 ? "%.0f %s" : "%.1f %s", amount, UNITS[unit]);
    }

    /** A clock, for example {@code 1:02:03}. */
    static String clock(Duration duration) {
        return String.format(
                Locale.ROOT, "%d:%02d:%02d", duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
    }

    /** Seconds, for example {@code 0.3 s}. */
    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
