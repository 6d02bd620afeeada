package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopySink;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;

/** What files of rows have in common. */
final class DataFiles {

    /** PostgreSQL's code for a file that cannot be read or written: other than of a connection, nobody expects that it passes. */
    private static final String IO_ERROR = "58030";

    private DataFiles() {}

    /** Whether a file has COPY's binary format, by its name. */
    static boolean isBinary(String name) {
        return name.endsWith(CopySink.BINARY_FILE);
    }

    /**
     * The file of this name.
     *
     * @throws SQLException when the name leads out of the directory
     */
    static Path resolve(Path directory, String name) throws SQLException {
        Path file = directory.resolve(name).normalize();
        if (!directory.normalize().equals(file.getParent())) {
            throw new SQLException("not the name of a file in the directory: " + name);
        }
        return file;
    }

    /** Says of which file something failed. */
    static SQLException failure(Path file, IOException e) {
        return new SQLException(file.getFileName() + ": " + e.getMessage(), IO_ERROR, e);
    }

    /** Has the disk keep what a directory says of its files, where the system can be told so. */
    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (java.nio.file.AccessDeniedException e) {
            // Windows opens no directory, and keeps names by itself.
        }
    }
}
