package io.hyperferry.copy.internal;

import java.util.Locale;
import java.util.Set;

/**
 * Finds where records of CSV end, as the server would: a quote opens and closes wherever it stands, line ends inside of quotes belong to the
 * record, and all others are of one kind. For one file, from its beginning to its end.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, CSV Format</a>
 */
final class RecordCutter {

    /** There is no whole record: more bytes are needed, or nothing is left. */
    static final int MORE = -1;

    /** There is the mark that servers before PostgreSQL 18 take for the end of the data. */
    static final int END_MARK = -2;

    /** The kinds of line ends. */
    enum LineEnd {
        UNKNOWN,
        LF,
        CRLF,
        CR
    }

    /** A file that COPY would refuse. */
    static final class BrokenCsv extends Exception {

        private static final long serialVersionUID = 1;

        BrokenCsv(String message) {
            super(message);
        }
    }

    /** Encodings whose characters can have a byte in them that alone is ASCII. Servers have none of these, so they convert before they cut. */
    private static final Set<String> EMBEDDING =
            Set.of("SJIS", "SHIFT_JIS_2004", "BIG5", "GBK", "UHC", "JOHAB", "GB18030");

    private static final byte PLAIN = 0;
    private static final byte SIGN = 1;
    private static final byte LEAD = 2;

    private final byte quote;
    private final byte escape;
    private final boolean escapes;
    private final boolean endMarks;
    private final boolean gb18030;
    private final byte[] kinds = new byte[256];

    private LineEnd lineEnd;
    private long line;
    private int embedded;
    private int scanned;
    private boolean quoted;
    private boolean escaped;

    /**
     * Makes one.
     *
     * @param encoding by the server's own name for it
     * @param endMarks whether a line with nothing but {@code \.} ends the data
     */
    RecordCutter(char quote, char escape, String encoding, boolean endMarks, LineEnd lineEnd, long firstLine) {
        this.quote = (byte) quote;
        this.escape = (byte) escape;
        this.escapes = quote != escape;
        this.endMarks = endMarks;
        this.lineEnd = lineEnd;
        this.line = firstLine;
        String name = encoding.toUpperCase(Locale.ROOT);
        this.gb18030 = name.equals("GB18030");
        if (EMBEDDING.contains(name)) {
            boolean japanese = name.startsWith("S");
            for (int c = 0x80; c < 256; c++) {
                // Half-width katakana are single bytes.
                kinds[c] = japanese && c >= 0xa1 && c <= 0xdf ? PLAIN : LEAD;
            }
        }
        kinds[quote] = SIGN;
        kinds[escape] = SIGN;
        kinds['\r'] = SIGN;
        kinds['\n'] = SIGN;
    }

    /** The line, from 1, in which the record begins that is cut next. */
    long line() {
        return line;
    }

    LineEnd lineEnd() {
        return lineEnd;
    }

    /** Hears that a line was left out before the first record. */
    void skippedLine() {
        line++;
    }

    /**
     * Goes on to the end of the record that begins at a place. When it asks for more bytes, it is to be called again with the same bytes of
     * this record, wherever they lie then, and more after them.
     *
     * @param last whether nothing comes after these bytes
     * @return where the next record begins, {@link #MORE} or {@link #END_MARK}
     */
    int cut(byte[] bytes, int start, int limit, boolean last) throws BrokenCsv {
        if (start == limit) {
            return MORE;
        }
        if (scanned == 0 && endMarks && bytes[start] == '\\') {
            if (limit - start < 4 && !last) {
                return MORE;
            }
            if (isEndMark(bytes, start, limit)) {
                return END_MARK;
            }
        }
        int at = start + scanned;
        while (at < limit) {
            int from = at;
            while (at < limit && kinds[bytes[at] & 0xff] == PLAIN) {
                at++;
            }
            if (at > from) {
                escaped = false;
            }
            if (at == limit) {
                break;
            }
            byte c = bytes[at];
            int needed = kinds[c & 0xff] == LEAD ? characterLength(bytes, at, limit) : c == '\r' ? 2 : 1;
            if (at + needed > limit && !last) {
                scanned = at - start;
                return MORE;
            }
            if (kinds[c & 0xff] == LEAD) {
                escaped = false;
                at = Math.min(limit, at + needed);
                continue;
            }
            at++;
            if (ends(c, at < limit && bytes[at] == '\n')) {
                return begin(c == '\r' && lineEnd == LineEnd.CRLF ? at + 1 : at);
            }
        }
        if (last) {
            return begin(limit);
        }
        scanned = limit - start;
        return MORE;
    }

    private int begin(int next) {
        line += 1 + embedded;
        embedded = 0;
        scanned = 0;
        quoted = false;
        escaped = false;
        return next;
    }

    /** Takes one sign, and tells whether the record ends with it. */
    private boolean ends(byte c, boolean beforeLineFeed) throws BrokenCsv {
        if (escapes && quoted && c == escape) {
            escaped = !escaped;
        }
        if (c == quote && !escaped) {
            quoted = !quoted;
        }
        if (!escapes || c != escape) {
            escaped = false;
        }
        if (quoted) {
            if (c == (lineEnd == LineEnd.CR ? '\r' : '\n')) {
                embedded++;
            }
            return false;
        }
        if (c == '\r') {
            carriageReturn(beforeLineFeed);
            return true;
        }
        if (c == '\n') {
            if (lineEnd == LineEnd.CR || lineEnd == LineEnd.CRLF) {
                throw new BrokenCsv("a line feed ends this line, but " + words() + " ended those before it:"
                        + " write all line ends the same way, and enclose those of values in quotes");
            }
            lineEnd = LineEnd.LF;
            return true;
        }
        return false;
    }

    private void carriageReturn(boolean beforeLineFeed) throws BrokenCsv {
        if (lineEnd == LineEnd.LF || (lineEnd == LineEnd.CRLF && !beforeLineFeed)) {
            throw new BrokenCsv(
                    "a carriage return is in this line outside of quotes, but " + words()
                            + " ended those before it: write all line ends the same way, and enclose those of values in quotes");
        }
        if (lineEnd == LineEnd.UNKNOWN) {
            lineEnd = beforeLineFeed ? LineEnd.CRLF : LineEnd.CR;
        }
    }

    private String words() {
        return switch (lineEnd) {
            case LF -> "line feeds";
            case CRLF -> "carriage returns with line feeds";
            default -> "carriage returns";
        };
    }

    private boolean isEndMark(byte[] bytes, int start, int limit) {
        if (limit - start < 3 || bytes[start + 1] != '.') {
            return false;
        }
        byte c = bytes[start + 2];
        boolean crlf = c == '\r' && limit - start > 3 && bytes[start + 3] == '\n';
        return switch (lineEnd) {
            case UNKNOWN -> c == '\n' || c == '\r';
            case LF -> c == '\n';
            case CRLF -> crlf;
            case CR -> c == '\r';
        };
    }

    private int characterLength(byte[] bytes, int at, int limit) {
        if (!gb18030 || at + 1 >= limit) {
            return 2;
        }
        byte second = bytes[at + 1];
        return second >= '0' && second <= '9' ? 4 : 2;
    }
}
