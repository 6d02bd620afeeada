package io.hyperferry.examples.cli;

import io.hyperferry.AggregateMode;
import io.hyperferry.CompressedMode;
import io.hyperferry.Export;
import io.hyperferry.Migration;
import io.hyperferry.Verification;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What of the source is moved or compared, and in which pieces. */
final class MovedOptions {
    @Option(
            names = "--split-by",
            paramLabel = "DURATION",
            converter = SplitConverter.class,
            description =
                    "Cut chunks into slices of this width: 30m, 12h, 1d, 1w or ISO 8601 (PT6H). Without it, a slice"
                            + " is a chunk.")
    @Nullable
    Duration splitBy;

    /** Units that integer time columns are in. */
    enum TimeUnit {
        SECONDS(ChronoUnit.SECONDS),
        MILLIS(ChronoUnit.MILLIS),
        MICROS(ChronoUnit.MICROS),
        NANOS(ChronoUnit.NANOS);

        private final ChronoUnit unit;

        TimeUnit(ChronoUnit unit) {
            this.unit = unit;
        }
    }

    @Option(
            names = "--integer-time-unit",
            paramLabel = "UNIT",
            description = "What 1 means in integer time columns, so that they can be split: ${COMPLETION-CANDIDATES}.")
    @Nullable
    TimeUnit integerTimeUnit;

    @Option(
            names = "--from",
            paramLabel = "MOMENT",
            converter = MomentConverter.class,
            description =
                    "Only rows of hypertables from this moment on, in ISO 8601: 2026-01-01T00:00:00Z, or a date for its midnight"
                            + " in UTC. Plain tables travel whole.")
    @Nullable
    Instant from;

    @Option(
            names = "--to",
            paramLabel = "MOMENT",
            converter = MomentConverter.class,
            description = "Only rows of hypertables before this moment.")
    @Nullable
    Instant to;

    @Option(
            names = "--include",
            paramLabel = "PATTERN",
            description = "Only tables and views that match: schema.name with * and ? as wildcards. Can be repeated.")
    List<String> include = new ArrayList<>();

    @Option(
            names = "--exclude",
            paramLabel = "PATTERN",
            description =
                    "All but tables and views that match, and but other objects by kind and name, for example function:public.f(integer) or"
                            + " job:1001. Can be repeated.")
    List<String> exclude = new ArrayList<>();

    @Option(
            names = "--aggregates",
            paramLabel = "MODE",
            converter = AggregateModeConverter.class,
            defaultValue = "keep-history",
            description =
                    "What becomes of the rows of continuous aggregates: keep-history copies all of them, recompute"
                            + " computes those that the raw data still gives, definitions-only leaves them behind (default:"
                            + " ${DEFAULT-VALUE}).")
    AggregateMode aggregates = AggregateMode.KEEP_HISTORY;

    @Option(
            names = "--compressed",
            paramLabel = "MODE",
            converter = CompressedModeConverter.class,
            defaultValue = "as-is",
            description =
                    "How chunks of the columnstore travel: as-is, the compressed tuples themselves where the target can read"
                            + " them; recompress, as rows that are compressed while others are copied; rows, as rows that are"
                            + " compressed at the end (default: ${DEFAULT-VALUE}).")
    CompressedMode compressed = CompressedMode.AS_IS;

    @Option(
            names = "--verification",
            paramLabel = "WHAT",
            converter = VerificationConverter.class,
            defaultValue = "digests",
            description =
                    "What of the rows is compared: digests, every value, or counts, their number (default: ${DEFAULT-VALUE}).")
    Verification verification = Verification.DIGESTS;

    @Option(
            names = "--map-role",
            paramLabel = "SOURCE=TARGET",
            description =
                    "Another role stands in for a role of the source, in privileges, policies and settings, and as"
                            + " owner. Can be repeated.")
    Map<String, String> roles = new LinkedHashMap<>();

    /**
     * The migration of what these options say.
     *
     * @throws UsageException when one of them cannot be used
     */
    Migration applyTo(Migration migration) {
        Migration moved = migration
                .include(include.toArray(String[]::new))
                .exclude(exclude.toArray(String[]::new))
                .aggregates(aggregates)
                .compressed(compressed)
                .verification(verification);
        if (splitBy != null) {
            moved = moved.splitBy(splitBy);
        }
        if (integerTimeUnit != null) {
            moved = moved.integerTimeUnit(integerTimeUnit.unit);
        }
        for (Map.Entry<String, String> role : roles.entrySet()) {
            moved = moved.mapRole(role.getKey(), role.getValue());
        }
        return switch (range()) {
            case ALL -> moved;
            case SINCE -> moved.since(Objects.requireNonNull(from, "from"));
            case UNTIL -> moved.until(Objects.requireNonNull(to, "to"));
            case BETWEEN -> moved.between(Objects.requireNonNull(from, "from"), Objects.requireNonNull(to, "to"));
        };
    }

    /** The export of what these options say, likewise. */
    Export applyTo(Export export) {
        Export moved = export.include(include.toArray(String[]::new))
                .exclude(exclude.toArray(String[]::new))
                .aggregates(aggregates)
                .compressed(compressed)
                .verification(verification);
        if (splitBy != null) {
            moved = moved.splitBy(splitBy);
        }
        if (integerTimeUnit != null) {
            moved = moved.integerTimeUnit(integerTimeUnit.unit);
        }
        for (Map.Entry<String, String> role : roles.entrySet()) {
            moved = moved.mapRole(role.getKey(), role.getValue());
        }
        return switch (range()) {
            case ALL -> moved;
            case SINCE -> moved.since(Objects.requireNonNull(from, "from"));
            case UNTIL -> moved.until(Objects.requireNonNull(to, "to"));
            case BETWEEN -> moved.between(Objects.requireNonNull(from, "from"), Objects.requireNonNull(to, "to"));
        };
    }

    /** Which bounds of time are given. */
    private enum Range {
        ALL,
        SINCE,
        UNTIL,
        BETWEEN
    }

    private Range range() {
        if (from != null && to != null) {
            if (!from.isBefore(to)) {
                throw new UsageException("--from " + from + " is not before --to " + to);
            }
            return Range.BETWEEN;
        }
        return from != null ? Range.SINCE : to != null ? Range.UNTIL : Range.ALL;
    }

    /** The words of the command line for what becomes of aggregates' rows. */
    static final class AggregateModeConverter extends WordConverter<AggregateMode> {
        AggregateModeConverter() {
            super(AggregateMode.values());
        }
    }

    /** The words of the command line for how compressed chunks travel. */
    static final class CompressedModeConverter extends WordConverter<CompressedMode> {
        CompressedModeConverter() {
            super(CompressedMode.values());
        }
    }

    /** The words of the command line for what is compared. */
    static final class VerificationConverter extends WordConverter<Verification> {
        VerificationConverter() {
            super(Verification.values());
        }
    }
}
