package io.hyperferry.catalog;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A policy or a user-defined action; TimescaleDB's own internal jobs are none. All of it is spelled so that it means the same on another
 * server.
 *
 * @param id the job's id on this server
 * @param procedure what it runs; TimescaleDB's own procedures are in {@link #TIMESCALE_SCHEMA}, wherever a version keeps them
 * @param relation the hypertable, or the continuous aggregate by the name of its view, that it works on; or null
 * @param attached whether the job belongs to its relation: it is dropped with it, and is found as its policy
 * @param name its name, or null when it has the name that TimescaleDB gives; without the id that TimescaleDB adds
 * @param owner the role as which it runs
 * @param config what the procedure gets, as the text of a {@code jsonb}, or null. Without the ids by which TimescaleDB's own procedures
 *     find the relation
 * @param check the function that checks the config when it is set, or null
 * @param schedule when it runs
 * @param limits how long and how often it is tried
 * @param scheduled whether it runs at all
 * @param held whether its next start is put off to infinity, which is another way to pause it
 * @param callable whether its procedure is there; a job can outlive it
 * @see <a href="https://docs.tigerdata.com/api/latest/jobs-automation/add_job/">add_job</a>
 */
public record Job(
        int id,
        QualifiedName procedure,
        @Nullable QualifiedName relation,
        boolean attached,
        @Nullable String name,
        String owner,
        @Nullable String config,
        @Nullable QualifiedName check,
        Schedule schedule,
        Limits limits,
        boolean scheduled,
        boolean held,
        boolean callable) {
    /** Where TimescaleDB's own procedures are, as this catalog names it. */
    public static final String TIMESCALE_SCHEMA = "_timescaledb_functions";

    public Job {
        Objects.requireNonNull(procedure, "procedure");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(limits, "limits");
    }

    /**
     * When a job runs.
     *
     * @param interval from one run to the next, as PostgreSQL spells it: {@code 1 day}, {@code 1 mon}, {@code 12:00:00}
     * @param fixed whether runs start at fixed times; else the interval counts from the end of the last run
     * @param initialStart the first start, ISO 8601 in UTC as PostgreSQL spells it: {@code 2026-01-01 00:00:00+00}; or null
     * @param timezone the time zone in which fixed times are counted, or null for UTC
     */
    public record Schedule(
            String interval,
            boolean fixed,
            @Nullable String initialStart,
            @Nullable String timezone) {
        public Schedule {
            Objects.requireNonNull(interval, "interval");
        }
    }

    /**
     * How long and how often a job is tried.
     *
     * @param maxRuntime after which time it is stopped, as PostgreSQL spells it; {@code 00:00:00} for never
     * @param maxRetries after how many failures it is paused; -1 for never
     * @param retryPeriod how long it waits after a failure, as PostgreSQL spells it
     */
    public record Limits(String maxRuntime, int maxRetries, String retryPeriod) {
        /** What {@code add_job} gives. */
        public static final Limits DEFAULT = new Limits("00:00:00", -1, "00:05:00");

        public Limits {
            Objects.requireNonNull(maxRuntime, "maxRuntime");
            Objects.requireNonNull(retryPeriod, "retryPeriod");
        }
    }

    /** A job that runs daily and has nothing special, to start from in a test. */
    public static Job of(int id, QualifiedName procedure, @Nullable QualifiedName relation) {
        return new Job(
                id,
                procedure,
                relation,
                relation != null,
                null,
                "postgres",
                null,
                null,
                new Schedule("1 day", false, null, null),
                Limits.DEFAULT,
                true,
                false,
                true);
    }

    /** Whether it runs a procedure of TimescaleDB: a policy. */
    public boolean isPolicy() {
        return procedure.schema().equals(TIMESCALE_SCHEMA);
    }

    /** For people, for example {@code policy_retention of public.readings}. */
    public String title() {
        return (isPolicy() ? procedure.name() : procedure.toString()) + (relation == null ? "" : " of " + relation);
    }

    /** The same job, scheduled or not. */
    public Job withScheduled(boolean value) {
        return new Job(
                id, procedure, relation, attached, name, owner, config, check, schedule, limits, value, held, callable);
    }

    /** The same job with another name; null for the one that TimescaleDB gives. */
    public Job withName(@Nullable String value) {
        return new Job(
                id, procedure, relation, attached, value, owner, config, check, schedule, limits, scheduled, held,
                callable);
    }

    /** The same job with another config, the text of a {@code jsonb} or null. */
    public Job withConfig(@Nullable String value) {
        return new Job(
                id, procedure, relation, attached, name, owner, value, check, schedule, limits, scheduled, held,
                callable);
    }
}
