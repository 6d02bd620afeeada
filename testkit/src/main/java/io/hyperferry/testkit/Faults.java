package io.hyperferry.testkit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Real faults of a running server, for tests of what happens after them. */
public final class Faults {

    private static final long LONGEST_MILLIS = 10_000;
    private static final long LONGEST_RECOVERY_NANOS = 60_000_000_000L;
    private static final long POLL_MILLIS = 50;

    private Faults() {}

    /**
     * Kills one of the server's processes as {@code kill -9} and the kernel's want of memory do. The server then ends all sessions, recovers
     * from its log and serves again; this returns when it does. It hits every database of the server.
     *
     * @throws IllegalStateException when the server does not answer again within a minute
     */
    public static void crash(TestDatabase database) {
        try (Connection connection = database.superuser().connect();
                Statement statement = connection.createStatement()) {
            // The shell's parent is the process that serves this session.
            statement.execute("COPY (SELECT 1) TO PROGRAM 'kill -9 $PPID'");
            throw new IllegalStateException("the process that was to die lives in " + database);
        } catch (SQLException e) {
            awaitAnswer(database, e);
        }
    }

    private static void awaitAnswer(TestDatabase database, SQLException died) {
        long deadline = System.nanoTime() + LONGEST_RECOVERY_NANOS;
        SQLException last = died;
        while (System.nanoTime() < deadline) {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
                return;
            } catch (SQLException e) {
                last = e;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a server recovers", e);
            }
        }
        throw new IllegalStateException("the server of " + database + " does not answer after a crash", last);
    }

    /**
     * Ends the sessions of applications in a database, as an administrator's
     * <a href="https://www.postgresql.org/docs/current/functions-admin.html">pg_terminate_backend</a> does, and
     * returns when they are gone. The session that does this is never among them.
     *
     * @param applicationNameLike a LIKE pattern for the sessions' {@code application_name}
     * @return how many sessions were ended
     * @throws IllegalStateException when a session is still there after ten seconds, or the server does not answer
     */
    public static int terminateBackends(TestDatabase database, String applicationNameLike) {
        // A session that its client ended meanwhile could not be ended any more, and is gone all the same.
        String end = """
                SELECT pid, backend_start::text, pg_terminate_backend(pid, ?)
                FROM pg_stat_activity
                WHERE datname = current_database() AND backend_type = 'client backend'
                  AND pid <> pg_backend_pid() AND application_name LIKE ?
                """;
        String there = "SELECT FROM pg_stat_activity WHERE pid = ? AND backend_start::text = ?";
        try (Connection connection = database.superuser().connect();
                PreparedStatement ending = connection.prepareStatement(end);
                PreparedStatement asking = connection.prepareStatement(there)) {
            ending.setLong(1, LONGEST_MILLIS);
            ending.setString(2, applicationNameLike);
            int sessions = 0;
            int left = 0;
            try (ResultSet session = ending.executeQuery()) {
                while (session.next()) {
                    sessions++;
                    if (!session.getBoolean(3)) {
                        asking.setInt(1, session.getInt(1));
                        asking.setString(2, session.getString(2));
                        left += asking.executeQuery().next() ? 1 : 0;
                    }
                }
            }
            if (left > 0) {
                throw new IllegalStateException(left + " of " + sessions + " sessions did not end in " + database);
            }
            return sessions;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot end the sessions in " + database, e);
        }
    }
}
