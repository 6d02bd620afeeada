package io.hyperferry;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
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
 */
public record PlanOptions(
        @Nullable Duration splitBy,
        @Nullable ChronoUnit integerTimeUnit,
        List<String> include,
        List<String> exclude,
        Consistency consistency) {
    /** All of the database, one slice a chunk, one snapshot. */
    public static final PlanOptions DEFAULT = new PlanOptions(null, null, List.of(), List.of(), Consistency.SNAPSHOT);

    public PlanOptions {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        Objects.requireNonNull(consistency, "consistency");
        if (splitBy != null && (splitBy.isZero() || splitBy.isNegative())) {
            throw new IllegalArgumentException("splitBy must be longer than zero, not " + splitBy);
        }
    }

    PlanOptions withSplitBy(Duration value) {
        return new PlanOptions(value, integerTimeUnit, include, exclude, consistency);
    }

    PlanOptions withIntegerTimeUnit(ChronoUnit value) {
        return new PlanOptions(splitBy, value, include, exclude, consistency);
    }

    PlanOptions withInclude(List<String> value) {
        return new PlanOptions(splitBy, integerTimeUnit, value, exclude, consistency);
    }

    PlanOptions withExclude(List<String> value) {
        return new PlanOptions(splitBy, integerTimeUnit, include, value, consistency);
    }

    PlanOptions withConsistency(Consistency value) {
        return new PlanOptions(splitBy, integerTimeUnit, include, exclude, value);
    }
}
