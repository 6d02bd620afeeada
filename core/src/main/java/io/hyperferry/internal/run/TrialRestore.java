package io.hyperferry.internal.run;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import io.hyperferry.MigrationPlan;
import io.hyperferry.Problem;
import io.hyperferry.Step;
import io.hyperferry.StepVisitor;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Job;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.View;
import io.hyperferry.copy.CopyEngine;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.plan.Filters;
import io.hyperferry.internal.plan.Jobs;
import io.hyperferry.internal.schema.ObjectPattern;
import io.hyperferry.internal.schema.SchemaEntry;
import io.hyperferry.internal.schema.SchemaEntry.Section;
import io.hyperferry.internal.sql.JobSql;
import io.hyperferry.internal.sql.TimeType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes a plan's schema on the target in a transaction that is rolled back, and says which statements the server refuses. Each object has a
 * savepoint, so that one that is refused keeps only those from being tried that need it.
 *
 * <p>What depends on rows is not tried: chunks, rows, sequences, compression, jobs of hypertables with integer time, and the rows of materialized views and
 * continuous aggregates.
 */
final class TrialRestore implements StepVisitor<TrialRestore.Trial> {
    private static final Logger log = LoggerFactory.getLogger(TrialRestore.class);

    /** SQLStates of a server that lacks the means for a transaction so large. */
    private static final Set<String> MEANS = Set.of("53000", "53100", "53200", "53400", "54000");

    private static final int NAMED_OBJECTS = 5;
    private static final Trial NOTHING = () -> {};

    private final Connection target;
    private final MigrationPlan plan;
    private final List<SchemaEntry> entries;
    private final DatabaseCatalog source;
    private final ServerInfo server;
    private final Cancellation cancellation;

    private final Map<String, SchemaEntry> relations;
    private final List<Refusal> refusals = new ArrayList<>();
    private final Map<Integer, Refusal> refusedEntries = new HashMap<>();
    private final Map<String, Refusal> refusedRelations = new HashMap<>();

    private TrialRestore(
            Connection target,
            MigrationPlan plan,
            List<SchemaEntry> entries,
            DatabaseCatalog source,
            ServerInfo server,
            Cancellation cancellation) {
        this.target = target;
        this.plan = plan;
        this.entries = entries;
        this.source = source;
        this.server = server;
        this.cancellation = cancellation;
        this.relations = entries.stream()
                .filter(SchemaEntry::isRelation)
                .collect(toMap(SchemaEntry::name, entry -> entry, (first, second) -> first));
    }

    /** Tries what a step does to the schema. */
    interface Trial {
        /** Tries it in the connection's transaction. */
        void run() throws SQLException;
    }

    /** A statement that the server refused, with what needs its object. */
    private static final class Refusal {
        private final String title;
        private final String reason;
        private final @Nullable String pattern;
        private final Set<String> dependents = new LinkedHashSet<>();

        /** Patterns of dependents that are skipped only when they are named. */
        private final Set<String> named = new LinkedHashSet<>();

        Refusal(String title, String reason, @Nullable String pattern) {
            this.title = title;
            this.reason = reason;
            this.pattern = pattern;
        }
    }

    /** The server has not the means to try the rest. */
    private static final class WithoutMeansException extends SQLException {
        private static final long serialVersionUID = 1L;

        WithoutMeansException(String title, SQLException cause) {
            super(title + ": " + Jdbc.describe(cause), cause.getSQLState(), cause);
        }
    }

    /**
     * What the target refuses, and whether all was tried.
     *
     * @param target a session of the target, in autocommit
     * @param source the source's catalog
     * @param server the target's server
     * @throws SQLException when the connection is lost, or for another passing reason
     */
    static List<Problem> problems(
            Connection target,
            MigrationPlan plan,
            List<SchemaEntry> entries,
            DatabaseCatalog source,
            ServerInfo server,
            Cancellation cancellation)
            throws SQLException {
        return new TrialRestore(target, plan, entries, source, server, cancellation).problems();
    }

    private List<Problem> problems() throws SQLException {
        List<Problem> untried = new ArrayList<>();
        Instant start = Instant.now();
        try {
            Jdbc.rolledBack(target, () -> {
                Ledger.createTables(target);
                for (Step step : plan.steps()) {
                    cancellation.check();
                    step.accept(this).run();
                }
            });
        } catch (WithoutMeansException e) {
            untried.add(Problem.warning(
                    Problem.Code.SCHEMA_NOT_TRIED,
                    server.database(),
                    "the schema could not be tried to its end, because the target lacks the means for all of it in one transaction: "
                            + e.getMessage() + ".",
                    "What follows is found out when it is restored. To have all of it tried, raise max_locks_per_transaction or give the"
                            + " target more disk space."));
        }
        log.info(
                "tried the schema on the target: done in {} ms",
                Duration.between(start, Instant.now()).toMillis());
        return Stream.concat(refusals.stream().map(this::problem), untried.stream())
                .toList();
    }

