package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.literal;
import static io.hyperferry.internal.sql.Identifiers.quote;
import static io.hyperferry.internal.sql.Identifiers.regclass;
import static io.hyperferry.internal.sql.Identifiers.regproc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hyperferry.catalog.Job;
import io.hyperferry.catalog.Job.Limits;
import io.hyperferry.catalog.Job.Schedule;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes jobs as they are on the source, first unscheduled. Ids are those of the target: relations are found by their names, and the jobs that
 * were made by the table {@code hyperferry.job} of the ledger.
 *
 * @see <a href="https://docs.tigerdata.com/api/latest/jobs-automation/alter_job/">alter_job</a>
 */
public final class JobSql {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String REMEMBER = "INSERT INTO hyperferry.job ";
    private static final String NEW_JOB = "current_setting('hyperferry.job')::integer";

    /** What TimescaleDB calls its policies since 2.20, where the name can be given. */
    private static final Map<String, String> POLICY_NAMES = Map.of(
            "policy_compression", "Columnstore Policy",
            "policy_retention", "Retention Policy",
            "policy_reorder", "Reorder Policy",
            "policy_compaction", "Compaction Policy",
            "policy_refresh_continuous_aggregate", "Refresh Continuous Aggregate Policy");

    /** The name of what {@code add_job} makes, when nothing else is said or can be. */
    public static final String ACTION = "User-Defined Action";

    private JobSql() {}

    /**
     * Removes the jobs that TimescaleDB made by itself along with settings of a hypertable. The source's own, as users left them, come
     * later.
     */
    public static String removeAutomatic(Timescale target) {
        return "SELECT " + quote(target.schema()) + ".delete_job(j.id) FROM _timescaledb_config.bgw_job j"
                + " WHERE j.id >= 1000 AND j.hypertable_id IS NOT NULL"
                + " AND j.proc_name <> 'policy_process_hypertable_invalidations'"
                + " AND NOT EXISTS (SELECT FROM hyperferry.job k WHERE k.job = j.id)";
    }

    /**
     * The statements that create a job, to be executed in one transaction.
     *
     * @param position its number in the ledger
     * @param first whether it is the first of its procedure on its relation
     * @param owner the role to which it is to belong, or null for the role that migrates
     * @param user the role that migrates
     */
    public static List<String> create(
            Job job, int position, boolean first, @Nullable String owner, String user, Timescale target) {
        List<String> sql = new ArrayList<>();
        boolean byItsOwnFunction = first && isNamedByItsOwnFunctionOnly(job, target);
        String create = byItsOwnFunction ? addPolicy(job, target) : addJob(job, target);
        String remember = "SELECT set_config('hyperferry.job', " + create + "::text, true)";
        if (owner == null) {
            sql.add(remember);
        } else {
            sql.add("SET LOCAL ROLE " + quote(owner));
            sql.add(remember);
            sql.add("SET LOCAL ROLE " + quote(user));
        }
        if (job.attached() && job.relation() != null && !byItsOwnFunction) {
            sql.add("SELECT " + quote(target.functionSchema()) + ".alter_job_set_hypertable_id(" + NEW_JOB + ", "
                    + regclass(job.relation()) + ")");
        }
        List<String> changes = byItsOwnFunction ? everything(job, target) : whatAddJobLeaves(job, target);
        if (!changes.isEmpty()) {
            sql.add(alter(NEW_JOB, changes, job, target));
        }
        sql.add(REMEMBER + "(position, job) VALUES (" + position + ", " + NEW_JOB + ")");
        return sql;
    }

    /** The statements of several jobs, as {@link #create} gives them one after the other, by the job. */
    public static List<List<String>> perJob(List<String> statements) {
        List<List<String>> jobs = new ArrayList<>();
        List<String> job = new ArrayList<>();
        for (String statement : statements) {
            job.add(statement);
            if (statement.startsWith(REMEMBER)) {
                jobs.add(List.copyOf(job));
                job.clear();
            }
        }
        return jobs;
    }

