package io.hyperferry.examples.cli;

import io.hyperferry.Migration;
import picocli.CommandLine.Option;

/** How many workers there are. */
final class ParallelismOption {
    @Option(
            names = "--parallelism",
            paramLabel = "N",
            defaultValue = "" + Migration.DEFAULT_PARALLELISM,
            description = "How many slices travel at a time (default: ${DEFAULT-VALUE}).")
    int parallelism;

    /**
     * The number.
     *
     * @throws UsageException when there cannot be so many
     */
    int workers() {
        if (parallelism < 1) {
            throw new UsageException("--parallelism must be at least 1, not " + parallelism);
        }
        return parallelism;
    }

    /** The migration with so many workers. */
    Migration applyTo(Migration migration) {
        return migration.parallelism(workers());
    }
}
