package io.hyperferry.internal.run;

import io.hyperferry.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * How much memory a session may sort in that builds indexes ({@code maintenance_work_mem}). All of them together get as much as the server was
 * given for shared buffers, but no more than a quarter of what it takes for its cache: who set these for the machine has said how large it
 * is, and a server that nobody has set up gets no more than it has. A session that is allowed more already, by the server, the
 * database or the role, keeps that.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-MAINTENANCE-WORK-MEM">maintenance_work_mem</a>
 */
final class BuildMemory {
    /** Sorting gains little beyond, and a larger value is refused where a long has 32 bits. */
    static final long MOST_KILOBYTES = 2_097_151;

    private static final int SHARE_OF_CACHE = 4;

    private BuildMemory() {}

    /**
     * What a session gets.
     *
     * @param present what it is allowed, in kilobytes, as all that follow
     * @param sharedBuffers the server's {@code shared_buffers}
     * @param cache its {@code effective_cache_size}
     * @param sessions how many build at a time
     */
    static long kilobytes(long present, long sharedBuffers, long cache, int sessions) {
        long together = Math.min(sharedBuffers, cache / SHARE_OF_CACHE);
        return Math.max(present, Math.min(MOST_KILOBYTES, together / sessions));
    }

    /**
     * Lets the current transaction have that.
     *
     * @param sessions how many build at a time
     */
    static void raise(Connection target, int sessions) throws SQLException {
        long now = Jdbc.one(
                target,
                """
                SELECT pg_size_bytes(current_setting('maintenance_work_mem')) / 1024 AS present,
                       pg_size_bytes(current_setting('shared_buffers')) / 1024 AS shared,
                       pg_size_bytes(current_setting('effective_cache_size')) / 1024 AS cache""",
                row -> kilobytes(row.getLong("present"), row.getLong("shared"), row.getLong("cache"), sessions));
        Jdbc.execute(target, "SET LOCAL maintenance_work_mem = " + now);
    }
}