    /**
     * The statement that schedules a job that {@link #create} made. A first start that lies ahead stays; fixed times go on with the next
     * one.
     */
    public static String schedule(Job job, int position, Timescale target) {
        List<String> changes = new ArrayList<>();
        changes.add("scheduled => true");
        @Nullable String start = job.schedule().initialStart();
        boolean mayChange = target.has(TimescaleFeature.JOB_SCHEDULE);
        if (start != null && job.schedule().fixed() && mayChange) {
            changes.add("initial_start => " + timestamp(start));
        }
        if (job.held()) {
            changes.add("next_start => 'infinity'");
        } else if (start != null && mayChange) {
            changes.add("next_start => CASE WHEN " + timestamp(start) + " > now() THEN " + timestamp(start) + " END");
        }
        return alter("(SELECT k.job FROM hyperferry.job k WHERE k.position = " + position + ")", changes, job, target);
    }

    /** Without its time zone, alter_job would take it away. */
    private static String alter(String id, List<String> changes, Job job, Timescale target) {
        List<String> arguments = new ArrayList<>(List.of(id));
        arguments.addAll(changes);
        @Nullable String timezone = job.schedule().timezone();
        if (timezone != null && target.has(TimescaleFeature.JOB_SCHEDULE)) {
            arguments.add("timezone => " + literal(timezone));
        }
        return "SELECT " + call(quote(target.schema()) + ".alter_job", arguments);
    }

    /** Until 2.19, only a policy's own function gives it the name that TimescaleDB shows for it. */
    private static boolean isNamedByItsOwnFunctionOnly(Job job, Timescale target) {
        return !target.has(TimescaleFeature.JOB_NAME)
                && job.isPolicy()
                && job.name() == null
                && job.attached()
                && job.relation() != null
                && POLICY_NAMES.containsKey(job.procedure().name());
    }

    private static String addJob(Job job, Timescale target) {
        Schedule schedule = job.schedule();
        List<String> arguments = new ArrayList<>();
        arguments.add(procedure(job.procedure(), "integer, jsonb", target));
        arguments.add(interval(schedule.interval()));
        if (job.config() != null) {
            arguments.add("config => " + config(job));
        }
        if (schedule.initialStart() != null) {
            arguments.add("initial_start => " + timestamp(schedule.initialStart()));
        }
        arguments.add("scheduled => false");
        if (job.check() != null) {
            arguments.add("check_config => " + procedure(job.check(), "jsonb", target));
        }
        arguments.add("fixed_schedule => " + schedule.fixed());
        if (schedule.timezone() != null) {
            arguments.add("timezone => " + literal(schedule.timezone()));
        }
        @Nullable
        String name = job.name() == null && job.isPolicy()
                ? POLICY_NAMES.get(job.procedure().name())
                : job.name();
        if (name != null && target.has(TimescaleFeature.JOB_NAME)) {
            arguments.add("job_name => " + literal(name));
        }
        return call(quote(target.schema()) + ".add_job", arguments);
    }

    private static List<String> whatAddJobLeaves(Job job, Timescale target) {
        List<String> changes = new ArrayList<>();
        if (!job.limits().equals(Limits.DEFAULT)) {
            changes.addAll(limits(job.limits()));
        }
        if (job.held()) {
            changes.add("next_start => 'infinity'");
        } else if (!changes.isEmpty()) {
            changes.addAll(keepingStart(job, target));
        }
        return changes;
    }

    /** A change of a job with a time zone computes its next start anew, and forgets that the first one may lie far ahead. */
    private static List<String> keepingStart(Job job, Timescale target) {
        return job.schedule().initialStart() != null && target.has(TimescaleFeature.JOB_SCHEDULE)
                ? List.of("next_start => " + timestamp(job.schedule().initialStart()))
                : List.of();
    }

    private static List<String> limits(Limits limits) {
        return List.of(
                "max_runtime => " + interval(limits.maxRuntime()),
                "max_retries => " + limits.maxRetries(),
                "retry_period => " + interval(limits.retryPeriod()));
    }

