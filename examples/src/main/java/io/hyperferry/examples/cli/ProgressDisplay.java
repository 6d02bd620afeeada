package io.hyperferry.examples.cli;

import io.hyperferry.MigrationListener;
import java.util.OptionalInt;

/** Shows how far a run is. */
interface ProgressDisplay extends MigrationListener, AutoCloseable {
    /** How to show it. */
    enum Kind {
        /** A bar on a terminal, lines elsewhere. */
        AUTO,
        /** A bar. */
        BAR,
        /** Lines. */
        PLAIN,
        /** Not at all: reports only locks that a command waits for. */
        NONE
    }

    /** Columns of a bar that somebody wants without a terminal. */
    int WITHOUT_TERMINAL = 80;

    @Override
    void close();

    /** The display of a kind. */
    static ProgressDisplay of(Kind kind, Console console) {
        OptionalInt columns = Terminal.width();
        return switch (kind) {
            case NONE -> new Notices(console, true);
            case PLAIN -> new PlainProgress(console);
            case BAR -> new BarProgress(console, columns.orElse(WITHOUT_TERMINAL));
            case AUTO ->
                columns.isPresent() ? new BarProgress(console, columns.getAsInt()) : new PlainProgress(console);
        };
    }
}
