package io.hyperferry.examples.cli;

import io.hyperferry.Migration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Copies anew what differs. */
@Command(
        name = "repair",
        header = "Compares both sides, and copies anew the slices of the target that differ, each in one transaction.",
        footer = {
            "",
            "Example:",
            "  hyperferry repair --source postgres://app@old/metrics --target postgres://app@new/metrics"
        })
final class RepairCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    BothSidesOptions sides = new BothSidesOptions();

    @Mixin
    ReportOptions output = new ReportOptions();

    @Mixin
    RetriesOption retries = new RetriesOption();

    @Mixin
    VerboseOption verbose = new VerboseOption();

    RepairCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Migration migration =
                sides.migration(console).retries(retries.most()).listener(new Notices(console, output.quiet));
        @Nullable ReportFile file = output.tried();
        try (Interrupts.Cancellable cancellable = Interrupts.cancelBy(Thread.currentThread()::interrupt)) {
            return output.deliver(
                    ReportFile.recorded(file, sides.names(console), console, migration::repair), file, console);
        }
    }
}
