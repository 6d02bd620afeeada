package io.hyperferry;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options that shape a plan, as {@link Migration} collected them; a run that was started with one set of them goes on with the
 * same set only.
 *
 * @param splitBy the width of a slice, or null for one slice a chunk
 * @param integerTimeUnit what 1 means in integer time columns, or null when that is not known
 * @param include patterns of the tables and views that travel; empty for all
 * @param exclude patterns of the tables, views and other objects that stay behind
 * @param consistency which moment of the source is read
 * @param keepOwners whether objects belong to the roles that own them on the source; else to the role that migrates
 * @param aggregates what becomes of the rows of continuous aggregates
 * @param roles roles of the source for which others stand in on the target, by name
 * @param compressed how chunks of the columnstore travel
 * @param maxUncompressed how many bytes may wait on the target to be compressed, or null for any number
 * @param verification what of the rows is compared
 * @param between the range of time that travels of hypertables, or null for all of it
 * @param export what tells the export from others through which the database moves, or null when it moves from server to server
 */
public record PlanOptions(
        @Nullable Duration splitBy,
        @Nullable ChronoUnit integerTimeUnit,
        List<String> include,
        List<String> exclude,
        Consistency consistency,
        boolean keepOwners,
        AggregateMode aggregates,
        Map<String, String> roles,
        CompressedMode compressed,
        @Nullable Long maxUncompressed,
        Verification verification,
        @Nullable TimeRange between,
        @Nullable String export) {
    /** All of the database, one slice a chunk, one snapshot, everything owned by the role that migrates. */
    public static final PlanOptions DEFAULT = new PlanOptions(
            null,
            null,
            List.of(),
            List.of(),
            Consistency.SNAPSHOT,
            false,
            AggregateMode.KEEP_HISTORY,
            Map.of(),
            CompressedMode.AS_IS,
            null,
            Verification.DIGESTS,
            null,
            null);

    public PlanOptions {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        Objects.requireNonNull(consistency, "consistency");
        Objects.requireNonNull(aggregates, "aggregates");
        Objects.requireNonNull(compressed, "compressed");
        Objects.requireNonNull(verification, "verification");
        roles = Collections.unmodifiableMap(new TreeMap<>(roles));
        if (splitBy != null && (splitBy.isZero() || splitBy.isNegative())) {
            throw new IllegalArgumentException("splitBy must be longer than zero, not " + splitBy);
        }
        if (maxUncompressed != null && maxUncompressed <= 0) {
            throw new IllegalArgumentException("maxUncompressed must be more than 0 bytes, not " + maxUncompressed);
        }
    }

    PlanOptions withSplitBy(Duration value) {
        return changed(draft -> draft.splitBy = value);
    }

    PlanOptions withIntegerTimeUnit(ChronoUnit value) {
        return changed(draft -> draft.integerTimeUnit = value);
    }

    PlanOptions withInclude(List<String> value) {
        return changed(draft -> draft.include = value);
    }

    PlanOptions withExclude(List<String> value) {
        return changed(draft -> draft.exclude = value);
    }

    PlanOptions withConsistency(Consistency value) {
        return changed(draft -> draft.consistency = value);
    }

    PlanOptions withKeepOwners() {
        return changed(draft -> draft.keepOwners = true);
    }

    PlanOptions withAggregates(AggregateMode value) {
        return changed(draft -> draft.aggregates = value);
    }

    PlanOptions withRole(String source, String target) {
        Map<String, String> more = new TreeMap<>(roles);
        more.put(source, target);
        return changed(draft -> draft.roles = more);
    }

    PlanOptions withCompressed(CompressedMode value) {
        return changed(draft -> draft.compressed = value);
    }

    PlanOptions withMaxUncompressed(long value) {
        return changed(draft -> draft.maxUncompressed = value);
    }

    PlanOptions withVerification(Verification value) {
        return changed(draft -> draft.verification = value);
    }

    PlanOptions withBetween(TimeRange value) {
        if (between != null) {
            throw new IllegalStateException(
                    "the range of time is " + between + " already: say both of its bounds with between");
        }
        return changed(draft -> draft.between = value);
    }

    /** The same options for an export that goes by this name. */
    public PlanOptions ofExport(String value) {
        return changed(draft -> draft.export = value);
    }

    /** The same options, but for what is a target's alone, which is taken from others. */
    public PlanOptions ofTarget(PlanOptions other) {
        return changed(draft -> {
            draft.keepOwners = other.keepOwners;
            draft.maxUncompressed = other.maxUncompressed;
        });
    }

    private PlanOptions changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }

    /** Options on their way to others. */
    private static final class Draft {
        private @Nullable Duration splitBy;
        private @Nullable ChronoUnit integerTimeUnit;
        private List<String> include;
        private List<String> exclude;
        private Consistency consistency;
        private boolean keepOwners;
        private AggregateMode aggregates;
        private Map<String, String> roles;
        private CompressedMode compressed;
        private @Nullable Long maxUncompressed;
        private Verification verification;
        private @Nullable TimeRange between;
        private @Nullable String export;

        Draft(PlanOptions from) {
            splitBy = from.splitBy;
            integerTimeUnit = from.integerTimeUnit;
            include = from.include;
            exclude = from.exclude;
            consistency = from.consistency;
            keepOwners = from.keepOwners;
            aggregates = from.aggregates;
            roles = from.roles;
            compressed = from.compressed;
            maxUncompressed = from.maxUncompressed;
            verification = from.verification;
            between = from.between;
            export = from.export;
        }

        PlanOptions done() {
            return new PlanOptions(
                    splitBy,
                    integerTimeUnit,
                    include,
                    exclude,
                    consistency,
                    keepOwners,
                    aggregates,
                    roles,
                    compressed,
                    maxUncompressed,
                    verification,
                    between,
                    export);
        }
    }
}