    private static String addPolicy(Job job, Timescale target) {
        JsonNode config = parsed(job.config());
        List<String> arguments = new ArrayList<>();
        arguments.add(regclass(job.relation() == null ? job.procedure() : job.relation()));
        String function = switch (job.procedure().name()) {
            case "policy_retention" -> {
                addGiven(config, List.of("drop_after", "drop_created_before"), arguments);
                yield "add_retention_policy";
            }
            case "policy_compression" -> {
                addGiven(config, List.of("compress_after", "compress_created_before"), arguments);
                yield "add_compression_policy";
            }
            case "policy_reorder" -> {
                arguments.add(literal(config.path("index_name").asText()));
                yield "add_reorder_policy";
            }
            default -> {
                arguments.add("start_offset => " + offset(config.path("start_offset")));
                arguments.add("end_offset => " + offset(config.path("end_offset")));
                arguments.add("schedule_interval => " + interval(job.schedule().interval()));
                yield "add_continuous_aggregate_policy";
            }
        };
        if (job.schedule().fixed() && job.schedule().initialStart() != null) {
            arguments.add("initial_start => " + timestamp(job.schedule().initialStart()));
        }
        if (job.schedule().timezone() != null) {
            arguments.add("timezone => " + literal(job.schedule().timezone()));
        }
        return call(quote(target.schema()) + "." + function, arguments);
    }

    private static void addGiven(JsonNode config, List<String> keys, List<String> arguments) {
        keys.stream().filter(config::hasNonNull).forEach(it -> arguments.add(it + " => " + offset(config.get(it))));
    }

    /** Integer time has integer offsets, and no offset at all is not the same as one of zero. */
    private static String offset(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "NULL";
        }
        return value.isNumber() ? value.asText() + "::bigint" : interval(value.asText());
    }

    private static JsonNode parsed(@Nullable String config) {
        try {
            return JSON.readTree(config == null ? "{}" : config);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the config of a job is no JSON", e);
        }
    }

    private static List<String> everything(Job job, Timescale target) {
        List<String> changes = new ArrayList<>();
        changes.add("schedule_interval => " + interval(job.schedule().interval()));
        changes.addAll(limits(job.limits()));
        changes.add("scheduled => false");
        if (job.config() != null) {
            changes.add("config => " + config(job));
        }
        changes.add(
                "check_config => " + (job.check() == null ? "0::regproc" : procedure(job.check(), "jsonb", target)));
        if (target.has(TimescaleFeature.JOB_SCHEDULE)) {
            changes.add("fixed_schedule => " + job.schedule().fixed());
            if (job.schedule().initialStart() != null) {
                changes.add("initial_start => " + timestamp(job.schedule().initialStart()));
            }
        }
        changes.addAll(job.held() ? List.of("next_start => 'infinity'") : keepingStart(job, target));
        return changes;
    }

    /** A policy finds its relation by an id in its config. */
    private static String config(Job job) {
        String config = literal(job.config() == null ? "null" : job.config()) + "::jsonb";
        @Nullable QualifiedName relation = job.relation();
        if (!job.isPolicy() || relation == null) {
            return config;
        }
        String key = job.procedure().name().equals("policy_refresh_continuous_aggregate")
                ? "mat_hypertable_id"
                : "hypertable_id";
        return config + " || jsonb_build_object(" + literal(key) + ", " + id(relation) + ")";
    }

    private static String id(QualifiedName relation) {
        String schema = literal(relation.schema());
        String name = literal(relation.name());
        return "(SELECT h.id FROM _timescaledb_catalog.hypertable h WHERE h.schema_name = " + schema
                + " AND h.table_name = " + name
                + " UNION ALL SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a"
                + " WHERE a.user_view_schema = " + schema + " AND a.user_view_name = " + name + ")";
    }

    /** A user may have several functions of that name, of which TimescaleDB calls the one with these arguments. */
    private static String procedure(QualifiedName name, String arguments, Timescale target) {
        if (name.schema().equals(Job.TIMESCALE_SCHEMA)) {
            return regproc(QualifiedName.of(target.functionSchema(), name.name()));
        }
        String quoted = quote(name);
        return "coalesce(to_regprocedure(" + literal(quoted + "(" + arguments + ")") + ")::oid::regproc, to_regproc("
                + literal(quoted) + "))";
    }

    private static String call(String function, List<String> arguments) {
        return function + "(" + String.join(", ", arguments) + ")";
    }

    private static String interval(String text) {
        return "INTERVAL " + literal(text);
    }

    private static String timestamp(String text) {
        return "TIMESTAMPTZ " + literal(text);
    }
}
