package io.hyperferry.examples.cli;

import io.hyperferry.Migration;
import picocli.CommandLine.Mixin;

/** Both sides, and how fast to work between them, where the plan in the target's ledger says everything else. */
final class PacedSides {
    @Mixin
    SourceOption source = new SourceOption();

    @Mixin
    TargetOption target = new TargetOption();

    @Mixin
    ParallelismOption parallelism = new ParallelismOption();

    @Mixin
    RateLimitOption rateLimit = new RateLimitOption();

    /** Both databases, without passwords. */
    ReportFile.Sides names(Console console) {
        return new ReportFile.Sides(
                source.database(console).toString(), target.database(console).toString());
    }

    /**
     * The migration between them.
     *
     * @throws UsageException when an option cannot be used
     */
    Migration migration(Console console) {
        return rateLimit.applyTo(
                parallelism.applyTo(Migration.from(source.database(console)).to(target.database(console))));
    }
}
