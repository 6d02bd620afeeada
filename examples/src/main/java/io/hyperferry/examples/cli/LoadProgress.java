package io.hyperferry.examples.cli;

import io.hyperferry.copy.CsvLoadEvent;
import io.hyperferry.copy.CsvLoadListener;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;

/** Shows how far a load of CSV files is: in one line of a terminal with a bar, in a line every few seconds elsewhere, or not at all. */
final class LoadProgress implements CsvLoadListener, AutoCloseable {
    private static final long PAUSE_NANOS = Duration.ofSeconds(3).toNanos();
    private static final int BAR = 30;

    private final Console console;
    private final boolean silent;

    /** The columns of the line that is written again and again; 0 for lines one below the other. */
    private final int columns;

    private long saidAt = System.nanoTime();
    private boolean shown;

    private LoadProgress(Console console, boolean silent, int columns) {
        this.console = console;
        this.silent = silent;
        this.columns = columns;
    }

    static LoadProgress of(ProgressDisplay.Kind kind, Console console) {
        OptionalInt width = Terminal.width();
        int columns = switch (kind) {
            case NONE, PLAIN -> 0;
            case BAR -> width.orElse(ProgressDisplay.WITHOUT_TERMINAL);
            case AUTO -> width.orElse(0);
        };
        return new LoadProgress(console, kind == ProgressDisplay.Kind.NONE, columns);
    }

    @Override
    public synchronized void onEvent(CsvLoadEvent event) {
        if (silent) {
            return;
        }
        if (event instanceof CsvLoadEvent.Retrying retrying) {
            close();
            console.say(retrying.failure().getMessage() + "; trying again in " + Amounts.seconds(retrying.pause()));
        } else if (event instanceof CsvLoadEvent.Progress progress) {
            show(progress);
        }
    }

    private void show(CsvLoadEvent.Progress progress) {
        String line = describe(progress);
        if (columns > 0) {
            String bar = progress.fraction().map(LoadProgress::bar).orElse("");
            String whole = bar.length() + line.length() < columns ? bar + line : line;
            console.err().print("\r" + cut(whole));
            console.err().flush();
            shown = true;
        } else if (System.nanoTime() - saidAt >= PAUSE_NANOS) {
            saidAt = System.nanoTime();
            console.say(line);
        }
    }

    static String describe(CsvLoadEvent.Progress progress) {
        return String.format(
                Locale.ROOT,
                "%s%,d rows, %s%s%s",
                progress.fraction()
                        .map(it -> String.format(Locale.ROOT, "%.0f %%, ", Math.floor(100 * it)))
                        .orElse(""),
                progress.rows(),
                Amounts.bytes(progress.bytesRead()),
                progress.bytesTotal().isPresent()
                        ? " of " + Amounts.bytes(progress.bytesTotal().getAsLong())
                        : "",
                progress.remaining()
                        .map(it -> ", " + Amounts.clock(it.plusMillis(999)) + " left")
                        .orElse(""));
    }

    private static String bar(double fraction) {
        int done = (int) Math.floor(BAR * fraction);
        return "[" + "=".repeat(done) + " ".repeat(BAR - done) + "] ";
    }

    /** Some terminals go to the next line when the last column is written. */
    private String cut(String line) {
        int most = columns - 1;
        return line.length() > most ? line.substring(0, most) : line + " ".repeat(most - line.length());
    }

    /** Takes the line away. */
    @Override
    public synchronized void close() {
        if (shown) {
            console.err().print("\r" + " ".repeat(columns - 1) + "\r");
            console.err().flush();
            shown = false;
        }
    }
}
