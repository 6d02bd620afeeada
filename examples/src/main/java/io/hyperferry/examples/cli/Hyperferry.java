package io.hyperferry.examples.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The {@code hyperferry} command line. */
public final class Hyperferry {
    private Hyperferry() {}

    /** Runs a command, and ends the virtual machine with its exit code. */
    public static void main(String[] words) {
        boolean verbose = VerboseOption.setUpLogging(words);
        Console console = new Console(utf8(System.out), utf8(System.err), System::getenv);
        Interrupts.listen(console);
        System.exit(run(console, verbose, words));
    }

    /** Names and JSON come out whole in a plain POSIX locale, too. */
    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    /** Runs a command, and gives its exit code. */
    static int run(Console console, boolean verbose, String... words) {
        Failures failures = new Failures(console, verbose);
        CommandLine line = new CommandLine(new Root())
                .addSubcommand(new PreflightCommand(console))
                .addSubcommand(new PlanCommand(console))
                .addSubcommand(new MigrateCommand(console))
                .addSubcommand(new WorkCommand(console))
                .addSubcommand(new VerifyCommand(console))
                .addSubcommand(new RepairCommand(console))
                .addSubcommand(new CatchUpCommand(console))
                .addSubcommand(new ExportCommand(console))
                .addSubcommand(new ImportCommand(console))
                .addSubcommand(new LoadCsvCommand(console))
                .addSubcommand(new StatusCommand(console))
                .addSubcommand(new CleanUpCommand(console))
                .addSubcommand(new CompletionCommand(console));
        line.getSubcommands().values().forEach(it -> it.getCommandSpec().mixinStandardHelpOptions(true));
        line.getSubcommands().values().forEach(it -> it.getCommandSpec().versionProvider(new BuildVersion()));
        return line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .execute(words);
    }

    @Command(
            name = "hyperferry",
            mixinStandardHelpOptions = true,
            versionProvider = BuildVersion.class,
            header = "Moves a TimescaleDB database to another server, and proves that both sides are identical.",
            synopsisSubcommandLabel = "COMMAND",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:done, and verified (work: nothing is left to be copied; catch-up: source and target are identical)",
                "1:a step failed, or both sides are not identical (catch-up: the last pass still found changes, or rows differ)",
                "2:the command line cannot be used",
                "3:something keeps the migration from running; nothing was changed (work: no run is under way)",
                "4:catch-up: all rows are identical, source and target differ in what is listed",
                "130:cancelled (Ctrl-C; a second one ends at once)"
            },
            footer = {
                "",
                "Example:",
                "  hyperferry migrate --source postgres://app@old/metrics --target postgres://app@new/metrics"
            })
    private static final class Root implements Runnable {
        @Override
        public void run() {
            throw new UsageException(
                    "no command is given: preflight, plan, migrate, work, verify, repair, catch-up, export, import, load-csv, status, clean-up or completion");
        }
    }

    private static final class BuildVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Optional.ofNullable(Hyperferry.class.getPackage().getImplementationVersion())
                    .orElse("(not from a jar)");
            return new String[] {"hyperferry " + version};
        }
    }
}
