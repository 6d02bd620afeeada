package io.hyperferry.internal.schema;

import io.hyperferry.PgTools;
import io.hyperferry.catalog.Version;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Cancellation.Registration;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs one of PostgreSQL's tools, with its data through standard input and output. */
final class ToolProcess {
    private static final int MAX_ERROR_LINES = 10;
    private static final long GRACE_MILLIS = 1_000;
    /** What is shorter is part of many words. */
    private static final int SHORTEST_SECRET = 3;

    private static final Set<String> REDIRECTIONS = Set.of("PGHOSTADDR", "PGSERVICE", "PGTARGETSESSIONATTRS");

    private final PgTools tools;
    private final @Nullable String password;
    private final Cancellation cancellation;

    ToolProcess(PgTools tools, @Nullable String password, Cancellation cancellation) {
        this.tools = tools;
        this.password = password;
        this.cancellation = cancellation;
    }

    /** The version that a tool says it has. */
    Version version(String tool) throws IOException {
        String answer = new String(run(tool, List.of("--version"), new byte[0]), StandardCharsets.UTF_8);
        try {
            return Version.parse(answer);
        } catch (IllegalArgumentException e) {
            throw new IOException(tool + " --version answered no version: " + masked(answer.strip()));
        }
    }

    /**
     * Runs a tool to its end.
     *
     * @return what it wrote to its standard output
     * @throws IOException when it cannot be started, or fails; the message has what it wrote to its standard error
     */
    byte[] run(String tool, List<String> arguments, byte[] input) throws IOException {
        cancellation.check();
        List<String> command = new ArrayList<>(tools.commandFor(tool));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // They would send the tool to another server than the one that was named.
        builder.environment().keySet().removeAll(REDIRECTIONS);
        if (password != null) {
            builder.environment().put("PGPASSWORD", password);
        }
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try (Registration registration = cancellation.onCancel(() -> end(process))) {
            CompletableFuture<byte[]> errors = readAside(process.getErrorStream());
            CompletableFuture<byte[]> output = readAside(process.getInputStream());
            write(process, input);
            int exit = process.waitFor();
            cancellation.check();
            if (exit != 0) {
                throw new IOException(tool + " failed with exit code " + exit + ": "
                        + lastLines(masked(new String(errors.join(), StandardCharsets.UTF_8))));
            }
            return output.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(tool + " was interrupted", e);
        } finally {
            process.destroy();
        }
    }

    /** Asks it to end, so that what it started ends, too; makes it end when it does not listen. */
    private static void end(Process process) {
        process.destroy();
        CompletableFuture.delayedExecutor(GRACE_MILLIS, TimeUnit.MILLISECONDS).execute(process::destroyForcibly);
    }

    private static void write(Process process, byte[] input) throws IOException {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException e) {
            // A tool that ends early, closes its input: its exit code and its words tell more than this error.
            if (process.isAlive() && input.length > 0) {
                throw e;
            }
        }
    }

    private static CompletableFuture<byte[]> readAside(InputStream stream) {
        CompletableFuture<byte[]> bytes = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try (stream) {
                        bytes.complete(stream.readAllBytes());
                    } catch (IOException e) {
                        bytes.completeExceptionally(new UncheckedIOException(e));
                    }
                },
                "hyperferry-tool-output");
        reader.setDaemon(true);
        reader.start();
        return bytes;
    }

    /** What a command around a tool says may have what its environment has. */
    private String masked(String words) {
        return password == null || password.length() < SHORTEST_SECRET ? words : words.replace(password, "***");
    }

    private static String lastLines(String errors) {
        List<String> lines = errors.lines().filter(it -> !it.isBlank()).toList();
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - MAX_ERROR_LINES), lines.size()));
    }
}
