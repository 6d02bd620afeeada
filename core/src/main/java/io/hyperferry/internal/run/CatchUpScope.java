package io.hyperferry.internal.run;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.hyperferry.AggregateMode;
import io.hyperferry.DigestMethod;
import io.hyperferry.MigrationPlan;
import io.hyperferry.PreflightException;
import io.hyperferry.Problem;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CatalogDiff;
import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Job;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Sequence;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import io.hyperferry.internal.ledger.CaughtUpQueries;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.ledger.PausedJobs;
import io.hyperferry.internal.plan.AggregateStates;
import io.hyperferry.internal.plan.Planner;
import io.hyperferry.internal.plan.Scope;
import io.hyperferry.internal.plan.TableChanges;
import io.hyperferry.internal.sql.DatabaseSql;
import io.hyperferry.internal.verify.Comparison;
import io.hyperferry.internal.verify.Verifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Both sides as a pass of a catch-up finds them, how their structure differs, and which tables the pass follows. */
final class CatchUpScope {
    private final MigrationPlan plan;
    private final List<TableData> later;
    private final DatabaseCatalog source;
    private final DatabaseCatalog kept;
    private final DatabaseCatalog target;
    private final MigrationPlan planOfToday;
    private final Map<QualifiedName, TableData> today;
    private final List<Difference> differences;

    private CatchUpScope(
            MigrationPlan plan,
            List<TableData> later,
            DatabaseCatalog source,
            DatabaseCatalog target,
            MigrationPlan today,
            List<Difference> differences) {
        this.plan = plan;
        this.later = later;
        this.source = source;
        this.kept = Scope.of(source, plan.options()).kept();
        this.target = target;
        this.planOfToday = today;
        this.today = today.tables().stream().collect(toMap(TableData::table, it -> it));
        this.differences = differences;
    }

    /**
     * Reads both sides.
     *
     * @param plan the plan of the run
     */
    static CatchUpScope read(MigrationPlan plan, Connection from, Connection to) throws SQLException {
        SoundCatalog.require(from, plan.options());
        DatabaseCatalog source = PausedJobs.undone(
                Planning.reader().mappingRoles(plan.options().roles()).read(from), to);
        DatabaseCatalog target = Planning.reader().read(to);
        MigrationPlan today = Planner.plan(source, target, plan.options());
        return new CatchUpScope(
                plan,
                CaughtUpQueries.tables(to),
                source,
                target,
                today,
                Stream.concat(
                                Comparison.of(source, target, today)
                                        .differences(Ledger.leftOutSchemaEntries(to))
                                        .stream(),
                                resetSettings(plan, source, target))
                        .toList());
    }

    /** The settings that the run migrated and the source has no more. What else the target has of settings is not compared. */
    private static Stream<Difference> resetSettings(
            MigrationPlan plan, DatabaseCatalog source, DatabaseCatalog target) {
        List<String> migrated = plan.steps().stream()
                .flatMap(step -> step instanceof Step.SetDatabase set ? set.sql().stream() : Stream.empty())
                .toList();
        return target.settings().stream()
                .filter(setting -> DatabaseSql.setting(target.server().database(), setting).stream()
                        .anyMatch(migrated::contains))
                .filter(setting -> source.settings().stream()
                        .noneMatch(other ->
                                other.name().equals(setting.name()) && Objects.equals(other.role(), setting.role())))
                .map(setting -> new Difference(
                        CatalogDiff.Kind.SETTING,
                        "setting " + setting.name(),
                        "",
                        Difference.MISSING,
                        setting.value()));
    }

    /**
     * Makes sure that the rows of the source fit into the target's tables, and that rows can be replaced there. Tables that the target lacks are
     * not looked at.
     *
     * @throws PreflightException when a table, a type or a constraint has changed so that they do not fit, or triggers would fire
     */
    void requireFittingRows(Connection to) throws SQLException {
        List<Problem> problems = new ArrayList<>(planOfToday.problems().stream()
                .filter(it -> it.code() == Problem.Code.TOO_MANY_SLICES)
                .toList());
        problems.addAll(TableChanges.problems(
                kept,
                target,
                known().filter(table -> today.containsKey(table.table())).toList(),
                differences));
        if (problems.isEmpty()) {
            problems.addAll(obstacles(to));
        }
        if (!problems.isEmpty()) {
            throw new PreflightException(problems);
        }
    }

