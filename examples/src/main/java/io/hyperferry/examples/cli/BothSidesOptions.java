package io.hyperferry.examples.cli;

import io.hyperferry.Database;
import io.hyperferry.Migration;
import picocli.CommandLine.Mixin;

/** What is moved or compared, and in which pieces. */
final class BothSidesOptions {
    @Mixin
    SourceOption source = new SourceOption();

    @Mixin
    TargetOption target = new TargetOption();

    @Mixin
    MovedOptions moved = new MovedOptions();

    @Mixin
    ParallelismOption parallelism = new ParallelismOption();

    @Mixin
    ArrivalOptions arrival = new ArrivalOptions();

    /** Both databases, without passwords. */
    ReportFile.Sides names(Console console) {
        return new ReportFile.Sides(
                source.database(console).toString(), target.database(console).toString());
    }

    /**
     * The migration that these options describe.
     *
     * @throws UsageException when one of them cannot be used
     */
    Migration migration(Console console) {
        Database sourceSide = source.database(console);
        Database targetSide = target.database(console);
        return arrival.applyTo(
                moved.applyTo(parallelism.applyTo(Migration.from(sourceSide).to(targetSide))));
    }
}
