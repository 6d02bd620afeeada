package io.hyperferry.copy.internal;

import java.sql.SQLException;
import java.util.function.LongConsumer;

/**
 * Carries bytes across. A server sends each row as a message of its own; here they are collected, because as many
 * small writes would cost a third more processor time. One relay belongs to one worker.
 */
final class BinaryRelay {

    static final int BATCH = 64 * 1024;

    private final byte[] batch = new byte[BATCH];
    private int filled;

    /** What went across. */
    record Relayed(long rows, long bytes) {
        Relayed plus(Relayed more) {
            return new Relayed(rows + more.rows, bytes + more.bytes);
        }
    }

    /**
     * Carries everything from one side to the other, and ends the writing.
     *
     * @param written is told the bytes of each write, at most a batch, and may wait or throw to stop
     * @throws SQLException from either side, or when one took another number of rows than the other sent
     */
    Relayed carry(RowsOut from, RowsIn to, LongConsumer written) throws SQLException {
        if (from.binary() != to.binary()) {
            throw new SQLException("the source sends " + format(from.binary()) + " but the target expects "
                    + format(to.binary()) + ": both COPY statements need the same FORMAT");
        }
        filled = 0;
        long bytes = 0;
        for (byte[] row = from.next(); row != null; row = from.next()) {
            bytes += row.length;
            if (row.length > BATCH - filled) {
                flush(to, written);
            }
            if (row.length < BATCH) {
                System.arraycopy(row, 0, batch, filled, row.length);
                filled += row.length;
            } else {
                write(row, to, written);
            }
        }
        flush(to, written);
        long sent = from.rows();
        long taken = to.end();
        if (taken != sent && taken != RowsIn.UNCOUNTED && sent != RowsIn.UNCOUNTED) {
            throw new SQLException("the source sent " + sent + " rows but the target took " + taken
                    + ": does a trigger or a rule on the target skip rows?");
        }
        return new Relayed(Math.max(taken, sent), bytes);
    }

    /** A row of a gigabyte is no reason to be deaf for its time. */
    private static void write(byte[] row, RowsIn to, LongConsumer written) throws SQLException {
        for (int from = 0; from < row.length; from += BATCH) {
            int length = Math.min(BATCH, row.length - from);
            to.write(row, from, length);
            written.accept(length);
        }
    }

    private void flush(RowsIn to, LongConsumer written) throws SQLException {
        if (filled > 0) {
            to.write(batch, 0, filled);
            written.accept(filled);
            filled = 0;
        }
    }

    private static String format(boolean binary) {
        return binary ? "binary" : "text";
    }
}
