package io.hyperferry.internal.sql;

import static java.util.stream.Collectors.joining;

import java.util.Collection;

/**
 * SQL that finds what sessions wait for.
 *
 * @see <a href="https://www.postgresql.org/docs/current/view-pg-locks.html">pg_locks</a>
 */
public final class LockSql {
    private LockSql() {}

    /**
     * The waits of a run's sessions in this database for locks that sessions of others hold, a row for each session that is in the way. Of a chunk or a
     * partition, the table that it is a part of is named, too. PostgreSQL's tools are known by their application and role.
     *
     * @param sessions the process ids of the run's own sessions
     * @param application the application under which tools connect
     */
    public static String waits(Collection<Integer> sessions, String application) {
        String own = sessions.stream().map(String::valueOf).collect(joining(", ", "ARRAY[", "]::integer[]"));
        String tool = Identifiers.literal(application);
        return """
                SELECT DISTINCT
                    CASE WHEN c.oid IS NULL THEN 'a lock of type ' || l.locktype
                        ELSE pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
                            || coalesce(' of ' || pg_catalog.quote_ident(pn.nspname)
                                || '.' || pg_catalog.quote_ident(p.relname), '') END AS waited_for,
                    blocker.pid AS blocking_pid,
                    coalesce(nullif(b.application_name, ''), b.backend_type, '') AS application,
                    coalesce(b.state, '') AS state,
                    b.xact_start AS since
                FROM pg_catalog.pg_stat_activity w
                JOIN pg_catalog.pg_locks l ON l.pid = w.pid AND NOT l.granted
                CROSS JOIN LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) blocker (pid)
                LEFT JOIN pg_catalog.pg_stat_activity b ON b.pid = blocker.pid
                LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation AND w.datid = l.database
                LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid
                LEFT JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
                LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
                WHERE w.datname = pg_catalog.current_database()
                    AND w.pid <> pg_catalog.pg_backend_pid()
                    AND (w.pid = ANY ($own) OR (w.application_name = $tool AND w.usename = CURRENT_USER))
                    AND (blocker.pid = ANY ($own) OR (b.application_name = $tool AND b.usename = CURRENT_USER
                        AND b.datname = pg_catalog.current_database())) IS NOT TRUE
                """.replace("$own", own).replace("$tool", tool);
    }
}
