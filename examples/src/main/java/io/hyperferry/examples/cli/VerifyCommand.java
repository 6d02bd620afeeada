package io.hyperferry.examples.cli;

import io.hyperferry.Migration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Compares both sides. */
@Command(
        name = "verify",
        header = "Compares both sides as they are now, all rows and the structure; reads only.",
        footer = {
            "",
            "Example:",
            "  hyperferry verify --source postgres://app@old/metrics --target postgres://app@new/metrics \\",
            "      --exclude 'staging.*' --report differences.json"
        })
final class VerifyCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    BothSidesOptions sides = new BothSidesOptions();

    @Mixin
    ReportOptions output = new ReportOptions();

    @Mixin
    VerboseOption verbose = new VerboseOption();

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Migration migration = sides.migration(console);
        @Nullable ReportFile file = output.tried();
        try (Interrupts.Cancellable cancellable = Interrupts.cancelBy(Thread.currentThread()::interrupt)) {
            return output.deliver(migration.verify(), file, console);
        }
    }
}
