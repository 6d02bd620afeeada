package io.hyperferry;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The options that shape a plan, as {@link Migration} collected them; a run that was started with one set of them goes on with the
 * same set only.
 *
 * @param splitBy the width of a slice, or null for one slice a chunk
 * @param integerTimeUnit what 1 means in integer time columns, or null when that is not known
 * @param include patterns of the tables and views that travel; empty for all
 * @param exclude patterns of the tables and views that stay behind
 * @param consistency which moment of the source is read
 * @param keepOwners whether objects belong to the roles that own them on the source; else to the role that migrates
 * @param aggregates what becomes of the rows of continuous aggregates
 * @param roles roles of the source for which others stand in on the target, by name
 */
public record PlanOptions(
        @Nullable Duration splitBy,
        @Nullable ChronoUnit integerTimeUnit,
        List<String> include,
        List<String> exclude,
        Consistency consistency,
        boolean keepOwners,
        AggregateMode aggregates,
        Map<String, String> roles) {
    /** All of the database, one slice a chunk, one snapshot, everything owned by the role that migrates. */
    public static final PlanOptions DEFAULT = new PlanOptions(
            null, null, List.of(), List.of(), Consistency.SNAPSHOT, false, AggregateMode.KEEP_HISTORY, Map.of());

    public PlanOptions {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        Objects.requireNonNull(consistency, "consistency");
        Objects.requireNonNull(aggregates, "aggregates");
        roles = Collections.unmodifiableMap(new TreeMap<>(roles));
        if (splitBy != null && (splitBy.isZero() || splitBy.isNegative())) {
            throw new IllegalArgumentException("splitBy must be longer than zero, not " + splitBy);
        }
    }

    PlanOptions withSplitBy(Duration value) {
        return new PlanOptions(value, integerTimeUnit, include, exclude, consistency, keepOwners, aggregates, roles);
    }

    PlanOptions withIntegerTimeUnit(ChronoUnit value) {
        return new PlanOptions(splitBy, value, include, exclude, consistency, keepOwners, aggregates, roles);
    }

    PlanOptions withInclude(List<String> value) {
        return new PlanOptions(splitBy, integerTimeUnit, value, exclude, consistency, keepOwners, aggregates, roles);
    }

    PlanOptions withExclude(List<String> value) {
        return new PlanOptions(splitBy, integerTimeUnit, include, value, consistency, keepOwners, aggregates, roles);
    }

    PlanOptions withConsistency(Consistency value) {
        return new PlanOptions(splitBy, integerTimeUnit, include, exclude, value, keepOwners, aggregates, roles);
    }

    PlanOptions withKeepOwners() {
        return new PlanOptions(splitBy, integerTimeUnit, include, exclude, consistency, true, aggregates, roles);
    }

    PlanOptions withAggregates(AggregateMode value) {
        return new PlanOptions(splitBy, integerTimeUnit, include, exclude, consistency, keepOwners, value, roles);
    }

    PlanOptions withRole(String source, String target) {
        Map<String, String> more = new TreeMap<>(roles);
        more.put(source, target);
        return new PlanOptions(splitBy, integerTimeUnit, include, exclude, consistency, keepOwners, aggregates, more);
    }
}
