package io.hyperferry.catalog.internal;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import io.hyperferry.catalog.CatalogDiff.Kind;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.ContinuousAggregate.Invalidation;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Dimension;
import io.hyperferry.catalog.Dimension.HashDimension;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.Index;
import io.hyperferry.catalog.QualifiedName;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares continuous aggregates: what they compute, what keeps their rows, and which of these are out of date. */
final class AggregateComparison {
    private static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint");

    private final ContinuousAggregate source;
    private final ContinuousAggregate target;
    private final Comparison comparison;

    private AggregateComparison(ContinuousAggregate source, ContinuousAggregate target, Comparison comparison) {
        this.source = source;
        this.target = target;
        this.comparison = comparison;
    }

    /** Continuous aggregates that only one side has differ as views already. */
    static void compare(DatabaseCatalog source, DatabaseCatalog target, Comparison comparison) {
        Map<QualifiedName, ContinuousAggregate> others =
                target.aggregates().stream().collect(toMap(ContinuousAggregate::name, it -> it));
        Spelling spelling = Spelling.of(source, target);
        for (ContinuousAggregate aggregate : source.aggregates()) {
            @Nullable ContinuousAggregate other = others.get(aggregate.name());
            if (other != null) {
                AggregateComparison one = new AggregateComparison(aggregate, other, comparison);
                one.query(spelling);
                one.storage();
                one.state();
            }
        }
    }

    private void query(Spelling spelling) {
        if (!spelling.same(source.definition(), target.definition())) {
            fact("definition", source.definition(), target.definition());
        }
        fact("source", source.source().toString(), target.source().toString());
        fact("bucket width", Long.toString(source.bucketWidth()), Long.toString(target.bucketWidth()));
        fact("columns", columns(source), columns(target));
        fact("materialized only", yes(source.materializedOnly()), yes(target.materializedOnly()));
        fact("finalized", yes(source.finalized()), yes(target.finalized()));
    }

    private void storage() {
        Hypertable ours = named(source);
        Hypertable theirs = named(target);
        fact(
                "chunk interval",
                Long.toString(ours.time().interval()),
                Long.toString(theirs.time().interval()));
        fact("dimensions", dimensions(ours), dimensions(theirs));
        fact("indexes", indexes(source), indexes(target));
        HypertableComparison.properties(Kind.CONTINUOUS_AGGREGATE, object(), ours, theirs, comparison);
        HypertableComparison.contents(ours, theirs, comparison);
    }

    private void state() {
        fact("watermark", watermark(source), watermark(target));
        fact("pending invalidations", invalid(source), invalid(target));
    }

    private String object() {
        return "continuous aggregate " + source.name();
    }

    private void fact(String aspect, @Nullable String ours, @Nullable String theirs) {
        comparison.fact(Kind.CONTINUOUS_AGGREGATE, object(), aspect, ours, theirs);
    }

    /** Every server gives the storage another name. */
    private static Hypertable named(ContinuousAggregate aggregate) {
        Hypertable storage = aggregate.storage();
        return new Hypertable(
                aggregate.name(),
                storage.dimensions(),
                storage.chunks(),
                storage.associatedSchema(),
                storage.associatedPrefix(),
                storage.tablespaces(),
                storage.skippingColumns(),
                storage.columnstore(),
                storage.adaptiveChunking(),
                storage.distributed());
    }

    private static String columns(ContinuousAggregate aggregate) {
        return aggregate.columns().stream()
                .map(it -> it.name() + " " + it.type())
                .collect(joining(", "));
    }

    private static String dimensions(Hypertable storage) {
        return storage.dimensions().stream().map(AggregateComparison::dimension).collect(joining(", "));
    }

    /** A dimension without the chunk interval, which is told by itself. */
    private static String dimension(Dimension dimension) {
        String described = dimension.column() + " " + dimension.columnType();
        if (dimension.partitioningFunction() != null) {
            described += " by " + dimension.partitioningFunction();
        }
        if (dimension instanceof HashDimension hash) {
            described += " in " + hash.partitions() + " partitions";
        }
        return dimension instanceof TimeDimension time && time.integerNow() != null
                ? described + ", now by " + time.integerNow()
                : described;
    }

    private static @Nullable String indexes(ContinuousAggregate aggregate) {
        return aggregate.indexes().isEmpty()
                ? null
                : aggregate.indexes().stream().map(Index::definition).sorted().collect(joining("; "));
    }

    private static @Nullable String watermark(ContinuousAggregate aggregate) {
        @Nullable Long watermark = aggregate.state().watermark();
        return watermark == null ? null : moment(watermark, aggregate);
    }

    private static @Nullable String invalid(ContinuousAggregate aggregate) {
        return aggregate.state().invalid().isEmpty()
                ? null
                : aggregate.state().invalid().stream()
                        .map(it -> range(it, aggregate))
                        .collect(joining(", "));
    }

    /** A range without its end, as ranges of chunks are shown. */
    private static String range(Invalidation range, ContinuousAggregate aggregate) {
        return (range.lowest() == Long.MIN_VALUE ? "(-infinity" : "[" + moment(range.lowest(), aggregate)) + ", "
                + (range.greatest() == Long.MAX_VALUE ? "infinity" : moment(range.greatest() + 1, aggregate)) + ")";
    }

    private static String moment(long moment, ContinuousAggregate aggregate) {
        String type = aggregate.storage().time().columnType();
        if (INTEGERS.contains(type)) {
            return Long.toString(moment);
        }
        Instant instant = Instant.EPOCH.plus(moment, ChronoUnit.MICROS);
        LocalDateTime local = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        return switch (type) {
            case "date" -> local.toLocalDate().toString();
            case "timestamp without time zone" -> local.toString();
            default -> instant.toString();
        };
    }

    private static String yes(boolean value) {
        return value ? "yes" : "no";
    }
}
