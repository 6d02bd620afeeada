package io.hyperferry.examples.cli;

import io.hyperferry.Database;
import io.hyperferry.Migration;
import io.hyperferry.MigrationStatus;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says how far a run is. */
@Command(
        name = "status",
        header = "Says how far the run in the target is, by its ledger.",
        footer = {
            "",
            "Example:",
            "  hyperferry status --target postgres://app@new/metrics",
            "  hyperferry status --target postgres://app@new/metrics --watch"
        })
final class StatusCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    TargetOption target = new TargetOption();

    @Mixin
    VerboseOption verbose = new VerboseOption();

    @Option(
            names = "--watch",
            description =
                    "Go on with a line every few seconds until no process leads the run any more. Ends with 0 when it is"
                            + " done and verified, else with 1.")
    boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "DURATION",
            converter = SplitConverter.class,
            defaultValue = "PT2S",
            description =
                    "Between two lines of --watch: 500ms is PT0.5S, 10s is PT10S, 1m (default: ${DEFAULT-VALUE}).")
    Duration interval = Duration.ofSeconds(2);

    StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Database database = target.database(console);
        // Only the target is asked, so it may stand for both sides.
        Migration migration = Migration.from(database).to(database);
        MigrationStatus status = migration.status();
        if (!watch) {
            console.result(describe(status));
            return Exit.DONE;
        }
        Rate rate = new Rate();
        console.result(rate.line(status));
        try {
            while (status.running()) {
                Thread.sleep(interval.toMillis());
                status = migration.status();
                console.result(rate.line(status));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Exit.CANCELLED;
        }
        console.result(describe(status));
        return status.verifiedAt().isPresent() ? Exit.DONE : Exit.FAILED;
    }

    /** What changed between two looks at the ledger. */
    private static final class Rate {
        private long bytes = -1;
        private long slices;
        private long at;
        private long firstSlices;
        private long firstAt;

        String line(MigrationStatus status) {
            long now = System.nanoTime();
            String rate = "";
            if (bytes < 0) {
                firstSlices = status.slicesDone();
                firstAt = now;
            } else if (status.slicesDone() > slices) {
                double seconds = Math.max(0.001, (now - at) / 1e9);
                rate = ", " + Amounts.bytes(Math.round((status.bytes() - bytes) / seconds)) + "/s";
            }
            String left = "";
            if (status.slicesDone() > firstSlices && status.slicesDone() < status.slices()) {
                double each = (now - firstAt) / (double) (status.slicesDone() - firstSlices);
                left = ", "
                        + Amounts.clock(Duration.ofNanos(Math.round(each * (status.slices() - status.slicesDone()))))
                        + " left to copy";
            }
            bytes = status.bytes();
            slices = status.slicesDone();
            at = now;
            return String.format(
                    Locale.ROOT,
                    "%s; step %d of %d, %,d of %,d slices, %,d rows, %s%s%s",
                    state(status),
                    Math.min(status.stepsDone() + 1, status.steps()),
                    status.steps(),
                    status.slicesDone(),
                    status.slices(),
                    status.rows(),
                    Amounts.bytes(status.bytes()),
                    rate,
                    left);
        }
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
