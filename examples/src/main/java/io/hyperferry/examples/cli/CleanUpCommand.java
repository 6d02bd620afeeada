package io.hyperferry.examples.cli;

import io.hyperferry.Database;
import io.hyperferry.Migration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes the ledger. */
@Command(
        name = "clean-up",
        header = "Removes the ledger (schema hyperferry) from the target; an interrupted run cannot go on afterwards.",
        footer = {"", "Example:", "  hyperferry clean-up --target postgres://app@new/metrics"})
final class CleanUpCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--source",
            paramLabel = "URL",
            description =
                    "Where the data came from; else the variable HYPERFERRY_SOURCE. Needed only when a run was killed"
                            + " that had paused the source's jobs: they are scheduled again.")
    @Nullable
    String source;

    @Mixin
    TargetOption target = new TargetOption();

    @Mixin
    VerboseOption verbose = new VerboseOption();

    CleanUpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Database database = target.database(console);
        boolean hasSource = source != null
                || console.variable(SideOptions.variable("source")).isPresent();
        // Without paused jobs only the target is touched, so it may stand for both sides.
        Database from = hasSource ? SideOptions.database("source", source, console) : database;
        Migration.from(from).to(database).cleanUp();
        console.say("hyperferry: the ledger is removed from " + database);
        return Exit.DONE;
    }
}
