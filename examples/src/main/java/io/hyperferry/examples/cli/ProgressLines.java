package io.hyperferry.examples.cli;

import io.hyperferry.MigrationEvent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The lines of a progress display, none of them longer than it may be. */
final class ProgressLines {
    /** Amounts are not searched for at the far side of a wide terminal. */
    private static final int WIDEST = 100;

    private static final int NARROWEST = 24;
    private static final int SHORTEST_BAR = 10;
    private static final int LONGEST_BAR = 40;
    private static final String GAP = "...";

    private final int columns;

    ProgressLines(int columns) {
        this.columns = Math.max(NARROWEST, Math.min(columns, WIDEST));
    }

    int columns() {
        return columns;
    }

    /** The place of a step, as wide for each of them. */
    static String place(int number, int steps) {
        int digits = Integer.toString(steps).length();
        return String.format(Locale.ROOT, "%" + digits + "d/%d  ", number, steps);
    }

    /** What is done, and how long it took. */
    String done(String what, String amount) {
        int room = columns - amount.length() - 1;
        return filled(shortened(what, room), room) + " " + amount;
    }

    /** What is under way, and since when. */
    String underWay(String what, long nanos) {
        return done(what, Amounts.clock(Duration.ofNanos(nanos)));
    }

    /**
     * How far the copying is: the remaining time, a bar, rate, bytes and slices, as far as there is room for them, in this order. Each has its
     * place, so that nothing jumps.
     */
    String copying(String what, MigrationEvent.Progress progress) {
        String head = shortened(what, columns / 2)
                + String.format(Locale.ROOT, " %3.0f %%", Math.floor(100 * progress.fraction()));
        // Rounded up: it is not 0 while some is left.
        String amounts = progress.remaining()
                .map(it -> ", " + Amounts.clock(it.plusMillis(999)) + " left")
                .orElse(" ".repeat(", 0:00:00 left".length()));
        String slices = String.format(Locale.ROOT, "%,d", progress.slices());
        List<String> more = List.of(
                String.format(Locale.ROOT, ", %7s/s", Amounts.bytes(progress.bytesPerSecond())),
                String.format(Locale.ROOT, ", %7s", Amounts.bytes(progress.bytes())),
                String.format(Locale.ROOT, ", %," + slices.length() + "d of %s slices", progress.slicesDone(), slices));
        int room = columns - head.length() - "[] ".length();
        for (String next : more) {
            if (amounts.length() + next.length() + SHORTEST_BAR > room) {
                break;
            }
            amounts = next + amounts;
        }
        int bar = Math.min(LONGEST_BAR, room - amounts.length());
        String line = bar < SHORTEST_BAR
                ? head + amounts
                : head + " " + bar(progress.fraction(), bar) + amounts.replaceFirst("^,", "");
        return filled(shortened(line, columns), columns);
    }

    private static String bar(double fraction, int length) {
        int done = (int) Math.floor(length * fraction);
        return "[" + "=".repeat(done) + " ".repeat(length - done) + "]";
    }

    /** Without its middle: names often begin alike. */
    private static String shortened(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = (most - GAP.length()) / 2;
        return text.substring(0, most - GAP.length() - end) + GAP + text.substring(text.length() - end);
    }

    private static String filled(String text, int length) {
        return text + " ".repeat(Math.max(0, length - text.length()));
    }
}
