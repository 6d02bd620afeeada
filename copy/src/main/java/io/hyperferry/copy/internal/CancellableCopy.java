package io.hyperferry.copy.internal;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOperation;
import org.postgresql.copy.CopyOut;

/**
 * COPY on one connection of the PostgreSQL driver, and all that one has to know to get out of it again. For the thread
 * that uses the connection, except for {@link #interrupt}.
 *
 * <ul>
 *   <li>{@code CopyOut.cancelCopy()} is never called: it leaves the connection one answer behind its questions.
 *       Cancelling the query from outside and reading on to the error leaves it clean.
 *   <li>{@code PGCopyOutputStream} is never used: closing it ends the COPY as if all had been written.
 *   <li>Interrupting a thread does not wake it from a read; cancelling the query does.
 * </ul>
 */
final class CancellableCopy {

    private final PGConnection server;
    private @Nullable CopyOperation current;

    CancellableCopy(PGConnection server) {
        this.server = server;
    }

    /** Cancels the query that runs on the connection. Any thread; connects to the server. */
    void interrupt() throws SQLException {
        server.cancelQuery();
    }

    RowsOut out(String sql) throws SQLException {
        CopyOut out = server.getCopyAPI().copyOut(sql);
        current = out;
        return new RowsOut() {
            @Override
            public boolean binary() {
                return out.getFormat() == 1;
            }

            @Override
            public byte @Nullable [] next() throws SQLException {
                return out.readFromCopy();
            }

            @Override
            public long rows() {
                return out.getHandledRowCount();
            }
        };
    }

    RowsIn in(String sql) throws SQLException {
        CopyIn in = server.getCopyAPI().copyIn(sql);
        current = in;
        return new RowsIn() {
            @Override
            public boolean binary() {
                return in.getFormat() == 1;
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws SQLException {
                in.writeToCopy(bytes, from, length);
            }

            @Override
            public long end() throws SQLException {
                return in.endCopy();
            }
        };
    }

    /**
     * Gets the connection out of a COPY that did not end, so that it answers again. Of the COPY nothing remains on the
     * server: one that writes takes no row.
     *
     * @throws SQLException when that did not work, and the connection is good for nothing
     */
    void clear() throws SQLException {
        CopyOperation unfinished = current;
        current = null;
        if (unfinished == null || !unfinished.isActive()) {
            return;
        }
        // A server that waits for a lock or computes reads no message, hence this comes first on both sides.
        interrupt();
        try {
            if (unfinished instanceof CopyOut out) {
                while (out.readFromCopy() != null) {
                    // What was on its way when the query was cancelled.
                }
            } else {
                unfinished.cancelCopy();
            }
        } catch (SQLException e) {
            if (unfinished.isActive()) {
                throw e;
            }
            // Else this is the server's word that the query is cancelled.
        }
    }
}
