package io.hyperferry.internal.plan;

import static io.hyperferry.Problem.warning;
import static io.hyperferry.internal.sql.Identifiers.quote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.Step;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Job;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import io.hyperferry.internal.sql.JobSql;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How jobs are made again: all of them unscheduled, and scheduled when both sides were found identical. */
public final class Jobs {
    /** What the policies do to rows that are read meanwhile. */
    private static final Map<String, String> DISTURBING =
            Map.of("policy_retention", "removes chunks", "policy_compression", "rewrites chunks");

    private static final int NAMED_JOBS = 3;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Keys in the config of policies that not every TimescaleDB knows, with what tells that it does. */
    private static final Map<String, TimescaleFeature> KEYS = Map.of(
            "hypercore_use_access_method", TimescaleFeature.HYPERCORE_ACCESS_METHOD,
            "process_hypertable_invalidations", TimescaleFeature.HYPERTABLE_INVALIDATIONS);

    private Jobs() {}

    /** The jobs as a database on this server can have them. */
    static List<Job> possible(List<Job> jobs, ServerInfo target) {
        @Nullable Timescale timescale = target.timescale();
        if (timescale == null || !timescale.community()) {
            return List.of();
        }
        return jobs.stream()
                .filter(it -> isRunnable(it, target))
                .map(it -> it.withConfig(knownConfig(it, timescale)))
                .map(it -> timescale.has(TimescaleFeature.JOB_NAME) ? it : it.withName(nameless(it)))
                .toList();
    }

    /** Where names cannot be given, a policy has its own name only from its own function, which attaches it. */
    private static @Nullable String nameless(Job job) {
        return job.isPolicy() && (job.name() != null || !job.attached()) ? JobSql.ACTION : null;
    }

    private static boolean isRunnable(Job job, ServerInfo target) {
        return job.callable()
                && !isOfNothing(job)
                && (!job.isPolicy()
                        || target.inventory()
                                .policies()
                                .contains(job.procedure().name()));
    }

    /** Whether it is to work on a hypertable or an aggregate, and names none that exists: servers crash on such policies. */
    private static boolean isOfNothing(Job job) {
        return job.relation() == null && (job.isPolicy() || job.attached());
    }

    private static @Nullable String knownConfig(Job job, Timescale target) {
        List<String> unknown = unknownKeys(job, target);
        @Nullable ObjectNode config = config(job);
        if (unknown.isEmpty() || config == null) {
            return job.config();
        }
        config.remove(unknown);
        return text(config);
    }

    private static List<String> unknownKeys(Job job, Timescale target) {
        @Nullable ObjectNode config = config(job);
        return config == null || !job.isPolicy()
                ? List.of()
                : KEYS.entrySet().stream()
                        .filter(it -> config.has(it.getKey()) && !target.has(it.getValue()))
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList();
    }

    private static @Nullable ObjectNode config(Job job) {
        if (job.config() == null) {
            return null;
        }
        try {
            return JSON.readTree(job.config()) instanceof ObjectNode object ? object : null;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the config of " + job.title() + " is no JSON", e);
        }
    }

