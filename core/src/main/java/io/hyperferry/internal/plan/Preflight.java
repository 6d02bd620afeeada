package io.hyperferry.internal.plan;

import static io.hyperferry.Problem.blocking;
import static io.hyperferry.Problem.warning;

import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.DatabaseObject;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Table;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.Version;
import io.hyperferry.internal.sql.TimeType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What two catalogs and the options tell about a migration before it starts. */
final class Preflight {
    private static final int NAMED_OBJECTS = 3;

    private Preflight() {}

    static List<Problem> problems(DatabaseCatalog source, DatabaseCatalog target, Scope scope, PlanOptions options) {
        List<Problem> problems = new ArrayList<>();
        servers(source.server(), target.server(), problems);
        targetState(target, problems);
        problems.addAll(Filters.problems(scope, options));
        if (source.largeObjects() > 0) {
            problems.add(
                    blocking(
                            Code.LARGE_OBJECTS,
                            source.server().database(),
                            "the source holds " + source.largeObjects() + " large objects, which do not travel yet.",
                            "Move them into bytea columns, and SELECT lo_unlink(oid) FROM pg_largeobject_metadata; on the source."));
        }
        problems.addAll(Permissions.problems(source, scope.kept(), target.server(), options));
        problems.addAll(Prerequisites.problems(scope.kept(), target, options));
        problems.addAll(RoleMappings.problems(source, target.server(), options, problems));
        problems.addAll(ColumnOrders.problems(scope.kept()));
        problems.addAll(Capacity.problems(scope.kept(), target.server()));
        slices(scope.kept(), options, problems);
        references(scope.kept(), options, problems);
        problems.addAll(Compatibility.problems(scope.kept(), target.server(), options));
        problems.addAll(Aggregates.problems(scope.kept(), target.server(), options));
        problems.addAll(HiddenRows.problems(scope.kept(), options));
        problems.addAll(Jobs.problems(scope.kept(), target.server()));
        left(target.server(), scope, problems);
        return problems;
    }

    private static void servers(ServerInfo source, ServerInfo target, List<Problem> problems) {
        if (source.systemIdentifier().equals(target.systemIdentifier())
                && source.database().equals(target.database())) {
            problems.add(blocking(
                    Code.SAME_DATABASE,
                    target.database(),
                    "source and target are the same database.",
                    "Name another server or another database as the target."));
        }
        if (target.inRecovery()) {
            problems.add(blocking(
                    Code.TARGET_IS_STANDBY,
                    target.database(),
                    "the target is a standby, which cannot be written to.",
                    "Connect to its primary."));
        }
        if (target.postgres().major() < source.postgres().major()) {
            problems.add(
                    warning(
                            Code.TARGET_POSTGRES_OLDER,
                            target.database(),
                            "the target runs PostgreSQL " + target.postgres() + ", the source " + source.postgres()
                                    + ".",
                            "A schema that uses newer features will be refused; a target of the same version or newer is safe."));
        }
        timescale(source, target, problems);
    }

    private static void timescale(ServerInfo source, ServerInfo target, List<Problem> problems) {
        @Nullable Timescale from = source.timescale();
        @Nullable Timescale to = target.timescale();
        if (to == null) {
            String create = from == null ? "CREATE EXTENSION timescaledb;" : Prerequisites.createTimescale(from);
            @Nullable Version available = target.timescaleAvailable();
            problems.add(blocking(
                    Code.TARGET_WITHOUT_TIMESCALEDB,
                    target.database(),
                    "the target database has no TimescaleDB extension.",
                    available == null
                            ? "Install the TimescaleDB package on the target's server, add timescaledb to"
                                    + " shared_preload_libraries, restart it, and run " + create
                                    + " in the target database."
                            : "Run " + create + " in the target database (version " + available
                                    + " is installed on its server)."));
        }
        if (from == null) {
            problems.add(warning(
                    Code.SOURCE_WITHOUT_TIMESCALEDB,
                    source.database(),
                    "the source database has no TimescaleDB extension, so it has no hypertables.",
                    "Its tables are moved as plain tables; check that this is the database you mean."));
        } else if (to != null && to.version().compareTo(from.version()) < 0) {
            problems.add(warning(
                    Code.TARGET_TIMESCALEDB_OLDER,
                    target.database(),
                    "the target runs TimescaleDB " + to.version() + ", the source " + from.version() + ".",
                    "A target of the same version or newer is safe: ALTER EXTENSION timescaledb UPDATE;"));
        }
    }

    private static void targetState(DatabaseCatalog target, List<Problem> problems) {
        if (target.isEmpty()) {
            return;
        }
        List<String> objects = Stream.of(
                        target.tables().stream().map(it -> "table " + it.name()),
                        target.views().stream().map(it -> "view " + it.name()),
                        target.sequences().stream().map(it -> "sequence " + it.name()),
                        target.addedObjects().stream()
                                .filter(it -> it.relation() == null)
                                .map(DatabaseObject::title))
                .flatMap(it -> it)
                .toList();
        problems.add(blocking(
                Code.TARGET_NOT_EMPTY,
                target.server().database(),
                "the target is not empty: it has " + some(objects) + ".",
                "Name a database that has nothing but the TimescaleDB extension, for example a new one."));
    }

