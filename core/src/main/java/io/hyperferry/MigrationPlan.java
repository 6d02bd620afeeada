package io.hyperferry;

import io.hyperferry.internal.plan.PlanDifferences;
import io.hyperferry.internal.plan.PlanJson;
import io.hyperferry.internal.plan.PlanSql;
import io.hyperferry.internal.plan.PlanText;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run executes, as a value: the steps in their order, with everything in them that a step needs. The same catalogs and options
 * give the same plan, byte for byte.
 *
 * @param source the source, as far as a plan must know it
 * @param target the target, likewise
 * @param options the options that shaped the plan
 * @param steps the steps, in order
 * @param problems what was found while planning; not part of what is executed
 */
public record MigrationPlan(Side source, Side target, PlanOptions options, List<Step> steps, List<Problem> problems) {
    /** The session that leads, and the one that looks for locks. */
    private static final int BESIDE_WORKERS = 2;

    /**
     * One side of a plan.
     *
     * @param database the database's name
     * @param systemIdentifier what tells the server from every other
     * @param postgres the server's version
     * @param timescale the version and edition of TimescaleDB, or that there is none
     */
    public record Side(String database, String systemIdentifier, String postgres, String timescale) {
        public Side {
            Objects.requireNonNull(database, "database");
            Objects.requireNonNull(systemIdentifier, "systemIdentifier");
            Objects.requireNonNull(postgres, "postgres");
            Objects.requireNonNull(timescale, "timescale");
        }

        /** A side that was not read: only its name is known. */
        public static Side unread(String database) {
            return new Side(database, "", "", "");
        }

        /** For people, for example {@code metrics (PostgreSQL 17.5, TimescaleDB 2.19.3 community)}. */
        @Override
        public String toString() {
            return postgres.isEmpty() ? database : database + " (PostgreSQL " + postgres + ", " + timescale + ")";
        }
    }

    /**
     * Connections that a run takes, at most.
     *
     * @param source from the source
     * @param target from the target
     */
    public record Connections(int source, int target) {}

    public MigrationPlan {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(options, "options");
        steps = List.copyOf(steps);
        problems = List.copyOf(problems);
    }

    /** Whether a problem keeps the plan from being run. */
    public boolean isBlocked() {
        return problems.stream().anyMatch(Problem::blocks);
    }

    /** The data that travels, in the order of the queue. */
    public List<TableData> tables() {
        return copyData().map(Step.CopyData::tables).orElse(List.of());
    }

    /** All the slices, in the order of the queue. */
    public Stream<Slice> slices() {
        return tables().stream().flatMap(table -> table.slices().stream());
    }

    /** What stays behind, and why. */
    public List<Step.LeftOut> leftOut() {
        return steps.stream()
                .flatMap(step ->
                        step instanceof Step.RestorePreData restore ? restore.leftOut().stream() : Stream.empty())
                .toList();
    }

    /**
     * Objects of migrated tables that are skipped because they need something that is skipped, such as a foreign key to an excluded table, each
     * with its reason.
     */
    public List<String> dependentsLeftOut() {
        return steps.stream()
                .flatMap(step -> step instanceof Step.RestorePreData restore
                        ? restore.dependentsLeftOut().stream()
                        : Stream.empty())
                .toList();
    }

    /** Jobs that stay behind because what they work on does, and why, one a line. */
    public List<String> jobsLeftOut() {
        return steps.stream()
                .flatMap(step -> step instanceof Step.CreateJobs create ? create.leftOut().stream() : Stream.empty())
                .toList();
    }

    /** Which rows of hypertables and continuous aggregates stay behind because of when they are, for people. */
    public Optional<String> rowsLeftOut() {
        return Optional.ofNullable(options.between())
                .map(it -> "rows of hypertables and continuous aggregates other than those " + it);
    }

    /** The step that copies the rows, if there is anything to copy. */
    public Optional<Step.CopyData> copyData() {
        return steps.stream()
                .flatMap(step -> step instanceof Step.CopyData copy ? Stream.of(copy) : Stream.empty())
                .findFirst();
    }

    /**
     * How many connections a run with that many workers takes from each side, at most. Who raises {@link MigrationRun#parallelism} meanwhile
     * asks for more: reckon with the highest. Beside the workers, one leads, and one looks for locks for a moment; pg_dump, which takes the schema
     * before there are workers, connects by itself.
     */
    public static Connections connectionsRequired(int parallelism) {
        return new Connections(parallelism + BESIDE_WORKERS, parallelism + BESIDE_WORKERS);
    }

    /** The same plan with more problems. */
    public MigrationPlan withProblems(List<Problem> more) {
        return new MigrationPlan(
                source,
                target,
                options,
                steps,
                Stream.concat(problems.stream(), more.stream()).toList());
    }

    /**
     * Tells plans apart that execute something else: 64 hexadecimal digits, the same for plans with the same source, target, options and
     * steps, on every machine and at every time. Problems do not count, as they are not executed.
     */
    public String hash() {
        return PlanJson.hash(this);
    }

    /**
     * What the other plan does otherwise than this one, a line for each thing, for people: what is gone, what is new, what was something else.
     * Long lists are cut. Empty when both are equal.
     *
     * @param other the plan that came after this one
     */
    public List<String> differences(MigrationPlan other) {
        return PlanDifferences.between(this, Objects.requireNonNull(other, "other"));
    }

    /** The plan as a page that one reads. */
    public String toText() {
        return PlanText.of(this);
    }

    /** The statements that a run executes, in order, with comments where a step is not a statement. */
    public String toSql() {
        return PlanSql.of(this);
    }

    /** The plan as JSON, with a version; {@link #fromJson} reads it. */
    public String toJson() {
        return PlanJson.write(this);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws IllegalArgumentException when it is not such a text, or one of another version
     */
    public static MigrationPlan fromJson(String json) {
        return PlanJson.read(json);
    }
}
