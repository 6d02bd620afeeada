package io.hyperferry.examples.cli;

import io.hyperferry.Database;
import io.hyperferry.Migration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Removes the ledger. */
@Command(
        name = "clean-up",
        header = "Removes the ledger (schema hyperferry) from the target; an interrupted run cannot go on afterwards.",
        footer = {"", "Example:", "  hyperferry clean-up --target postgres://app@new/metrics"})
final class CleanUpCommand implements Callable<Integer> {
    private final Console console;

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
        // Only the target is touched, so it may stand for both sides.
        Migration.from(database).to(database).cleanUp();
        console.say("hyperferry: the ledger is removed from " + database);
        return Exit.DONE;
    }
}
