package io.hyperferry.examples.cli;

import io.hyperferry.MigrationPlan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what keeps a migration from running. */
@Command(
        name = "preflight",
        header = "Says everything that keeps migrate from running, and all warnings; changes nothing.",
        footer = {
            "",
            "Each problem comes with its remedy. The exit code is 3 when something keeps it from running.",
            "",
            "Example:",
            "  hyperferry preflight --source postgres://app@old/metrics --target postgres://app@new/metrics"
        })
final class PreflightCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    BothSidesOptions sides = new BothSidesOptions();

    @Mixin
    RunOptions how = new RunOptions();

    @Mixin
    VerboseOption verbose = new VerboseOption();

    PreflightCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        MigrationPlan plan = how.applyTo(sides.migration(console))
                .listener(new Notices(console, false))
                .plan();
        console.problems(plan.problems());
        long blocking = plan.problems().stream().filter(it -> it.blocks()).count();
        long warnings = plan.problems().size() - blocking;
        console.result(plan.source() + " to " + plan.target() + ": "
                + (blocking == 0 ? "can be migrated" : "cannot be migrated, errors " + blocking)
                + (warnings == 0 ? "" : ", warnings " + warnings));
        return plan.isBlocked() ? Exit.PREFLIGHT : Exit.DONE;
    }
}
