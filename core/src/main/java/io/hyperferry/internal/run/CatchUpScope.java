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
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Job;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Sequence;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import io.hyperferry.catalog.View;
import io.hyperferry.internal.ledger.PausedJobs;
import io.hyperferry.internal.plan.AggregateStates;
import io.hyperferry.internal.plan.Planner;
import io.hyperferry.internal.plan.Scope;
import io.hyperferry.internal.verify.Verifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Both sides as a pass of a catch-up finds them, and what of them the plan of the run takes in. */
final class CatchUpScope {
    private final MigrationPlan plan;
    private final DatabaseCatalog source;
    private final DatabaseCatalog kept;
    private final DatabaseCatalog target;
    private final Map<QualifiedName, TableData> today;

    private CatchUpScope(MigrationPlan plan, DatabaseCatalog source, DatabaseCatalog target, MigrationPlan today) {
        this.plan = plan;
        this.source = source;
        this.kept = Scope.of(source, plan.options()).kept();
        this.target = target;
        this.today = today.tables().stream().collect(toMap(TableData::table, it -> it));
    }

    /**
     * Reads both sides.
     *
     * @param plan the plan of the run
     * @throws PreflightException when a table is not what it was
     */
    static CatchUpScope read(MigrationPlan plan, Connection from, Connection to) throws SQLException {
        DatabaseCatalog source = PausedJobs.undone(
                Planning.reader().mappingRoles(plan.options().roles()).read(from), to);
        DatabaseCatalog target = Planning.reader().read(to);
        MigrationPlan today = Planner.plan(source, target, plan.options());
        List<Problem> problems = new ArrayList<>(today.problems().stream()
                .filter(it -> it.code() == Problem.Code.TOO_MANY_SLICES)
                .toList());
        CatchUpScope scope = new CatchUpScope(plan, source, target, today);
        scope.tables().forEach(it -> scope.change(it).ifPresent(problems::add));
        if (!problems.isEmpty()) {
            throw new PreflightException(problems);
        }
        return scope;
    }

    /** What keeps a table from being followed. */
    private Optional<Problem> change(TableData planned) {
        TableData now = today(planned);
        Optional<String> change = (now.time() == null) == (planned.time() == null)
                ? Verifier.lacking(now, target)
                : Optional.of("the source's table became " + (now.time() == null ? "a plain table" : "a hypertable")
                        + " after it was copied");
        return change.map(it -> Problem.blocking(
                Problem.Code.TABLE_CHANGED,
                now.table().toString(),
                now.table() + ": " + it + ".",
                "Change the target's schema as the source's was changed, then catch up again."));
    }

    /** The tables of the plan that the source still has, as they were copied. */
    List<TableData> tables() {
        return plan.tables().stream()
                .filter(it -> today.containsKey(it.table()))
                .toList();
    }

    /** A table as it would be copied today. */
    TableData today(TableData planned) {
        return Objects.requireNonNull(today.get(planned.table()), "table of today");
    }

    /** The source's catalog. */
    DatabaseCatalog source() {
        return source;
    }

    /** The source's catalog, as far as it travels. */
    DatabaseCatalog kept() {
        return kept;
    }

    /** The target's catalog. */
    DatabaseCatalog target() {
        return target;
    }

    /** The sequences of the plan that both sides have. */
    List<QualifiedName> sequences() {
        Set<QualifiedName> ours = names(kept);
        Set<QualifiedName> theirs = names(target);
        return plan.steps().stream()
                .flatMap(it -> it instanceof Step.SetSequences step ? step.sequences().stream() : Stream.empty())
                .filter(it -> ours.contains(it) && theirs.contains(it))
                .toList();
    }

    private static Set<QualifiedName> names(DatabaseCatalog catalog) {
        return catalog.sequences().stream().map(Sequence::name).collect(toSet());
    }

    /** Whether rows of continuous aggregates travel, and the target can be told their state. */
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

    /** What is not caught up, or should be known before anybody relies on it, for people. */
    List<String> notices() {
        List<String> notices = new ArrayList<>();
        Set<QualifiedName> planned =
                plan.tables().stream().map(TableData::table).collect(toSet());
        today.keySet().stream()
                .filter(it -> !planned.contains(it))
                .sorted()
                .forEach(it -> notices.add(it + ": the source made it after the plan was made; it is not followed"));
        plan.tables().stream()
                .map(TableData::table)
                .filter(it -> !today.containsKey(it))
                .forEach(it -> notices.add(it + ": the source has it no more; the target keeps what it has"));
        if (plan.copyData().map(Step.CopyData::digest).orElse(DigestMethod.COUNT) == DigestMethod.COUNT) {
            notices.add(
                    "the run compared by the number of rows alone, so rows that were changed in place are not found");
        }
        long views = kept.views().stream()
                .filter(it -> it.kind() == View.Kind.MATERIALIZED_VIEW)
                .count();
        if (views > 0) {
            notices.add(views + " materialized views have the rows of the run: refresh them on the target");
        }
        if (!kept.aggregates().isEmpty() && !statesAggregates()) {
            notices.add(aggregateNotice());
        }
        long jobs = target.jobs().stream().filter(Job::scheduled).count();
        if (jobs > 0) {
            notices.add(
                    jobs
                            + " jobs are scheduled on the target, and what they change there is not seen here: verify in the end");
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
        return timescale == null || timescale.has(TimescaleFeature.SKIP_AGGREGATE_INVALIDATION)
                ? rows
                : rows + ", and over chunks that were dropped a refresh takes rows away there, too";
    }
}
