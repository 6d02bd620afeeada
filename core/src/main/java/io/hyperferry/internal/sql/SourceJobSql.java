package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.quote;

/**
 * Pauses the jobs of a source and schedules them again. All versions have the name {@code _timescaledb_config.bgw_job}, for a table or for a
 * view; ids below 1000 are TimescaleDB's own.
 */
public final class SourceJobSql {
    /** Whether the database has jobs at all. */
    public static final String HAS_JOBS = "SELECT to_regclass('_timescaledb_config.bgw_job') IS NOT NULL";

    /** The jobs that are scheduled. */
    public static final String SCHEDULED = """
            SELECT j.id, j.application_name || ' (' || j.proc_schema || '.' || j.proc_name || ')' AS title,
                   to_jsonb(j) ->> 'timezone' AS timezone, s.next_start::text AS next_start
            FROM _timescaledb_config.bgw_job j
            LEFT JOIN _timescaledb_internal.bgw_job_stat s ON s.job_id = j.id
            WHERE j.id >= 1000 AND j.scheduled
            ORDER BY j.id""";

    /** Owners whose scheduled jobs this role may not alter. */
    public static final String OTHERS = """
            SELECT pg_get_userbyid(j.owner::oid) AS owner, count(*) AS jobs, min(j.application_name::text) AS one
            FROM _timescaledb_config.bgw_job j
            WHERE j.id >= 1000 AND j.scheduled AND NOT pg_has_role(j.owner::oid, 'USAGE')
            GROUP BY 1
            ORDER BY 1""";

    /**
     * Jobs that run, also those that the scheduler has only just started; everybody may see the names of processes. A job that crashed has no
     * end either, but began longer ago.
     */
    public static final String RUNNING = """
            SELECT j.application_name || ' (' || j.proc_schema || '.' || j.proc_name || ')'
            FROM _timescaledb_config.bgw_job j
            LEFT JOIN _timescaledb_internal.bgw_job_stat s ON s.job_id = j.id
            WHERE j.id >= 1000
              AND (EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = current_database()
                       AND a.application_name = j.application_name AND a.pid <> pg_backend_pid())
                   OR (s.last_finish = '-infinity' AND s.last_start > clock_timestamp() - INTERVAL '5 seconds'))
            ORDER BY j.id""";

    /** The schema of TimescaleDB's functions, and whether alter_job can take a time zone. */
    public static final String ABILITIES = """
            SELECT n.nspname AS schema,
                   EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid AND p.proname = 'alter_job'
                       AND 'timezone' = ANY (p.proargnames[1:p.pronargs])) AS timezones
            FROM pg_extension e
            JOIN pg_namespace n ON n.oid = e.extnamespace
            WHERE e.extname = 'timescaledb'""";

    private SourceJobSql() {}

    /**
     * Changes the jobs whose ids are in its only value, as far as they are in the other state; a row for each. Without its time zone, alter_job
     * would take it away, and with it, compute the next start anew. 2.11, which cannot be given any, does neither.
     *
     * @param schema the schema of TimescaleDB's functions
     * @param timezones whether alter_job can take a time zone
     * @param scheduled the state that they get
     */
    public static String setScheduled(String schema, boolean timezones, boolean scheduled) {
        String kept = timezones
                ? ", timezone => j.timezone, next_start => CASE WHEN j.timezone IS NOT NULL"
                        + " AND s.next_start > '-infinity' THEN s.next_start END"
                : "";
        return "SELECT " + quote(schema) + ".alter_job(j.id, scheduled => " + scheduled + kept
                + ") FROM _timescaledb_config.bgw_job j"
                + " LEFT JOIN _timescaledb_internal.bgw_job_stat s ON s.job_id = j.id"
                + " WHERE j.id = ANY (?) AND j.scheduled <> " + scheduled + " ORDER BY j.id";
    }
}
