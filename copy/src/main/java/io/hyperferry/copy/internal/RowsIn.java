package io.hyperferry.copy.internal;

import java.sql.SQLException;

/** Rows on their way in. */
public interface RowsIn {

    /** The number of rows, of who takes bytes and counts no rows. */
    long UNCOUNTED = -1;

    /** Whether the bytes are expected in COPY's binary format. */
    boolean binary();

    /** Writes bytes, wherever rows begin and end in them. */
    void write(byte[] bytes, int from, int length) throws SQLException;

    /**
     * Says that all is written.
     *
     * @return how many rows were taken, or {@link #UNCOUNTED}
     */
    long end() throws SQLException;
}