    /** What on the target keeps rows from being replaced, in any table: which of them changed is not known yet. */
    private List<Problem> obstacles(Connection to) throws SQLException {
        boolean quiet = Obstacles.mayBeQuiet(to, target);
        Obstacles obstacles = Obstacles.read("catch-up", to, target, quiet);
        // Without the right to suppress triggers, a table that does not change may have some.
        List<Problem> problems = new ArrayList<>(
                quiet ? obstacles.problems(tables(), target) : obstacles.publications(tables(), target));
        if (target.server().superuser() && !target.aggregates().isEmpty()) {
            problems.addAll(obstacles.publicationsOfStates());
        }
        return problems;
    }

    /** The tables of the plan, and those that were created later. */
    private Stream<TableData> known() {
        return Stream.concat(plan.tables().stream(), later.stream());
    }

    /** The tables that both sides have and whose rows are followed, as they were copied. */
    List<TableData> tables() {
        return known().filter(it -> today.containsKey(it.table()))
                .filter(it -> Verifier.lacking(today(it), target).isEmpty())
                .toList();
    }

    /** The tables that were created later and that the source has dropped since. */
    List<TableData> droppedLater() {
        return later.stream().filter(it -> !today.containsKey(it.table())).toList();
    }

    /** A table as it would be copied today. */
    TableData today(TableData planned) {
        return Objects.requireNonNull(today.get(planned.table()), "table of today");
    }

    /** The plan that would be made today. */
    MigrationPlan planOfToday() {
        return planOfToday;
    }

    /** The tables with rows that the target lacks, as they would be copied today. */
    List<TableData> missing() {
        return planOfToday.tables().stream()
                .filter(it -> !(it.aggregate()
                        ? target.aggregate(it.table()).isPresent()
                        : target.table(it.table()).isPresent()))
                .toList();
    }

    /** How the structure of both sides differs. */
    List<Difference> differences() {
        return differences;
    }

    /** The source's catalog. */
    DatabaseCatalog source() {
        return source;
    }

    /** The source's catalog, as far as it is migrated. */
    DatabaseCatalog kept() {
        return kept;
    }

    /** The target's catalog. */
    DatabaseCatalog target() {
        return target;
    }

    /** The sequences that both sides have. */
    List<QualifiedName> sequences() {
        Set<QualifiedName> theirs = target.sequences().stream()
                .filter(Sequence::readable)
                .map(Sequence::name)
                .collect(toSet());
        return kept.sequences().stream()
                .filter(Sequence::readable)
                .map(Sequence::name)
                .filter(theirs::contains)
                .toList();
    }

    /** Whether rows of continuous aggregates are copied, and the target can be told their state. */
    boolean statesAggregates() {
        return AggregateStates.areCopied(target, plan.options());
    }

    /**
     * The statements that give the target's continuous aggregates the state of the source's, where it is another.
     *
     * @param mixed whether rows were read at several moments
     */
    List<String> aggregateStates(boolean mixed) {
        return statesAggregates() ? AggregateStates.sql(source, target, plan.options(), mixed) : List.of();
    }

    /** What should be known before anybody relies on the outcome, human-readable. */
    List<String> notices() {
        List<String> notices = new ArrayList<>();
        if (plan.copyData().map(Step.CopyData::digest).orElse(DigestMethod.COUNT) == DigestMethod.COUNT) {
            notices.add(
                    "the run compared by the number of rows alone, so rows that were changed in place are not found");
        }
        if (!kept.aggregates().isEmpty() && !statesAggregates()) {
            notices.add(aggregateNotice());
        }
        long jobs = target.jobs().stream().filter(Job::scheduled).count();
        if (jobs > 0) {
            notices.add(jobs + (jobs == 1 ? " job is" : " jobs are")
                    + " scheduled on the target, and can change its rows after this comparison");
        }
        return notices;
    }

    private String aggregateNotice() {
        if (plan.options().aggregates() != AggregateMode.KEEP_HISTORY) {
            return "continuous aggregates are computed on the target: what changed below them awaits their next refresh there";
        }
        String rows =
                "rows of continuous aggregates were caught up, but only a superuser of the target can state up to where"
                        + " they are materialized: the target's next refreshes do that";
        @Nullable Timescale timescale = target.server().timescale();
        return rows
                + (timescale == null || timescale.has(TimescaleFeature.SKIP_AGGREGATE_INVALIDATION)
                        ? ", and over dropped chunks whose changes were caught up before, a refresh takes rows away there"
                        : ", and over chunks that were dropped a refresh takes rows away there, too");
    }
}
