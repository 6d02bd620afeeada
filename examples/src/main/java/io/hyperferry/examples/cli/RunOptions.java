package io.hyperferry.examples.cli;

import io.hyperferry.Migration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a run reads the source, where PostgreSQL's tools are, and what becomes of the source's jobs meanwhile. */
final class RunOptions {
    @Mixin
    ReadingOptions reading = new ReadingOptions();

    @Option(
            names = "--pause-source-jobs",
            description =
                    "Pause the source's policies and other jobs until the end of the run; after a kill, migrate or"
                            + " clean-up puts them back. Without it, they are left alone.")
    boolean pauseSourceJobs;

    /**
     * The migration with these options.
     *
     * @throws UsageException when one of them cannot be used
     */
    Migration applyTo(Migration migration) {
        Migration with = reading.applyTo(migration);
        return pauseSourceJobs ? with.pauseSourceJobs() : with;
    }
}
