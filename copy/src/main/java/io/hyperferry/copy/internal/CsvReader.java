package io.hyperferry.copy.internal;

import io.hyperferry.copy.internal.RecordCutter.BrokenCsv;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Cuts one file into batches, in the order of the file: the same file and the same cuts give the same batches. For one thread at a time. */
final class CsvReader implements AutoCloseable {

    /** How much more than a batch is read at most, unless a record is longer. */
    static final int AHEAD = 128 * 1024;

    private final int file;
    private final String name;
    private final CsvInput input;
    private final RecordCutter cutter;
    private final CsvCuts cuts;
    private final CsvBuffers buffers;

    private byte[] bytes;
    private int filled;
    private int at;
    private boolean last;
    private boolean ended;
    private int number;

    /**
     * Makes one.
     *
     * @param file its number, from 0
     * @param name for messages
     */
    CsvReader(int file, String name, CsvInput input, RecordCutter cutter, CsvCuts cuts, CsvBuffers buffers) {
        this.file = file;
        this.name = name;
        this.input = input;
        this.cutter = cutter;
        this.cuts = cuts;
        this.buffers = buffers;
        this.bytes = buffers.take();
    }

    /** Leaves out lines, whatever is in them: they need not be CSV. */
    void skipLines(int count) throws SQLException {
        try {
            for (int skipped = 0; skipped < count && skipLine(); skipped++) {
                cutter.skippedLine();
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private boolean skipLine() throws IOException, SQLException {
        boolean any = false;
        while (true) {
            shift();
            // A line feed may follow a carriage return, so that needs one byte more.
            while (at + 1 < filled || (last && at < filled)) {
                any = true;
                byte c = bytes[at];
                at++;
                if (c == '\n' || (c == '\r' && (at == filled || bytes[at] != '\n'))) {
                    return true;
                }
            }
            if (last) {
                return any;
            }
            read();
        }
    }

    /** The bytes of the record that comes next, without its line end; empty when there is none. */
    byte[] record() throws SQLException {
        int end = next();
        if (end < 0) {
            return new byte[0];
        }
        if (end - at > cuts.longestRecord()) {
            throw tooLong(cutter.line());
        }
        int length = end - at;
        while (length > 0 && (bytes[at + length - 1] == '\n' || bytes[at + length - 1] == '\r')) {
            length--;
        }
        byte[] record = Arrays.copyOfRange(bytes, at, at + length);
        at = end;
        return record;
    }

    /**
     * The next batch.
     *
     * @param most records, if that is fewer than the cuts allow
     * @return null when nothing is left
     */
    @Nullable
    CsvBatch batch(long most) throws SQLException {
        shift();
        long firstLine = cutter.line();
        int records = 0;
        while (records < Math.min(most, cuts.batchRows()) && at < cuts.batchBytes()) {
            int end = next();
            if (end < 0) {
                break;
            }
            at = end;
            records++;
        }
        if (records == 0) {
            return null;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, at);
        CsvBatch batch =
                new CsvBatch(file, number, bytes, at, records, firstLine, cutter.lineEnd(), checksum.getValue());
        number++;
        byte[] rest = buffers.take();
        rest = rest.length < filled - at ? new byte[filled - at + AHEAD] : rest;
        System.arraycopy(bytes, at, rest, 0, filled - at);
        bytes = rest;
        filled -= at;
        at = 0;
        return batch;
    }

    /** Whether the data ended before the file did, at a mark. */
    boolean endedEarly() {
        return ended;
    }

    long position() {
        return input.position();
    }

    /** Where the record ends that begins here; less than 0 when there is none. */
    private int next() throws SQLException {
        try {
            while (!ended) {
                int end = cutter.cut(bytes, at, filled, last);
                if (end >= 0) {
                    return end;
                }
                if (end == RecordCutter.END_MARK) {
                    ended = true;
                } else if (last) {
                    return end;
                } else {
                    read();
                }
            }
            return RecordCutter.END_MARK;
        } catch (BrokenCsv e) {
            throw new SQLException(name + ", line " + cutter.line() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private SQLException unreadable(IOException e) {
        return new SQLException(name + " cannot be read: " + e.getMessage(), "58030", e);
    }

    private void read() throws IOException, SQLException {
        if (filled - at > cuts.longestRecord()) {
            throw tooLong(cutter.line());
        }
        if (filled == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length + AHEAD, bytes.length / 2 * 3));
        }
        int read = input.read(bytes, filled, bytes.length - filled);
        if (read < 0) {
            last = true;
        } else {
            filled += read;
        }
    }

    private SQLException tooLong(long line) {
        return new SQLException(name + ", line " + line + ": the record that begins here is longer than "
                + cuts.longestRecord() + " bytes: is a quote missing? If not, allow longer records");
    }

    private void shift() {
        if (at > 0) {
            System.arraycopy(bytes, at, bytes, 0, filled - at);
            filled -= at;
            at = 0;
        }
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
