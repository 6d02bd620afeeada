package io.hyperferry.examples.cli;

import io.hyperferry.MigrationCancelledException;
import io.hyperferry.MigrationException;
import io.hyperferry.PlanChangedException;
import io.hyperferry.PreflightException;
import io.hyperferry.copy.CopyCancelledException;
import io.hyperferry.copy.CsvInputException;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says what went wrong and what to do, in words and by the exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private final Console console;
    private final boolean verbose;

    Failures(Console console, boolean verbose) {
        this.console = console;
        this.verbose = verbose;
    }

    @Override
    public int handleParseException(ParameterException e, String[] words) {
        // It quotes what was typed, which may be a URL.
        return usage(Secrets.masked(String.valueOf(e.getMessage())), e.getCommandLine());
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof UsageException) {
            return usage(String.valueOf(e.getMessage()), command);
        }
        if (e instanceof CopyCancelledException) {
            console.say(
                    "hyperferry: cancelled; batches that were committed stay, and with an import id the same command goes on");
            return Exit.CANCELLED;
        }
        if (e instanceof MigrationCancelledException) {
            console.say("hyperferry: cancelled; what was committed is kept, run the same command again to go on");
            return Exit.CANCELLED;
        }
        if (verbose) {
            StringWriter stack = new StringWriter();
            e.printStackTrace(new PrintWriter(stack));
            console.say(stack.toString());
        }
        if (e instanceof PreflightException preflight) {
            console.problems(preflight.problems());
            console.say("hyperferry: nothing was changed");
            return Exit.PREFLIGHT;
        }
        if (e instanceof CsvInputException) {
            console.say("error: " + e.getMessage());
            console.say("hyperferry: nothing was changed");
            return Exit.PREFLIGHT;
        }
        if (e instanceof PlanChangedException changed) {
            console.say("error PLAN_CHANGED: the target has a run that was planned differently:");
            changed.differences().forEach(it -> console.say("    " + it));
            console.say(
                    "    Run with the same options to go on; or empty the target and run clean-up to start over.\n");
            console.say("hyperferry: nothing was changed");
            return Exit.PREFLIGHT;
        }
        if (e instanceof MigrationException failed) {
            console.say("error " + failed.code() + ": " + failed.getMessage());
            return keptFromRunning(failed) ? Exit.PREFLIGHT : Exit.FAILED;
        }
        console.say("error: " + (e.getMessage() == null ? e.toString() : e.getMessage())
                + (verbose ? "" : " (--verbose prints where)"));
        return Exit.FAILED;
    }

    private static boolean keptFromRunning(MigrationException failed) {
        return failed.code() == MigrationException.Code.ALREADY_RUNNING
                || failed.code() == MigrationException.Code.LEDGER_VERSION
                || failed.code() == MigrationException.Code.NO_LEDGER
                || failed.code() == MigrationException.Code.NO_RUN
                || failed.code() == MigrationException.Code.NOT_FINISHED;
    }

    private int usage(String message, CommandLine command) {
        console.err().println("hyperferry: " + message);
        console.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return Exit.USAGE;
    }
}
