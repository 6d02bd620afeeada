package io.hyperferry.examples.cli;

import picocli.CommandLine.Option;

/** How it is shown how far a run is. */
final class ProgressOption {
    @Option(
            names = "--progress",
            paramLabel = "KIND",
            defaultValue = "auto",
            description =
                    "bar, plain (lines), none, or auto: a bar on a terminal, else lines (default: ${DEFAULT-VALUE}).")
    ProgressDisplay.Kind progress = ProgressDisplay.Kind.AUTO;

    /** How to show it, if at all. */
    ProgressDisplay.Kind kind(boolean quiet) {
        return quiet ? ProgressDisplay.Kind.NONE : progress;
    }
}