    private static void slices(DatabaseCatalog kept, PlanOptions options, List<Problem> problems) {
        long count = 0;
        for (Hypertable hypertable : kept.hypertables()) {
            count += Slicer.of(hypertable, options, TimeWindow.of(hypertable, options))
                    .count();
            if (TimeWindow.of(hypertable.time(), options).isEmpty()) {
                problems.add(unknownRange(hypertable));
            } else if (options.splitBy() != null
                    && options.integerTimeUnit() == null
                    && TimeType.of(hypertable.time()) == TimeType.INTEGER) {
                problems.add(
                        warning(
                                Code.INTEGER_TIME_UNIT_UNKNOWN,
                                hypertable.name().toString(),
                                "its time column " + hypertable.time().column()
                                        + " is an integer, and nothing says what 1 means in it: its slices are whole chunks.",
                                "State the unit (integerTimeUnit(ChronoUnit.MILLIS), --integer-time-unit MILLIS) to split them."));
            }
        }
        if (count > Planner.MAX_SLICES) {
            problems.add(blocking(
                    Code.TOO_MANY_SLICES,
                    String.valueOf(options.splitBy()),
                    "the split would give " + count + " slices, more than " + Planner.MAX_SLICES + ".",
                    "Split by a longer duration."));
        }
    }

    private static Problem unknownRange(Hypertable hypertable) {
        String column = hypertable.time().column();
        return TimeType.of(hypertable.time()) == TimeType.INTEGER
                ? blocking(
                        Code.INTEGER_TIME_UNIT_UNKNOWN,
                        hypertable.name().toString(),
                        "its time column " + column
                                + " is an integer, and nothing says what 1 means in it, so nobody knows which of"
                                + " its rows are in the range of time.",
                        "State the unit (integerTimeUnit(ChronoUnit.MILLIS), --integer-time-unit MILLIS), or leave it behind"
                                + " (exclude, --exclude).")
                : blocking(
                        Code.RANGE_NOT_EXPRESSIBLE,
                        hypertable.name().toString(),
                        "its time column " + column
                                + " has a type whose ranges only TimescaleDB can tell, so its rows cannot be"
                                + " chosen by time.",
                        "Leave it behind (exclude, --exclude), and move it without a range into another database.");
    }

    /** Rows of plain tables all travel, and may refer to rows that do not. */
    private static void references(DatabaseCatalog kept, PlanOptions options, List<Problem> problems) {
        if (options.between() != null) {
            kept.constraints().stream()
                    .filter(it -> it.references() != null
                            && kept.hypertable(it.references()).isPresent())
                    .forEach(it -> problems.add(warning(
                            Code.RANGE_CUTS_REFERENCES,
                            it.table() + "." + it.name(),
                            "it refers to rows of " + it.references()
                                    + ", of which only those in the range of time travel; where a"
                                    + " row is missed, the run stops at this key.",
                            "Leave its table behind (exclude, --exclude), or remove what refers to other times.")));
        }
    }

    private static void left(ServerInfo target, Scope scope, List<Problem> problems) {
        for (Hypertable hypertable : scope.kept().hypertables()) {
            if (hypertable.columnstore() != null
                    && target.timescale() != null
                    && !target.timescale().community()) {
                problems.add(warning(
                        Code.COLUMNSTORE_LEFT_OUT,
                        hypertable.name().toString(),
                        "the target's Apache edition has no columnstore: all rows arrive, "
                                + hypertable.chunks().stream()
                                        .filter(Chunk::isCompressed)
                                        .count()
                                + " compressed chunks of them as row-store.",
                        "Give the target room for them, or use the Community edition there."));
            }
            if (target.timescale() != null && !target.timescale().community() && hasOtherIntervals(hypertable)) {
                problems.add(warning(
                        Code.CHUNKS_CUT_ANEW,
                        hypertable.name().toString(),
                        "it has chunks of other widths than its present interval, and the target's Apache edition"
                                + " cannot create chunks by their bounds.",
                        "All rows arrive, in chunks of the present interval; the Community edition keeps the bounds."));
            }
        }
        for (Table table : scope.kept().tables()) {
            if (table.kind() == Table.Kind.FOREIGN) {
                problems.add(warning(
                        Code.FOREIGN_TABLE_ROWS_STAY,
                        table.name().toString(),
                        "a foreign table's rows are on another server and stay there.",
                        "Check that the target can reach that server."));
            }
        }
    }

    private static boolean hasOtherIntervals(Hypertable hypertable) {
        return hypertable.chunks().stream()
                .map(chunk -> chunk.ranges().get(0))
                .anyMatch(range -> isOfOtherWidth(range, hypertable.time().interval()));
    }

    private static boolean isOfOtherWidth(DimensionRange range, long interval) {
        return range.from() != DimensionRange.UNBOUNDED_FROM
                && range.to() != DimensionRange.UNBOUNDED_TO
                && range.to() - range.from() != interval;
    }

    private static String some(List<String> objects) {
        String named = objects.stream().limit(NAMED_OBJECTS).collect(Collectors.joining(", "));
        int more = objects.size() - NAMED_OBJECTS;
        return more > 0 ? named + " and " + more + " more" : named;
    }
}
