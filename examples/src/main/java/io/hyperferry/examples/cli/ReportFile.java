package io.hyperferry.examples.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.function.Supplier;

/** A file that a report is going to be written to, tried out before hours are spent on what it reports. */
final class ReportFile {
    private final Path path;

    private ReportFile(Path path) {
        this.path = path;
    }

    /**
     * Tries whether the file can be written, and leaves it as it is.
     *
     * @throws UsageException when it cannot
     */
    static ReportFile tried(Path path) {
        try {
            if (Files.isDirectory(path)) {
                throw new UsageException("--report " + path + " is a directory; name a file in it");
            }
            if (Files.isRegularFile(path)) {
                Files.newOutputStream(path, StandardOpenOption.WRITE).close();
            } else if (!Files.exists(path)) {
                Files.createFile(path);
                Files.delete(path);
            }
            return new ReportFile(path);
        } catch (IOException e) {
            throw new UsageException("--report " + path + " cannot be written (" + reason(e)
                    + "); name a file in a directory that exists and is writable");
        }
    }

    /** Writes the report in the form that the file's name asks for, and tells whether that was possible. */
    boolean write(Supplier<String> html, Supplier<String> json, Console console) {
        return write(isHtml() ? html.get() : json.get() + "\n", console);
    }

    /** Writes the report as JSON, whatever the file is called, and tells whether that was possible. */
    boolean writeJson(Supplier<String> json, Console console) {
        return write(json.get() + "\n", console);
    }

    private boolean write(String text, Console console) {
        try {
            Files.writeString(path, text);
            return true;
        } catch (IOException e) {
            console.say("hyperferry: the report cannot be written to " + path + ": " + reason(e));
            return false;
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