    private Problem problem(Refusal refusal) {
        List<String> dependents = List.copyOf(refusal.dependents);
        int more = dependents.size() - NAMED_OBJECTS;
        String needed = dependents.isEmpty()
                ? ""
                : "; it is needed by "
                        + dependents.stream().limit(NAMED_OBJECTS).collect(joining(", "))
                        + (more > 0 ? " and " + more + " more" : "");
        List<String> patterns = Stream.concat(Stream.ofNullable(refusal.pattern), refusal.named.stream())
                .distinct()
                .toList();
        return Problem.blocking(
                Problem.Code.SCHEMA_REFUSED,
                refusal.title,
                "the target refuses it: " + refusal.reason + needed + ".",
                refusal.pattern == null
                        ? "Change it on the source so that the target takes it."
                        : "Change it on the source so that the target takes it, or leave it behind with what needs it: "
                                + Filters.options("--exclude", patterns) + ".");
    }

    /** Tries the entries of a section, each with those that it needs. */
    private Trial section(Section section) {
        return () -> {
            for (SchemaEntry entry : entries) {
                if (entry.section() == section && entry.isRestored() && !entry.readsRows()) {
                    cancellation.check();
                    tryEntry(entry);
                }
            }
        };
    }

    private void tryEntry(SchemaEntry entry) throws SQLException {
        Optional<Refusal> refusal = refusedNeed(entry);
        if (refusal.isPresent()) {
            addDependent(refusal.get(), entry);
        } else {
            refusal = refusal(
                    entry.title(),
                    ObjectPattern.naming(entry.kind(), entry.name()).orElse(null),
                    () -> SchemaHandler.execute(target, entry));
        }
        refusal.ifPresent(found -> markRefused(entry, found));
    }

    private Optional<Refusal> refusedNeed(SchemaEntry entry) {
        return entry.build().needs().stream()
                .flatMap(need -> Stream.ofNullable(refusedEntries.get(need)))
                .findFirst();
    }

    private void markRefused(SchemaEntry entry, Refusal refusal) {
        refusedEntries.put(entry.build().id(), refusal);
        if (entry.isRelation()) {
            refusedRelations.put(entry.name(), refusal);
        }
    }

    private static void addDependent(Refusal refusal, SchemaEntry entry) {
        if (!entry.isPart()) {
            refusal.dependents.add(entry.title());
        }
        if (entry.isTable()) {
            refusal.named.add(entry.name());
        }
    }

    /** Tries the statements of a step that are about one relation. */
    private Trial relation(String title, QualifiedName relation, List<String> statements) {
        return () -> {
            @Nullable SchemaEntry entry = relations.get(relation.toString());
            Optional<Refusal> refusal = Optional.ofNullable(refusedRelations.get(relation.toString()))
                    .or(() -> entry == null ? Optional.empty() : refusedNeed(entry))
                    .or(() -> refusedBelow(relation));
            if (refusal.isPresent()) {
                refusal.get().dependents.add(title);
                refusal.get().named.add(relation.toString());
            } else {
                refusal = refusal(title, relation.toString(), () -> executeAll(statements));
            }
            refusal.ifPresent(found -> {
                refusedRelations.put(relation.toString(), found);
                if (entry != null) {
                    markRefused(entry, found);
                }
            });
        };
    }

    /** The refusal of a relation that a view or an aggregate reads. */
    private Optional<Refusal> refusedBelow(QualifiedName relation) {
        return source.views().stream()
                .filter(view -> view.name().equals(relation))
                .map(View::dependsOn)
                .flatMap(List::stream)
                .flatMap(needed -> Stream.ofNullable(refusedRelations.get(needed.toString())))
                .findFirst();
    }

    private Trial jobs(Step.CreateJobs step) {
        return () -> {
            List<Job> jobs = Jobs.created(source, server, plan.options());
            // The first statement makes room for all of them.
            Jdbc.execute(target, step.sql().get(0));
            List<List<String>> statements =
                    JobSql.perJob(step.sql().subList(1, step.sql().size()));
            for (int i = 0; i < jobs.size(); i++) {
                cancellation.check();
                Job job = jobs.get(i);
                List<String> create = statements.get(i);
                Optional<Refusal> needed = refusedNeed(job);
                if (needed.isPresent()) {
                    needed.get().dependents.add("job " + job.title());
                    if (job.relation() == null) {
                        needed.get().named.add(ObjectPattern.naming(job));
                    }
                } else if (!needsRows(job)) {
                    refusal("job " + job.title(), ObjectPattern.naming(job), () -> executeAll(create));
                }
            }
        };
    }

