package io.hyperferry.copy.internal;

import io.hyperferry.copy.CsvInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * The file of records that the server refused, itself CSV: file, line, SQLState, reason and the record. It holds values, so only its owner may
 * read it. Records are in it before the batch they were in is committed: after a crash one can be there twice, and none is missing. Thread-safe.
 */
final class CsvRejects implements AutoCloseable {

    private static final String HEADER = "file,line,sqlstate,reason,record\n";

    private final Path file;
    private final FileChannel channel;

    private CsvRejects(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens the file, and makes it if it is not there.
     *
     * @param goesOn whether the file may hold something, from an earlier load
     * @throws CsvInputException when that does not go
     */
    static CsvRejects open(Path file, boolean goesOn) {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownersOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try {
            FileChannel channel =
                    FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), ownersOnly);
            if (channel.size() > 0 && !goesOn) {
                channel.close();
                throw new CsvInputException(
                        "the file for rejects, " + file + ", has something in it: move it away, or name another one");
            }
            return new CsvRejects(file, channel);
        } catch (IOException e) {
            throw new CsvInputException("the file for rejects, " + file + ", cannot be written: " + e.getMessage(), e);
        }
    }

    /** Writes records, and has the disk keep them. */
    synchronized void write(List<CsvReject> rejects) throws SQLException {
        if (rejects.isEmpty()) {
            return;
        }
        try {
            if (channel.size() == 0) {
                write(HEADER.getBytes(StandardCharsets.UTF_8));
            }
            for (CsvReject reject : rejects) {
                write(line(reject));
            }
            channel.force(false);
        } catch (IOException e) {
            throw new SQLException(file + " cannot be written: " + e.getMessage(), "58030", e);
        }
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static byte[] line(CsvReject reject) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        value(line, reject.file().getBytes(StandardCharsets.UTF_8));
        line.writeBytes(("," + reject.line() + "," + reject.sqlState() + ",").getBytes(StandardCharsets.UTF_8));
        value(line, reject.reason().getBytes(StandardCharsets.UTF_8));
        line.write(',');
        value(line, reject.record());
        line.write('\n');
        return line.toByteArray();
    }

    private static void value(ByteArrayOutputStream line, byte[] bytes) {
        line.write('"');
        for (byte b : bytes) {
            if (b == '"') {
                line.write('"');
            }
            line.write(b);
        }
        line.write('"');
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
