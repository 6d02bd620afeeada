package io.hyperferry.internal.run;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots that a run reads under: one, and another each time that the server has lost it, with the session that held it.
 * Thread-safe.
 */
final class Snapshots implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

    private final DataSource source;
    private @Nullable SourceSnapshot snapshot;
    private int number;

    /** With one that was exported already, if any was. */
    Snapshots(DataSource source, @Nullable SourceSnapshot first) {
        this.source = source;
        this.snapshot = first;
        this.number = first == null ? 0 : 1;
    }

    /**
     * A snapshot to read under.
     *
     * @param id the name under which it is imported
     * @param number which of the run it is, from 1
     */
    record Current(String id, int number) {}

    /** The one to read under now; exported when there is none. */
    synchronized Current current() throws SQLException {
        SourceSnapshot now = snapshot;
        if (now == null) {
            now = SourceSnapshot.export(source);
            snapshot = now;
            number++;
            if (number > 1) {
                log.warn(
                        "the source's snapshot was lost; what follows is read under another, number {} of this run",
                        number);
            }
        }
        return new Current(now.id(), number);
    }

    /** Hears that one cannot be imported any more. */
    synchronized void lost(Current lost) {
        if (snapshot != null && number == lost.number()) {
            snapshot.abandon();
            snapshot = null;
        }
    }

    /** Ends the snapshot that there is. */
    @Override
    public synchronized void close() {
        if (snapshot != null) {
            snapshot.close();
            snapshot = null;
        }
    }
}
