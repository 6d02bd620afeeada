package io.hyperferry.internal.plan;

import io.hyperferry.AggregateMode;
import io.hyperferry.PlanOptions;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.ContinuousAggregate.Invalidation;
import io.hyperferry.catalog.ContinuousAggregate.State;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.sql.AggregateSql;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What tells the target's TimescaleDB of its continuous aggregates after rows were copied anew: how far they are, and what has changed below them. */
public final class AggregateStates {
    private AggregateStates() {}

    /** Whether the target can be told the state that the source's aggregates have: their rows are copied, and its role may write the catalog. */
    public static boolean areCopied(DatabaseCatalog target, PlanOptions options) {
        return options.aggregates() == AggregateMode.KEEP_HISTORY
                && target.server().superuser();
    }

    /**
     * The statements that give the target's aggregates the state of the source's; none when they have it.
     *
     * @param mixed whether rows were read at several moments, so that all that the rows there can give again is looked at by the next refresh
     */
    public static List<String> sql(DatabaseCatalog source, DatabaseCatalog target, PlanOptions options, boolean mixed) {
        DatabaseCatalog expected =
                Compatibility.expected(Scope.of(source, options).kept(), target.server());
        List<ContinuousAggregate> aggregates = expected.aggregates().stream()
                .filter(it -> target.aggregate(it.name()).isPresent())
                .toList();
        if (!mixed
                && aggregates.stream()
                        .allMatch(it -> isAsGood(
                                it.state(),
                                target.aggregate(it.name()).orElseThrow().state()))) {
            return List.of();
        }
        // Aggregates of the same hypertable share what is noted about it.
        List<String> sql = new ArrayList<>();
        aggregates.forEach(it -> sql.add(AggregateSql.forgetChanges(it.name())));
        for (ContinuousAggregate aggregate : aggregates) {
            sql.addAll(AggregateSql.state(aggregate));
            if (mixed) {
                sql.addAll(Aggregates.recomputable(aggregate));
            }
        }
        return sql;
    }

    private static boolean isAsGood(State expected, State actual) {
        return Objects.equals(expected.watermark(), actual.watermark())
                && Objects.equals(expected.threshold(), actual.threshold())
                && Refreshable.isAsGood(expected, actual);
    }

    /**
     * The statements after which no refresh follows what happened to a hypertable, or to the storage of an aggregate below another. TimescaleDB notes a
     * dropped chunk as a change, so that a refresh would take away the rows that were made of it. For superusers.
     *
     * @param target the target's catalog
     */
    public static List<String> forgetChanges(DatabaseCatalog target, QualifiedName hypertable) {
        return above(hypertable, target)
                .map(it -> AggregateSql.forgetChanges(it.name()))
                .toList();
    }

    private static Stream<ContinuousAggregate> above(QualifiedName hypertable, DatabaseCatalog target) {
        return target.aggregates().stream().filter(it -> it.source().equals(hypertable));
    }

    /**
     * The statements after which the next refreshes look at ranges of a hypertable again. For superusers.
     *
     * @param target the target's catalog
     */
    public static List<String> invalidations(
            DatabaseCatalog target, QualifiedName hypertable, List<Invalidation> ranges) {
        return above(hypertable, target)
                .flatMap(it -> ranges.stream().map(range -> AggregateSql.invalidate(it.name(), range)))
                .toList();
    }
}
