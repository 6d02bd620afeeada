package io.hyperferry.internal.plan;

import io.hyperferry.MigrationPlan;
import io.hyperferry.Step;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.internal.sql.AggregateSql;
import io.hyperferry.internal.sql.Root;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The statements that make relations hypertables and continuous aggregates which the source has got since it was migrated. Chunks are not among them:
 * a catch-up creates these as it does those of older hypertables. Pure functions.
 */
public final class NewRelations {
    private final MigrationPlan today;
    private final DatabaseCatalog kept;
    private final ServerInfo target;

    /**
     * New relations.
     *
     * @param today the plan that would be made today
     * @param kept the source's catalog, as far as it is migrated
     */
    public NewRelations(MigrationPlan today, DatabaseCatalog kept, ServerInfo target) {
        this.today = today;
        this.kept = kept;
        this.target = target;
    }

    /** The statements that turn new tables into hypertables, with the settings of their columnstores. */
    public List<String> hypertables(Set<QualifiedName> names) {
        List<String> sql = new ArrayList<>();
        for (Step step : today.steps()) {
            if (step instanceof Step.CreateHypertable create && names.contains(create.table())) {
                sql.addAll(create.sql());
                kept.hypertable(create.table())
                        .ifPresent(
                                hypertable -> sql.addAll(columnstore(Root.hypertable(hypertable.name()), hypertable)));
            }
        }
        return sql;
    }

    /** The statements that create continuous aggregates without rows, parents first, with their indexes and the settings of their columnstores. */
    public List<String> aggregates(Set<QualifiedName> names) {
        List<String> sql = new ArrayList<>();
        for (Step step : today.steps()) {
            if (step instanceof Step.CreateAggregate create && names.contains(create.aggregate())) {
                sql.addAll(create.sql());
                kept.aggregate(create.aggregate()).ifPresent(aggregate -> {
                    indexes(aggregate)
                            .filter(index -> !create.sql().contains(index))
                            .forEach(sql::add);
                    sql.addAll(columnstore(Root.storage(aggregate.name()), aggregate.storage()));
                });
            }
        }
        return sql;
    }

    private static Stream<String> indexes(ContinuousAggregate aggregate) {
        return AggregateSql.indexes(aggregate).stream();
    }

    private List<String> columnstore(Root root, Hypertable hypertable) {
        @Nullable Timescale timescale = target.timescale();
        if (timescale == null || !timescale.community()) {
            return List.of();
        }
        Hypertable empty = Compatibility.possible(List.of(hypertable.withChunks(List.of())), target)
                .get(0);
        return Columnstore.steps(root, empty, timescale).stream()
                .flatMap(step -> step instanceof Step.SetColumnstore set ? set.sql().stream() : Stream.empty())
                .toList();
    }
}
