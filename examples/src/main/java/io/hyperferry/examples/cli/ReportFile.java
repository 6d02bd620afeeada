package io.hyperferry.examples.cli;

import io.hyperferry.MigrationException;
import io.hyperferry.MigrationReport;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The file of a report. From the beginning of a run it says that the run has not finished; every ending replaces that, so a report of an earlier run
 * is never taken for this one's. It is replaced as a whole: a crash leaves the text before or the text after.
 */
final class ReportFile {
    private final Path path;

    /** The file itself, where the path is a symbolic link; null for a pipe or a device, which is written to directly. */
    private final @Nullable Path replaced;

    private ReportFile(Path path, @Nullable Path replaced) {
        this.path = path;
        this.replaced = replaced;
    }

    /**
     * Checks that the file can be written, and leaves it as it is.
     *
     * @throws UsageException when it cannot
     */
    static ReportFile tried(Path path) {
        try {
            if (Files.isDirectory(path)) {
                throw new UsageException("--report " + path + " is a directory; name a file in it");
            }
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                return new ReportFile(path, null);
            }
            if (Files.isRegularFile(path)) {
                Files.newOutputStream(path, StandardOpenOption.WRITE).close();
            }
            ReportFile file = new ReportFile(path, Files.exists(path) ? path.toRealPath() : path.toAbsolutePath());
            Files.delete(Files.createFile(file.unfinished()));
            return file;
        } catch (IOException e) {
            throw new UsageException("--report " + path + " cannot be written (" + reason(e)
                    + "); name a file in a directory that exists and is writable");
        }
    }

    /** Returns where a text is written before it replaces the file. */
    private Path unfinished() {
        Path file = replaced == null ? path : replaced;
        return file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".unfinished");
    }

    /**
     * Runs a command that reports to a file, if it is to: the file says that it runs, and how it ended if it fails.
     *
     * @param sides where it works
     * @return what the command returned; its report is still to be written
     */
    static <T> T recorded(@Nullable ReportFile file, Sides sides, Console console, Supplier<T> command) {
        if (file == null) {
            return command.get();
        }
        Instant startedAt = Instant.now();
        file.write(MigrationReport.running(sides.source(), sides.target(), startedAt), console);
        try {
            return command.get();
        } catch (RuntimeException | Error e) {
            @Nullable MigrationReport report = e instanceof MigrationException failed ? failed.report() : null;
            file.write(
                    report == null ? MigrationReport.failed(sides.source(), sides.target(), startedAt, e) : report,
                    console);
            throw e;
        }
    }

    /**
     * What a command works between.
     *
     * @param source the source, without password
     * @param target the target, without password
     */
    record Sides(String source, String target) {}

    private boolean write(MigrationReport report, Console console) {
        return write(report::toHtml, report::toJson, console);
    }

    /** Writes the report in the form that the file's name asks for, and tells whether that was possible. */
    boolean write(Supplier<String> html, Supplier<String> json, Console console) {
        return write(isHtml() ? html.get() : json.get() + "\n", console);
    }

    /** Writes the report as JSON, whatever the file is called, and tells whether that was possible. */
    boolean writeJson(Supplier<String> json, Console console) {
        return write(json.get() + "\n", console);
    }

    /** A thread that was interrupted, as by a cancellation, could not write. */
    private boolean write(String text, Console console) {
        boolean interrupted = Thread.interrupted();
        try {
            write(text);
            return true;
        } catch (IOException e) {
            console.say("hyperferry: the report cannot be written to " + path + ": " + reason(e));
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void write(String text) throws IOException {
        if (replaced == null) {
            Files.writeString(path, text);
            return;
        }
        Path unfinished = unfinished();
        try {
            Files.writeString(unfinished, text);
            try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            try {
                Files.move(unfinished, replaced, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(unfinished, replaced, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private boolean isHtml() {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        return name.endsWith(".html") || name.endsWith(".htm");
    }

    static String reason(IOException e) {
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
