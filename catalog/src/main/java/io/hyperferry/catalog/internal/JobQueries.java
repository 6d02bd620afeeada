package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.flag;
import static io.hyperferry.catalog.internal.Queries.name;
import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.optionalName;
import static io.hyperferry.catalog.internal.Queries.optionalString;
import static io.hyperferry.catalog.internal.Queries.string;

import io.hyperferry.catalog.Job;
import io.hyperferry.catalog.Job.Limits;
import io.hyperferry.catalog.Job.Schedule;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.RoleUse.Use;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Policies and user-defined actions; ids below 1000 are TimescaleDB's own. */
public final class JobQueries {
    /** What TimescaleDB calls its policies; the columnstore's had another name until 2.19. */
    private static final Map<String, Set<String>> GIVEN_NAMES = Map.of(
            "policy_compression", Set.of("Columnstore Policy", "Compression Policy"),
            "policy_retention", Set.of("Retention Policy"),
            "policy_reorder", Set.of("Reorder Policy"),
            "policy_compaction", Set.of("Compaction Policy"),
            "policy_refresh_continuous_aggregate", Set.of("Refresh Continuous Aggregate Policy"));

    private static final Set<String> GIVEN_TO_ACTIONS = Set.of("User-Defined Action");

    private JobQueries() {}

    public static List<Job> read(Queries queries, Features features, Roles roles) {
        return queries.list("""
                SELECT j.id, j.application_name, j.schedule_interval::text AS schedule_interval,
                       j.max_runtime::text AS max_runtime, j.max_retries, j.retry_period::text AS retry_period,
                       j.proc_schema, j.proc_name, j.own, pg_get_userbyid(j.owner::oid) AS owner, j.scheduled,
                       j.fixed_schedule, j.initial_start::text AS initial_start, j.timezone,
                       j.hypertable_id IS NOT NULL AS attached,
                       CASE WHEN j.own AND jsonb_typeof(j.config) = 'object'
                           THEN j.config - 'hypertable_id' - 'mat_hypertable_id' ELSE j.config END::text
                           AS config,
                       j.check_schema, j.check_name,
                       coalesce(ca.user_view_schema, h.schema_name) AS relation_schema,
                       coalesce(ca.user_view_name, h.table_name) AS relation_name,
                       coalesce(s.next_start = 'infinity', false) AS held,
                       EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                           WHERE n.nspname = j.proc_schema AND p.proname = j.proc_name) AS callable
                FROM (SELECT j.*, coalesce(j.hypertable_id, CASE WHEN j.own THEN
                              coalesce(j.config ->> 'hypertable_id', j.config ->> 'mat_hypertable_id')::int END) AS works_on
                      FROM (SELECT j.*, j.proc_schema IN ('_timescaledb_functions', '_timescaledb_internal') AS own
                            FROM {job_table} j) j) j
                LEFT JOIN _timescaledb_catalog.hypertable h ON h.id = j.works_on
                LEFT JOIN _timescaledb_catalog.continuous_agg ca ON ca.mat_hypertable_id = j.works_on
                LEFT JOIN _timescaledb_internal.bgw_job_stat s ON s.job_id = j.id
                WHERE j.id >= 1000 AND j.proc_name <> 'policy_process_hypertable_invalidations'
                ORDER BY j.id
                """.replace("{job_table}", features.jobTable()), row -> job(row, roles)).stream()
                .filter(it ->
                        !queries.ignores(it.procedure()) && (it.relation() == null || !queries.ignores(it.relation())))
                .toList();
    }

    private static Job job(Record row, Roles roles) {
        QualifiedName procedure = inOneSchema(name(row, "proc_schema", "proc_name"), flag(row, "own"));
        @Nullable QualifiedName check = optionalName(row, "check_schema", "check_name");
        int id = Math.toIntExact(number(row, "id"));
        return new Job(
                id,
                procedure,
                optionalName(row, "relation_schema", "relation_name"),
                flag(row, "attached"),
                ownName(string(row, "application_name"), procedure, flag(row, "own")),
                roles.used(string(row, "owner"), Use.JOB),
                optionalString(row, "config"),
                check == null ? null : inOneSchema(check, flag(row, "own")),
                new Schedule(
                        string(row, "schedule_interval"),
                        flag(row, "fixed_schedule"),
                        optionalString(row, "initial_start"),
                        optionalString(row, "timezone")),
                new Limits(
                        string(row, "max_runtime"),
                        Math.toIntExact(number(row, "max_retries")),
                        string(row, "retry_period")),
                flag(row, "scheduled"),
                flag(row, "held"),
                flag(row, "callable"));
    }

    /** 2.11 has its procedures in another schema than all later versions. */
    private static QualifiedName inOneSchema(QualifiedName name, boolean own) {
        return own && name.schema().startsWith("_timescaledb_")
                ? QualifiedName.of(Job.TIMESCALE_SCHEMA, name.name())
                : name;
    }

    private static @Nullable String ownName(String applicationName, QualifiedName procedure, boolean own) {
        String name = applicationName.replaceFirst(" \\[\\d+]$", "");
        Set<String> given = own ? GIVEN_NAMES.getOrDefault(procedure.name(), GIVEN_TO_ACTIONS) : GIVEN_TO_ACTIONS;
        return given.contains(name) ? null : name;
    }
}
