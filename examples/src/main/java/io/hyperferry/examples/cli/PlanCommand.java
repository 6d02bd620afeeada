package io.hyperferry.examples.cli;

import io.hyperferry.MigrationPlan;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a migration would do. */
@Command(
        name = "plan",
        header = "Shows what migrate would do, and what keeps it from running; changes nothing.",
        footer = {
            "",
            "Example:",
            "  hyperferry plan --source postgres://app@old/metrics --target postgres://app@new/metrics \\",
            "      --split-by 1d --format sql"
        })
final class PlanCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    BothSidesOptions sides = new BothSidesOptions();

    @Mixin
    RunOptions how = new RunOptions();

    @Mixin
    VerboseOption verbose = new VerboseOption();

    /** How a plan is printed. */
    enum Format {
        TEXT,
        SQL,
        JSON
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, sql or json (default: ${DEFAULT-VALUE}).")
    Format format = Format.TEXT;

    PlanCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        MigrationPlan plan;
        try (Interrupts.Cancellable cancellable = Interrupts.cancelBy(Thread.currentThread()::interrupt)) {
            plan = how.applyTo(sides.migration(console)).plan();
        }
        console.result(
                switch (format) {
                    case TEXT -> withoutProblems(plan).toText();
                    case SQL -> plan.toSql();
                    case JSON -> plan.toJson();
                });
        console.problems(plan.problems());
        return plan.isBlocked() ? Exit.PREFLIGHT : Exit.DONE;
    }

    /** They are printed by themselves, as those of every other command. */
    private static MigrationPlan withoutProblems(MigrationPlan plan) {
        return new MigrationPlan(plan.source(), plan.target(), plan.options(), plan.steps(), List.of());
    }
}
