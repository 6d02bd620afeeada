package io.hyperferry.examples.cli;

import io.hyperferry.Database;
import io.hyperferry.Migration;
import io.hyperferry.MigrationStatus;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says how far a run is. */
@Command(
        name = "status",
        header = "Says how far the run in the target is, by its ledger.",
        footer = {"", "Example:", "  hyperferry status --target postgres://app@new/metrics"})
final class StatusCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    TargetOption target = new TargetOption();

    @Mixin
    VerboseOption verbose = new VerboseOption();

    StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Database database = target.database(console);
        // Only the target is asked, so it may stand for both sides.
        console.result(describe(Migration.from(database).to(database).status()));
        return Exit.DONE;
    }

    private static String describe(MigrationStatus status) {
        return String.format(
                Locale.ROOT,
                "planned   %s\nstate     %s\nruns      %d\nworkers   %d joined\nsteps     %d of %d\nslices    %,d of %,d\ndata      %,d rows, %s\n",
                status.plannedAt(),
                state(status),
                status.attempts(),
                status.workers(),
                status.stepsDone(),
                status.steps(),
                status.slicesDone(),
                status.slices(),
                status.rows(),
                Amounts.bytes(status.bytes()));
    }

    private static String state(MigrationStatus status) {
        String at = status.currentStep().map(it -> " at: " + it).orElse("");
        if (status.running()) {
            return "running" + at;
        }
        return status.verifiedAt()
                .map(it -> "done and verified at " + it)
                .orElse("interrupted" + at + "; run migrate again to go on");
    }
}
