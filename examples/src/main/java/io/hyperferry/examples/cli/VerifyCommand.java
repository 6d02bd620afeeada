package io.hyperferry.examples.cli;

import io.hyperferry.Migration;
import io.hyperferry.Sample;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

    @Option(
            names = "--sample",
            paramLabel = "PERCENT",
            description =
                    "Compare only so many percent of each table's slices, at least one, chosen by chance: 5, 0.5%%. The"
                            + " report says that it is a sample.")
    @Nullable
    String sample;

    @Option(
            names = "--sample-seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Another number chooses other slices (default: ${DEFAULT-VALUE}).")
    long sampleSeed;

    @Mixin
    RetriesOption retries = new RetriesOption();

    @Mixin
    VerboseOption verbose = new VerboseOption();

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Migration migration =
                sides.migration(console).retries(retries.most()).listener(new Notices(console, output.quiet));
        @Nullable Sample part = sample == null ? null : sample(sample);
        @Nullable ReportFile file = output.tried();
        try (Interrupts.Cancellable cancellable = Interrupts.cancelBy(Thread.currentThread()::interrupt)) {
            return output.deliver(
                    ReportFile.recorded(
                            file,
                            sides.names(console),
                            console,
                            () -> part == null ? migration.verify() : migration.verify(part)),
                    file,
                    console);
        }
    }

    private Sample sample(String percent) {
        try {
            return Sample.percent(Double.parseDouble(
                            percent.endsWith("%") ? percent.substring(0, percent.length() - 1) : percent))
                    .seed(sampleSeed);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--sample must be more than 0 and at most 100 percent, not " + percent);
        }
    }
}
