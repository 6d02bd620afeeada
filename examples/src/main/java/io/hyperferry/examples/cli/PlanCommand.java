package io.hyperferry.examples.cli;

import io.hyperferry.MigrationPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
            "      --split-by 1d --format sql",
            "",
            "What changed since a plan was kept:",
            "  hyperferry plan --format json > plan.json",
            "  hyperferry plan --diff plan.json"
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

    @Option(
            names = "--diff",
            paramLabel = "FILE",
            description = "Print what the plan does otherwise than the one in this file, which --format json printed.")
    @Nullable
    Path old;

    PlanCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        @Nullable MigrationPlan before = old == null ? null : read(old);
        MigrationPlan plan;
        try (Interrupts.Cancellable cancellable = Interrupts.cancelBy(Thread.currentThread()::interrupt)) {
            plan = how.applyTo(sides.migration(console))
                    .listener(new Notices(console, false))
                    .plan();
        }
        console.result(
                before != null
                        ? differences(before, plan)
                        : switch (format) {
                            case TEXT -> withoutProblems(plan).toText();
                            case SQL -> plan.toSql();
                            case JSON -> plan.toJson();
                        });
        console.problems(plan.problems());
        return plan.isBlocked() ? Exit.PREFLIGHT : Exit.DONE;
    }

    private static MigrationPlan read(Path file) {
        try {
            return MigrationPlan.fromJson(Files.readString(file));
        } catch (IOException e) {
            throw new UsageException("--diff " + file + " cannot be read (" + ReportFile.reason(e) + ")");
        } catch (IllegalArgumentException e) {
            throw new UsageException("--diff " + file + " has no plan that this version can read: " + e.getMessage());
        }
    }

    private static String differences(MigrationPlan before, MigrationPlan now) {
        List<String> lines = before.differences(now);
        return lines.isEmpty() ? "nothing changed" : String.join("\n", lines);
    }

    /** They are printed by themselves, as those of every other command. */
    private static MigrationPlan withoutProblems(MigrationPlan plan) {
        return new MigrationPlan(plan.source(), plan.target(), plan.options(), plan.steps(), List.of());
    }
}
