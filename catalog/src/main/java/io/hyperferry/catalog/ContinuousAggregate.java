package io.hyperferry.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A continuous aggregate: a view whose rows TimescaleDB keeps up to date in a hypertable of its own, its storage.
 *
 * @param name the name of its view
 * @param source the hypertable that it aggregates, or the continuous aggregate below it, by the name of that one's view
 * @param owner the role that owns it
 * @param definition its query with qualified names, without a semicolon at the end
 * @param materializedOnly whether its view shows nothing but its storage; else it adds what is newer than the watermark
 * @param finalized whether its storage has final values; one of the old form (until 2.24) keeps partial states of its aggregate functions
 * @param storage the hypertable that holds its rows, under the name that this server gave it
 * @param columns the columns of the storage, which have the names of the view's columns
 * @param indexes the indexes of the storage, each defined as an index on the view
 * @param bucketWidth the width of a bucket in the internal unit of the time dimension; a bucket of months counts 31 days for each
 * @param experimental whether its buckets come from the schema {@code timescaledb_experimental}, which newer servers lack
 * @param state up to where it is materialized, and what of that is out of date
 * @see <a href="https://docs.tigerdata.com/use-timescale/latest/continuous-aggregates/about-continuous-aggregates/">continuous
 *     aggregates</a>
 */
public record ContinuousAggregate(
        QualifiedName name,
        QualifiedName source,
        String owner,
        String definition,
        boolean materializedOnly,
        boolean finalized,
        Hypertable storage,
        List<Column> columns,
        List<Index> indexes,
        long bucketWidth,
        boolean experimental,
        State state) {
    public ContinuousAggregate {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(definition, "definition");
        Objects.requireNonNull(storage, "storage");
        columns = List.copyOf(columns);
        indexes = List.copyOf(indexes);
        Objects.requireNonNull(state, "state");
    }

    /** The same continuous aggregate with another storage. */
    public ContinuousAggregate withStorage(Hypertable value) {
        return new ContinuousAggregate(
                name,
                source,
                owner,
                definition,
                materializedOnly,
                finalized,
                value,
                columns,
                indexes,
                bucketWidth,
                experimental,
                state);
    }

    /** The same continuous aggregate in another state. */
    public ContinuousAggregate withState(State value) {
        return new ContinuousAggregate(
                name,
                source,
                owner,
                definition,
                materializedOnly,
                finalized,
                storage,
                columns,
                indexes,
                bucketWidth,
                experimental,
                value);
    }

    /**
     * How far a continuous aggregate has followed what it aggregates; all in the internal unit of the time dimension.
     *
     * @param watermark the end of the newest materialized bucket, where a view that is not materialized only goes on with the source's
     *     rows; null when nothing was materialized yet
     * @param threshold the time from which on changes of the source are not noted; null when there is none yet. Aggregates of the same
     *     source share it
     * @param invalid what a refresh would look at again, in whole buckets, ordered and without overlaps; from the threshold on that is
     *     everything
     * @param covered where the source still has its chunks, in whole buckets: a bucket that began before the first chunk is not among them
     */
    public record State(
            @Nullable Long watermark,
            @Nullable Long threshold,
            List<Invalidation> invalid,
            List<Invalidation> covered) {
        /** Nothing was materialized yet. */
        public static final State NEW =
                new State(null, null, List.of(new Invalidation(Long.MIN_VALUE, Long.MAX_VALUE)), List.of());

        public State {
            invalid = List.copyOf(invalid);
            covered = List.copyOf(covered);
        }
    }

    /**
     * A range of time in which something changed.
     *
     * @param lowest the first time that changed; {@code Long.MIN_VALUE} when everything before did
     * @param greatest the last time that changed, itself included; {@code Long.MAX_VALUE} when everything after did
     */
    public record Invalidation(long lowest, long greatest) {
        /** The same moments as ordered ranges that neither overlap nor touch. */
        public static List<Invalidation> merge(List<Invalidation> ranges) {
            List<Invalidation> merged = new ArrayList<>();
            for (Invalidation range : ranges.stream()
                    .sorted(Comparator.comparingLong(Invalidation::lowest).thenComparingLong(Invalidation::greatest))
                    .toList()) {
                Invalidation last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
                // Beyond the greatest number there is nothing to touch.
                if (last != null && (last.greatest() == Long.MAX_VALUE || range.lowest() <= last.greatest() + 1)) {
                    merged.set(
                            merged.size() - 1,
                            new Invalidation(last.lowest(), Math.max(last.greatest(), range.greatest())));
                } else {
                    merged.add(range);
                }
            }
            return merged;
        }
    }
}
