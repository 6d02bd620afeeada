package io.hyperferry.copy.internal;

import com.github.luben.zstd.ZstdInputStream;
import io.hyperferry.copy.CsvInputException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;

/** The bytes of CSV in a file or a stream, which may be compressed with gzip or zstd, whatever it is called. For one thread at a time. */
final class CsvInput implements AutoCloseable {

    private static final int BUFFER = 64 * 1024;

    private final Counting counting;
    private final InputStream in;

    /**
     * Begins to read.
     *
     * @param name for messages
     * @param encoding by the server's own name for it
     * @throws CsvInputException when it begins with the sign of another encoding
     */
    CsvInput(String name, InputStream raw, String encoding) throws IOException {
        counting = new Counting(raw);
        PushbackInputStream plain = new PushbackInputStream(decompressed(counting), 3);
        in = plain;
        byte[] head = plain.readNBytes(3);
        if (starts(head, 0xff, 0xfe) || starts(head, 0xfe, 0xff)) {
            throw new CsvInputException(name + " is in UTF-16, which COPY does not read: convert it to UTF-8,"
                    + " for example with iconv -f UTF-16 -t UTF-8");
        }
        if (!starts(head, 0xef, 0xbb, 0xbf)) {
            plain.unread(head);
        } else if (!encoding.equals("UTF8")) {
            throw new CsvInputException(
                    name + " begins with the mark of UTF-8, but its encoding is said to be " + encoding);
        }
    }

    private static InputStream decompressed(Counting raw) throws IOException {
        PushbackInputStream peeked = new PushbackInputStream(raw, 4) {
            @Override
            public int available() {
                // GZIPInputStream takes 0 for the end of the file, but a pipe may just be slow: then the parts after
                // the first were lost.
                return 1;
            }
        };
        byte[] magic = peeked.readNBytes(4);
        peeked.unread(magic);
        if (starts(magic, 0x1f, 0x8b)) {
            return new GZIPInputStream(peeked, BUFFER);
        }
        return starts(magic, 0x28, 0xb5, 0x2f, 0xfd) ? new ZstdInputStream(peeked) : peeked;
    }

    private static boolean starts(byte[] bytes, int... with) {
        if (bytes.length < with.length) {
            return false;
        }
        for (int i = 0; i < with.length; i++) {
            if ((bytes[i] & 0xff) != with[i]) {
                return false;
            }
        }
        return true;
    }

    /** Reads at least one byte, unless the end is reached: -1. */
    int read(byte[] bytes, int from, int length) throws IOException {
        return in.read(bytes, from, Math.min(length, 4 * BUFFER));
    }

    /** How much was read of the file as it lies on the disk. */
    long position() {
        return counting.count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static final class Counting extends FilterInputStream {

        private long count;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            count += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = in.read(bytes, from, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
