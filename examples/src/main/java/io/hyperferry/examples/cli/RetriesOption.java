package io.hyperferry.examples.cli;

import io.hyperferry.Migration;
import picocli.CommandLine.Option;

/** How often what fails is tried again. */
final class RetriesOption {
    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "" + Migration.DEFAULT_RETRIES,
            description =
                    "How many times a slice or a query, and in a row the command, is retried after a transient failure, like a"
                            + " lost connection or a server that restarts (default: ${DEFAULT-VALUE}).")
    int retries;

    /**
     * The number.
     *
     * @throws UsageException when it is negative
     */
    int most() {
        if (retries < 0) {
            throw new UsageException("--retries must not be negative, not " + retries);
        }
        return retries;
    }
}
