package io.hyperferry.examples.cli;

import io.hyperferry.Problem;
import java.io.PrintStream;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the program talks to: results go to standard output, everything else to standard error.
 *
 * @param out for results
 * @param err for progress and problems
 * @param environment the variables of the environment
 */
record Console(PrintStream out, PrintStream err, Function<String, @Nullable String> environment) {
    /** A variable that is set and not blank. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.apply(name)).filter(it -> !it.isBlank());
    }

    /** Prints a result. */
    void result(String text) {
        out.print(text.endsWith("\n") ? text : text + "\n");
        out.flush();
    }

    /** Prints a line for people. */
    void say(String line) {
        err.println(Secrets.masked(line));
    }

    /** Prints problems, a paragraph each. */
    void problems(Collection<Problem> problems) {
        for (Problem problem : problems) {
            say(String.format(
                    Locale.ROOT,
                    "%s %s (%s): %s\n    %s\n",
                    problem.blocks() ? "error" : "warning",
                    problem.code(),
                    problem.object(),
                    problem.message(),
                    problem.remedy()));
        }
    }
}
