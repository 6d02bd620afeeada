package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.name;
import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.optionalName;

import io.hyperferry.catalog.Job;
import java.util.List;

/** Policies and user-defined actions; ids below 1000 are TimescaleDB's own. */
public final class JobQueries {
    private JobQueries() {}

    public static List<Job> read(Queries queries, Features features) {
        return queries
                .list(
                        """
                SELECT j.id, j.proc_schema, j.proc_name,
                       coalesce(ca.user_view_schema, h.schema_name) AS relation_schema,
                       coalesce(ca.user_view_name, h.table_name) AS relation_name
                FROM {job_table} j
                LEFT JOIN _timescaledb_catalog.hypertable h ON h.id = j.hypertable_id
                LEFT JOIN _timescaledb_catalog.continuous_agg ca ON ca.mat_hypertable_id = j.hypertable_id
                WHERE j.id >= 1000 AND j.proc_name <> 'policy_process_hypertable_invalidations'
                ORDER BY j.id
                """.replace("{job_table}", features.jobTable()),
                        row -> new Job(
                                Math.toIntExact(number(row, "id")),
                                name(row, "proc_schema", "proc_name"),
                                optionalName(row, "relation_schema", "relation_name")))
                .stream()
                .filter(it ->
                        !queries.ignores(it.procedure()) && (it.relation() == null || !queries.ignores(it.relation())))
                .toList();
    }
}
