package io.hyperferry.examples.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs processes to their end. */
final class Processes {
    private Processes() {}

    /**
     * Runs a command and gives the lines that it printed, on both of its streams.
     *
     * @param environment variables that it has in addition
     * @param input what it reads
     * @param log where all that it prints is kept
     * @throws IOException when it ends with another code than 0; the message has the end of what it printed
     */
    static List<String> run(List<String> command, Map<String, String> environment, String input, Path log)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(it -> it.startsWith("PG"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        int exit;
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            exit = process.waitFor();
        } finally {
            process.destroy();
        }
        List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        if (exit != 0) {
            List<String> last = lines.subList(Math.max(0, lines.size() - 20), lines.size());
            throw new IOException(command.get(0) + " ended with exit code " + exit + ":\n" + String.join("\n", last));
        }
        return lines;
    }
}