    /** In the spelling of {@code jsonb}, by which configs are compared. */
    private static String text(JsonNode node) {
        if (node.isObject()) {
            return node.properties().stream()
                    .map(it -> JSON.getNodeFactory().textNode(it.getKey()) + ": " + text(it.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return node.isArray()
                ? Stream.iterate(0, i -> i < node.size(), i -> i + 1)
                        .map(i -> text(node.get(i)))
                        .collect(Collectors.joining(", ", "[", "]"))
                : node.toString();
    }

    /** Creates them; nothing may start before the verification. */
    static List<Step> creating(Scope scope, ServerInfo target, PlanOptions options) {
        @Nullable Timescale timescale = target.timescale();
        if (timescale == null || !timescale.community()) {
            return List.of();
        }
        List<String> sql = new ArrayList<>();
        sql.add(JobSql.removeAutomatic(timescale));
        Set<List<@Nullable Object>> seen = new HashSet<>();
        int position = 1;
        for (Job job : possible(scope.kept().jobs(), target)) {
            sql.addAll(JobSql.create(
                    job,
                    position++,
                    seen.add(kind(job)),
                    options.keepOwners() ? options.roles().getOrDefault(job.owner(), job.owner()) : null,
                    target.user(),
                    timescale));
        }
        return position == 1 && scope.jobsLeftOut().isEmpty()
                ? List.of()
                : List.of(new Step.CreateJobs(sql, scope.jobsLeftOut()));
    }

    /** The jobs that a run creates, in the order of {@link Step.CreateJobs}. */
    public static List<Job> created(DatabaseCatalog source, ServerInfo target, PlanOptions options) {
        return possible(Scope.of(source, options).kept().jobs(), target);
    }

    private static List<@Nullable Object> kind(Job job) {
        List<@Nullable Object> kind = new ArrayList<>();
        kind.add(job.procedure());
        kind.add(job.relation());
        return kind;
    }

    /** Gives each the source's state. */
    static List<Step> scheduling(Scope scope, ServerInfo target) {
        @Nullable Timescale timescale = target.timescale();
        List<String> sql = new ArrayList<>();
        int position = 1;
        for (Job job : possible(scope.kept().jobs(), target)) {
            if (job.scheduled() && timescale != null) {
                sql.add(JobSql.schedule(job, position, timescale));
            }
            position++;
        }
        return sql.isEmpty() ? List.of() : List.of(new Step.ScheduleJobs(sql));
    }

    /** What the target cannot have of them. */
    static List<Problem> problems(DatabaseCatalog kept, ServerInfo target) {
        List<Problem> problems = new ArrayList<>();
        @Nullable Timescale timescale = target.timescale();
        if (timescale == null) {
            return problems;
        }
        if (!timescale.community()) {
            if (!kept.jobs().isEmpty()) {
                problems.add(warning(
                        Code.JOBS_LEFT_OUT,
                        kept.server().database(),
                        "the target's Apache edition has no policies and no other jobs: " + some(kept.jobs()) + ".",
                        "Use the Community edition there, or run by another scheduler what they did."));
            }
            return problems;
        }
        for (Job job : kept.jobs()) {
            if (isRunnable(job, target)) {
                settings(job, timescale, problems);
            } else {
                problems.add(warning(
                        Code.JOB_LEFT_OUT,
                        job.title(),
                        isOfNothing(job)
                                ? "it names no hypertable and no continuous aggregate that exists, so the job fails on the source and"
                                        + " stays behind."
                                : job.callable()
                                        ? "the target's TimescaleDB has no such policy, so the job stays behind."
                                        : "its procedure does not exist on the source, so the job fails there and stays behind.",
                        job.callable() && !isOfNothing(job)
                                ? "Use a TimescaleDB on the target that has "
                                        + job.procedure().name() + "."
                                : "Remove it on the source: SELECT " + function(kept.server(), "delete_job") + "("
                                        + job.id() + ");"));
            }
        }
        return problems;
    }

    /** What of the source's own jobs may come between, when nobody pauses them. */
    public static List<Problem> active(DatabaseCatalog source, PlanOptions options) {
        return Scope.of(source, options).kept().jobs().stream()
                .filter(it -> it.isPolicy()
                        && it.scheduled()
                        && DISTURBING.containsKey(it.procedure().name()))
                .map(it -> warning(
                        Code.SOURCE_JOBS_ACTIVE,
                        it.title(),
                        "this job of the source "
                                + DISTURBING.get(it.procedure().name())
                                + " on its schedule, also while they are read; the report says what became of them.",
                        "Have the source's jobs paused as long as the run takes (pauseSourceJobs, --pause-source-jobs), or"
                                + " SELECT " + function(source.server(), "alter_job") + "(" + it.id()
                                + ", scheduled => false); on the source."))
                .toList();
    }

    /** A function of TimescaleDB as this server has it, which need not be on the search path. */
    private static String function(ServerInfo server, String name) {
        @Nullable Timescale timescale = server.timescale();
        return timescale == null ? name : quote(timescale.schema()) + "." + name;
    }

    private static void settings(Job job, Timescale target, List<Problem> problems) {
        for (String key : unknownKeys(job, target)) {
            problems.add(warning(
                    Code.JOB_SETTING_LEFT_OUT,
                    job.title(),
                    "the target's TimescaleDB does not know " + key + " in its config, which is left out.",
                    "Nothing needs to be done: versions without it have no such choice."));
        }
        if (job.name() != null && !job.name().equals(JobSql.ACTION) && !target.has(TimescaleFeature.JOB_NAME)) {
            problems.add(warning(
                    Code.JOB_SETTING_LEFT_OUT,
                    job.title(),
                    "the target's TimescaleDB has no names for jobs, so it is not called " + job.name() + " there.",
                    "The job runs all the same; TimescaleDB 2.20 or newer keeps its name."));
        }
    }

    private static String some(List<Job> jobs) {
        String named = jobs.stream().limit(NAMED_JOBS).map(Job::title).collect(Collectors.joining(", "));
        int more = jobs.size() - NAMED_JOBS;
        return (more > 0 ? named + " and " + more + " more stay" : named + (jobs.size() == 1 ? " stays" : " stay"))
                + " behind";
    }

    /** Why a job stays behind whose relation does. */
    static String leftOut(Job job, QualifiedName relation) {
        return "job " + job.title() + ": " + relation + " stays behind";
    }
}
