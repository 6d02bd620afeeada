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

    /** PostgreSQL's state of an object that is not in the state that is needed. */
    private static final String LOST = "55000";

    /** Where another comes from; null in a process that reads under the snapshots of the one that leads. */
    private final @Nullable DataSource source;

    private @Nullable SourceSnapshot snapshot;
    private int number;

    private Snapshots(@Nullable DataSource source, @Nullable SourceSnapshot snapshot, int number) {
        this.source = source;
        this.snapshot = snapshot;
        this.number = number;
    }

    /** Of the process that leads, with one that was exported already, if any was. */
    static Snapshots leading(@Nullable DataSource source, @Nullable SourceSnapshot first) {
        return new Snapshots(source, first, first == null ? 0 : 1);
    }

    /** Of a process that goes on with what another read under its first snapshot, which went with that process. */
    static Snapshots goingOn(DataSource source) {
        return new Snapshots(source, null, 1);
    }

    /** Of a process that shares the leader's snapshot of this number; another one is the leader's to export. */
    static Snapshots sharing(@Nullable SourceSnapshot shared, int number) {
        return new Snapshots(null, shared, number);
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
            if (source == null) {
                throw new SQLException("the snapshot that this process shared is lost", LOST);
            }
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

    /** Whether there is none to read under that this process could get by itself. */
    synchronized boolean areLost() {
        return source == null && snapshot == null;
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
