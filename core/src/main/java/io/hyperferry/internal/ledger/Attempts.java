package io.hyperferry.internal.ledger;

import io.hyperferry.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who works on a run: the process that leads it, and those that joined it. All of them are known by advisory locks of their sessions, so nobody
 * has to be signed off who dies.
 *
 * <p>An attempt is what a leading process makes of a run. Its lock says that the process lives, and with it the snapshot under which the
 * attempt's slices are read.
 *
 * <p>All methods work in the transaction of the connection that they are given, a connection to the target.
 *
 * @see <a href="https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS">advisory locks</a>
 */
public final class Attempts {
    /** An arbitrary number, the same for all; the other half of the key is the attempt's number. */
    private static final int LEADS = 0x4879_6c65;

    /** Shared by those that joined; who removes the ledger wants it for itself. An arbitrary number. */
    private static final long JOINED = 0x4879_7065_7266_776bL;

    private static final String UNDEFINED_TABLE = "42P01";

    private Attempts() {}

    /** Notes that this session begins to lead the run, and gives its number. */
    public static int begin(Connection target, int parallelism) throws SQLException {
        // The ledger may be one without.
        Ledger.letBePublished(target);
        int number = Jdbc.one(
                target,
                "INSERT INTO hyperferry.attempt (parallelism) VALUES (?) RETURNING number",
                row -> row.getInt(1),
                parallelism);
        Jdbc.query(target, "SELECT pg_advisory_lock(?, ?)", row -> row.getObject(1), LEADS, number);
        return number;
    }

    /**
     * Notes that this session leads an attempt on whose former session was lost; fails when there is a newer one, because another process led the
     * run meanwhile.
     */
    public static boolean goOn(Connection target, int number) throws SQLException {
        boolean newest = Jdbc.one(
                target,
                "SELECT coalesce(max(number), 0) = ? FROM hyperferry.attempt",
                row -> row.getBoolean(1),
                number);
        if (newest) {
            Jdbc.query(target, "SELECT pg_advisory_lock(?, ?)", row -> row.getObject(1), LEADS, number);
        }
        return newest;
    }

    /** Says that this session leads the run no longer. */
    public static void end(Connection target, int number) throws SQLException {
        Jdbc.query(target, "SELECT pg_advisory_unlock(?, ?)", row -> row.getBoolean(1), LEADS, number);
    }

    /**
     * Opens the attempt's slices to everybody.
     *
     * @param snapshot the snapshot of the source to read under, or null when each slice is read by itself
     */
    public static void openSlices(Connection target, int number, @Nullable String snapshot) throws SQLException {
        Jdbc.update(
                target,
                "UPDATE hyperferry.attempt SET copying_at = clock_timestamp(), snapshot = ? WHERE number = ?",
                snapshot,
                number);
    }

    /** Whether the process lives that leads this attempt. */
    public static boolean isLed(Connection target, int number) throws SQLException {
        // Whoever can have the leader's lock sees that nobody holds it.
        return !Jdbc.one(
                target, "SELECT pg_try_advisory_xact_lock_shared(?, ?)", row -> row.getBoolean(1), LEADS, number);
    }

    /**
     * The newest attempt.
     *
     * @param number its number, 0 when there was none yet
     * @param led whether the process lives that leads it
     * @param slicesOpen whether its slices may be copied
     * @param snapshot the snapshot of the source to read them under, or null when each is read by itself
     * @param snapshots which of the attempt's snapshots that is, from 1: there is another for each that was lost
     * @param copied whether all rows are there
     */
    public record Attempt(
            int number,
            boolean led,
            boolean slicesOpen,
            @Nullable String snapshot,
            int snapshots,
            boolean copied) {}

    /**
     * The newest attempt of the run, if there is a run.
     *
     * @throws io.hyperferry.MigrationException when the ledger is of another version
     */
    public static Optional<Attempt> newest(Connection target) throws SQLException {
        if (!Ledger.exists(target)) {
            return Optional.empty();
        }
        try {
            Ledger.requireVersion(target);
            return Jdbc.query(
                            target,
                            """
                            SELECT coalesce(a.number, 0) AS number, a.copying_at IS NOT NULL AS slices_open, a.snapshot,
                                   coalesce(a.snapshots, 0) AS snapshots,
                                   r.copied_at IS NOT NULL AS copied,
                                   a.number IS NOT NULL AND NOT pg_try_advisory_xact_lock_shared(?, a.number) AS led
                            FROM hyperferry.run r
                            LEFT JOIN hyperferry.attempt a ON a.number = (SELECT max(number) FROM hyperferry.attempt)""",
                            row -> new Attempt(
                                    row.getInt("number"),
                                    row.getBoolean("led"),
                                    row.getBoolean("slices_open"),
                                    row.getString("snapshot"),
                                    row.getInt("snapshots"),
                                    row.getBoolean("copied")),
                            LEADS)
                    .stream()
                    .findFirst();
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                // It was removed at this moment.
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Says that this session's process joins the run; fails when the ledger is being removed at this moment. */
    public static boolean join(Connection target) throws SQLException {
        return Jdbc.one(target, "SELECT pg_try_advisory_lock_shared(?)", row -> row.getBoolean(1), JOINED);
    }

    /** Says that it has left. */
    public static void leave(Connection target) throws SQLException {
        Jdbc.query(target, "SELECT pg_advisory_unlock_shared(?)", row -> row.getBoolean(1), JOINED);
    }

    /** Keeps others from joining until {@link #letIn}; fails when somebody has joined. */
    public static boolean keepOut(Connection target) throws SQLException {
        return Jdbc.one(target, "SELECT pg_try_advisory_lock(?)", row -> row.getBoolean(1), JOINED);
    }

    /** Lets others join again. */
    public static void letIn(Connection target) throws SQLException {
        Jdbc.query(target, "SELECT pg_advisory_unlock(?)", row -> row.getBoolean(1), JOINED);
    }

    /** How many processes have joined the run and work on it now. */
    public static int joined(Connection target) throws SQLException {
        return Jdbc.one(target, """
                SELECT count(*)::int FROM pg_locks
                WHERE locktype = 'advisory' AND objsubid = 1 AND (classid::bigint << 32 | objid::bigint) = ?
                    AND granted AND mode = 'ShareLock'
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""", row -> row.getInt(1), JOINED);
    }
}
