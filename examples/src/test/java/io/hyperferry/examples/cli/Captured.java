package io.hyperferry.examples.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command printed, and its exit code.
 *
 * @param exit the exit code
 * @param out standard output
 * @param err standard error
 */
record Captured(int exit, String out, String err) {
    /** Runs a command in this virtual machine, in an environment that has these variables alone. */
    static Captured run(Map<String, String> environment, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment::get);
        int exit = Hyperferry.run(console, false, words);
        return new Captured(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
