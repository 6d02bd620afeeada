package io.hyperferry.examples.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a script that has a shell complete commands and options. */
@Command(
        name = "completion",
        header = "Prints a script that has bash or zsh complete commands and options.",
        footer = {
            "",
            "It completes a command that is named hyperferry: an alias will do.",
            "",
            "Example:",
            "  alias hyperferry='java -jar /opt/hyperferry.jar'",
            "  source <(hyperferry completion)"
        })
final class CompletionCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    CommandSpec spec = CommandSpec.create();

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.result(AutoComplete.bash("hyperferry", spec.root().commandLine()));
        return Exit.DONE;
    }
}
