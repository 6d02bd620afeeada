package io.hyperferry.examples.cli;

import io.hyperferry.AggregateMode;
import io.hyperferry.Database;
import io.hyperferry.Migration;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What is moved or compared, and in which pieces. */
final class BothSidesOptions {
    @Option(
            names = "--source",
            paramLabel = "URL",
            description = "Where the data is: postgres://user:password@host:port/database or jdbc:postgresql://…; else"
                    + " the variable HYPERFERRY_SOURCE. A password that a URL lacks is taken from PGPASSWORD or the"
                    + " password file.")
    @Nullable
    String source;

    @Mixin
    TargetOption target = new TargetOption();

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
            names = "--parallelism",
            paramLabel = "N",
            defaultValue = "" + Migration.DEFAULT_PARALLELISM,
            description = "How many slices travel at a time (default: ${DEFAULT-VALUE}).")
    int parallelism;

    @Option(
            names = "--include",
            paramLabel = "PATTERN",
            description = "Only tables and views that match: schema.name with * and ? as wildcards. Can be repeated.")
    List<String> include = new ArrayList<>();

    @Option(
            names = "--exclude",
            paramLabel = "PATTERN",
            description = "All but tables and views that match. Can be repeated.")
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
            names = "--keep-owners",
            description =
                    "Objects belong to the roles that own them on the source; without it, to the role that migrates.")
    boolean keepOwners;

    @Option(
            names = "--map-role",
            paramLabel = "SOURCE=TARGET",
            description =
                    "Another role stands in for a role of the source, in privileges, policies and settings, and as"
                            + " owner. Can be repeated.")
    Map<String, String> roles = new LinkedHashMap<>();

    /**
     * The migration that these options describe.
     *
     * @throws UsageException when one of them cannot be used
     */
    Migration migration(Console console) {
        Database from = SideOptions.database("source", source, console);
        Database to = target.database(console);
        if (parallelism < 1) {
            throw new UsageException("--parallelism must be at least 1, not " + parallelism);
        }
        Migration migration = Migration.from(from)
                .to(to)
                .parallelism(parallelism)
                .include(include.toArray(String[]::new))
                .exclude(exclude.toArray(String[]::new));
        if (splitBy != null) {
            migration = migration.splitBy(splitBy);
        }
        for (Map.Entry<String, String> role : roles.entrySet()) {
            migration = migration.mapRole(role.getKey(), role.getValue());
        }
        if (keepOwners) {
            migration = migration.keepOwners();
        }
        migration = migration.aggregates(aggregates);
        return integerTimeUnit == null ? migration : migration.integerTimeUnit(integerTimeUnit.unit);
    }

    /** The words of the command line for what becomes of aggregates' rows. */
    static final class AggregateModeConverter implements ITypeConverter<AggregateMode> {
        private static final Map<String, AggregateMode> MODES = Map.of(
                "keep-history", AggregateMode.KEEP_HISTORY,
                "recompute", AggregateMode.RECOMPUTE,
                "definitions-only", AggregateMode.DEFINITIONS_ONLY);

        @Override
        public AggregateMode convert(String value) {
            AggregateMode mode = MODES.get(value);
            if (mode == null) {
                throw new TypeConversionException("expected keep-history, recompute or definitions-only, not " + value);
            }
            return mode;
        }
    }
}