    /** Whether creating the job asks what time it is of a function that may find out by the rows: of integer time, users say what is now. */
    private boolean needsRows(Job job) {
        @Nullable QualifiedName relation = job.relation();
        return relation != null
                && Stream.concat(
                                source.hypertable(relation).stream(),
                                source.aggregate(relation).map(ContinuousAggregate::storage).stream())
                        .anyMatch(hypertable -> TimeType.of(hypertable.time()) == TimeType.INTEGER);
    }

    /** The refusal of what a job works on, or of its procedure. */
    private Optional<Refusal> refusedNeed(Job job) {
        return Stream.concat(
                        Stream.ofNullable(job.relation())
                                .flatMap(relation -> Stream.ofNullable(refusedRelations.get(relation.toString()))),
                        entries.stream()
                                .filter(entry -> entry.name().startsWith(job.procedure() + "("))
                                .flatMap(entry -> Stream.ofNullable(
                                        refusedEntries.get(entry.build().id()))))
                .findFirst();
    }

    private Trial settings(Step.SetDatabase step) {
        return () -> {
            for (String statement : step.sql()) {
                refusal("database " + server.database(), null, () -> Jdbc.execute(target, statement));
            }
        };
    }

    private void executeAll(List<String> statements) throws SQLException {
        for (String statement : statements) {
            Jdbc.execute(target, statement);
        }
    }

    /** Does something under a savepoint, and gives why the server refused it, if it did. */
    private Optional<Refusal> refusal(String title, @Nullable String pattern, Jdbc.Action action) throws SQLException {
        Jdbc.execute(target, "SAVEPOINT trial");
        try {
            action.run();
            Jdbc.execute(target, "RELEASE SAVEPOINT trial");
            return Optional.empty();
        } catch (SQLException e) {
            if (e.getSQLState() != null && MEANS.contains(e.getSQLState())) {
                throw new WithoutMeansException(title, e);
            }
            if (CopyEngine.passing(e).isPresent() || cancellation.isCancelled()) {
                throw e;
            }
            Jdbc.execute(target, "ROLLBACK TO SAVEPOINT trial; RELEASE SAVEPOINT trial");
            Refusal refusal = new Refusal(title, Jdbc.describe(e), pattern);
            refusals.add(refusal);
            return Optional.of(refusal);
        }
    }

    @Override
    public Trial restorePreData(Step.RestorePreData step) {
        return section(Section.PRE_DATA);
    }

    @Override
    public Trial createHypertable(Step.CreateHypertable step) {
        return relation("hypertable " + step.table(), step.table(), step.sql());
    }

    @Override
    public Trial restoreIndexes(Step.RestoreIndexes step) {
        return section(Section.EARLY);
    }

    @Override
    public Trial createAggregate(Step.CreateAggregate step) {
        return relation("continuous aggregate " + step.aggregate(), step.aggregate(), step.sql());
    }

    @Override
    public Trial restoreDependents(Step.RestoreDependents step) {
        return section(Section.DEPENDENTS);
    }

    @Override
    public Trial restorePostData(Step.RestorePostData step) {
        return section(Section.POST_DATA);
    }

    @Override
    public Trial setColumnstore(Step.SetColumnstore step) {
        return relation("columnstore of " + step.table(), step.table(), step.sql());
    }

    @Override
    public Trial finishSchema(Step.FinishSchema step) {
        return section(Section.LAST);
    }

    @Override
    public Trial setDatabase(Step.SetDatabase step) {
        return settings(step);
    }

    @Override
    public Trial createJobs(Step.CreateJobs step) {
        return jobs(step);
    }

    @Override
    public Trial createChunks(Step.CreateChunks step) {
        return NOTHING;
    }

    @Override
    public Trial compressEmptyChunks(Step.CompressEmptyChunks step) {
        return NOTHING;
    }

    @Override
    public Trial copyData(Step.CopyData step) {
        return NOTHING;
    }

    @Override
    public Trial setSequences(Step.SetSequences step) {
        return NOTHING;
    }

    @Override
    public Trial compressChunks(Step.CompressChunks step) {
        return NOTHING;
    }

    @Override
    public Trial finishAggregate(Step.FinishAggregate step) {
        return NOTHING;
    }

    @Override
    public Trial refreshAggregate(Step.RefreshAggregate step) {
        return NOTHING;
    }

    @Override
    public Trial analyze(Step.Analyze step) {
        return NOTHING;
    }

    @Override
    public Trial freezeChunks(Step.FreezeChunks step) {
        return NOTHING;
    }

    @Override
    public Trial scheduleJobs(Step.ScheduleJobs step) {
        return NOTHING;
    }

    @Override
    public Trial verify(Step.Verify step) {
        return NOTHING;
    }
}
