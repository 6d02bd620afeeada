package io.hyperferry.internal.plan;

import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.Step.SchemaRules;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.DatabaseObject;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Setting;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import io.hyperferry.internal.sql.DatabaseSql;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the target cannot have as the source has it, and what becomes of it: the rules that the schema is restored by, the hypertables as far
 * as the target can make them, and a warning for each of these losses.
 */
public final class Compatibility {
    private static final String EVENT_TRIGGER = "EVENT TRIGGER";
    private static final String SUBSCRIPTION = "subscription";
    private static final String TABLESPACE = "tablespace";
    private static final String ACCESS_METHOD = "access method";

    /** What TimescaleDB had between 2.18 and 2.21; it takes hypertables only, and a table is none yet when it is restored. */
    private static final String HYPERCORE = "hypercore";

    private Compatibility() {}

    /** What of the schema is said otherwise on the target. */
    static SchemaRules rules(DatabaseCatalog kept, ServerInfo target, PlanOptions options) {
        return new SchemaRules(
                options.keepOwners(),
                target.user(),
                options.roles(),
                missing(kept, TABLESPACE, target.inventory().tablespaces()),
                missing(kept, ACCESS_METHOD, target.inventory().accessMethods()),
                target.superuser() ? List.of() : List.of(EVENT_TRIGGER),
                List.copyOf(target.inventory().rights().foreignExtensions()));
    }

    private static List<String> missing(DatabaseCatalog kept, String fact, Set<String> present) {
        Set<String> names = new TreeSet<>();
        for (DatabaseObject object : kept.objects()) {
            @Nullable String name = object.facts().get(fact);
            if (name != null && (!present.contains(name) || name.equals(HYPERCORE))) {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }

    /** The catalog as a database on this server can have it. */
    public static DatabaseCatalog expected(DatabaseCatalog kept, ServerInfo target) {
        return kept.toBuilder()
                .hypertables(possible(kept.hypertables(), target))
                .aggregates(Aggregates.expected(kept).stream()
                        .map(it -> it.withStorage(
                                possible(List.of(it.storage()), target).get(0)))
                        .toList())
                .jobs(Jobs.possible(kept.jobs(), target))
                .settings(kept.settings().stream()
                        .filter(it -> mayBeSet(it, target))
                        .toList())
                .build();
    }

    /** The catalog without what never travels: each side may have its own. */
    public static DatabaseCatalog travelling(DatabaseCatalog catalog) {
        return catalog.toBuilder()
                .objects(catalog.objects().stream()
                        .filter(it -> !it.kind().equals(SUBSCRIPTION))
                        .toList())
                .build();
    }

    /** The hypertables without what this server cannot give them. */
    static List<Hypertable> possible(List<Hypertable> hypertables, ServerInfo target) {
        @Nullable Timescale timescale = target.timescale();
        Predicate<TimescaleFeature> has = feature -> timescale != null && timescale.has(feature);
        boolean community = timescale != null && timescale.community();
        return hypertables.stream()
                .map(it -> new Hypertable(
                        it.name(),
                        it.dimensions(),
                        community
                                ? it.chunks()
                                : it.chunks().stream()
                                        .map(Compatibility::rowStore)
                                        .toList(),
                        it.associatedSchema(),
                        it.associatedPrefix(),
                        it.tablespaces().stream()
                                .filter(target.inventory().tablespaces()::contains)
                                .toList(),
                        has.test(TimescaleFeature.CHUNK_SKIPPING) ? it.skippingColumns() : List.of(),
                        community ? possible(it.columnstore(), has) : null,
                        has.test(TimescaleFeature.ADAPTIVE_CHUNKING) ? it.adaptiveChunking() : null,
                        it.distributed()))
                .toList();
    }

    private static Chunk rowStore(Chunk chunk) {
        return new Chunk(chunk.name(), chunk.oid(), chunk.ranges(), 0, chunk.estimatedRows(), chunk.bytes());
    }

    private static @Nullable ColumnstoreSettings possible(
            @Nullable ColumnstoreSettings settings, Predicate<TimescaleFeature> has) {
        return settings == null
                ? null
                : new ColumnstoreSettings(
                        settings.segmentBy(),
                        settings.orderBy(),
                        settings.chunkInterval(),
                        has.test(TimescaleFeature.COLUMNSTORE_INDEX) ? settings.indexes() : List.of(),
                        settings.directCompress() && has.test(TimescaleFeature.DIRECT_COMPRESS));
    }

    /** The statements for the database as a whole, without those that the target's role may not execute. */
    static List<String> databaseSql(DatabaseCatalog kept, ServerInfo target) {
        List<String> sql = new ArrayList<>();
        kept.objects().stream()
                .filter(it -> it.kind().equals(DatabaseSql.KIND))
                .forEach(it -> sql.addAll(DatabaseSql.properties(target.database(), it)));
        kept.settings().stream()
                .filter(it -> mayBeSet(it, target))
                .forEach(it -> sql.addAll(DatabaseSql.setting(target.database(), it)));
        return sql;
    }

    /** Settings of other roles are for those who manage roles, and some parameters for superusers. */
    private static boolean mayBeSet(Setting setting, ServerInfo target) {
        return (target.superuser() || setting.role() == null || setting.role().equals(target.user()))
                && !isLocked(setting, target);
    }

    private static boolean isLocked(Setting setting, ServerInfo target) {
        return target.inventory().rights().lockedParameters().contains(setting.name());
    }

    /** Whether something is to be said of the target database that only its owner may say. */
    static boolean isDatabaseChanged(DatabaseCatalog kept, ServerInfo target) {
        return kept.settings().stream().anyMatch(it -> it.role() == null && mayBeSet(it, target))
                || kept.objects().stream()
                        .anyMatch(it -> it.kind().equals(DatabaseSql.KIND)
                                && !DatabaseSql.properties(target.database(), it)
                                        .isEmpty());
    }

    /** What is lost, as warnings. */
    static List<Problem> problems(DatabaseCatalog kept, ServerInfo target, PlanOptions options) {
        List<Problem> problems = new ArrayList<>();
        SchemaRules rules = rules(kept, target, options);
        Set<String> tablespaces = new TreeSet<>(rules.missingTablespaces());
        kept.hypertables().stream()
                .flatMap(it -> it.tablespaces().stream())
                .filter(it -> !target.inventory().tablespaces().contains(it))
                .forEach(tablespaces::add);
        for (String tablespace : tablespaces) {
            problems.add(Problem.warning(
                    Code.TABLESPACE_MISSING,
                    tablespace,
                    "the target has no tablespace of this name in which its role may create something; what is in it goes to"
                            + " the target's default tablespace.",
                    "Create it on the target before the run, or grant CREATE on it."));
        }
        for (String method : rules.missingAccessMethods()) {
            problems.add(Problem.warning(
                    Code.ACCESS_METHOD_MISSING,
                    method,
                    "tables with this access method become heap tables, with all their rows: the target lacks it, or"
                            + " cannot restore a table in it.",
                    method.equals(HYPERCORE)
                            ? "Nothing is lost: compressed chunks are compressed on the target, in the columnstore."
                            : "Install what brings the access method, if you want to keep it."));
        }
        if (rules.leftOutKinds().contains(EVENT_TRIGGER)) {
            named(kept, "event trigger")
                    .forEach(trigger -> problems.add(Problem.warning(
                            Code.EVENT_TRIGGER_LEFT_OUT,
                            trigger,
                            "only a superuser can create event triggers, so it stays behind.",
                            "Run as a superuser of the target, or have one create it afterwards.")));
        }
        named(kept, SUBSCRIPTION)
                .forEach(subscription -> problems.add(Problem.warning(
                        Code.SUBSCRIPTION_LEFT_OUT,
                        subscription,
                        "subscriptions do not travel: two servers would take the same changes from each other.",
                        "Create it on the target when the source has stopped.")));
        for (Setting setting : kept.settings()) {
            if (!mayBeSet(setting, target)) {
                problems.add(Problem.warning(
                        Code.SETTING_LEFT_OUT,
                        setting.name(),
                        isLocked(setting, target)
                                ? "only a superuser can set this parameter"
                                        + (setting.role() == null ? "." : ", which role " + setting.role() + " has.")
                                : "it is a setting of role " + setting.role()
                                        + ", which only a superuser can make for others.",
                        "Have a superuser of the target run: "
                                + String.join("; ", DatabaseSql.setting(target.database(), setting)) + ";"));
            }
        }
        @Nullable Timescale timescale = target.timescale();
        if (timescale != null) {
            kept.hypertables().forEach(it -> hypertable(it, timescale, problems));
        }
        return problems;
    }

    private static Stream<String> named(DatabaseCatalog kept, String kind) {
        return kept.objects().stream().filter(it -> it.kind().equals(kind)).map(DatabaseObject::identity);
    }

    private static void hypertable(Hypertable hypertable, Timescale target, List<Problem> problems) {
        String name = hypertable.name().toString();
        if (hypertable.adaptiveChunking() != null && !target.has(TimescaleFeature.ADAPTIVE_CHUNKING)) {
            problems.add(Problem.warning(
                    Code.ADAPTIVE_CHUNKING_LEFT_OUT,
                    name,
                    "its chunk interval follows the data, which the target's TimescaleDB cannot do any more; it stays as it"
                            + " is now.",
                    "Choose an interval on the target with set_chunk_time_interval."));
        }
        if (!hypertable.skippingColumns().isEmpty() && !target.has(TimescaleFeature.CHUNK_SKIPPING)) {
            problems.add(Problem.warning(
                    Code.CHUNK_SKIPPING_LEFT_OUT,
                    name,
                    "the target's TimescaleDB has no chunk skipping, which "
                            + String.join(", ", hypertable.skippingColumns()) + " has on the source.",
                    "Queries give the same rows and may read more chunks; TimescaleDB 2.16 or newer keeps it."));
        }
        @Nullable ColumnstoreSettings columnstore = hypertable.columnstore();
        if (columnstore != null && target.community()) {
            List<String> lost = Stream.of(
                            !columnstore.indexes().isEmpty() && !target.has(TimescaleFeature.COLUMNSTORE_INDEX)
                                    ? "sparse indexes"
                                    : "",
                            columnstore.directCompress() && !target.has(TimescaleFeature.DIRECT_COMPRESS)
                                    ? "loading straight into the columnstore"
                                    : "")
                    .filter(it -> !it.isEmpty())
                    .collect(Collectors.toList());
            if (!lost.isEmpty()) {
                problems.add(Problem.warning(
                        Code.COLUMNSTORE_SETTING_LEFT_OUT,
                        name,
                        "the target's TimescaleDB does not know " + String.join(" and ", lost) + " of its columnstore.",
                        "All rows arrive and are compressed; a newer TimescaleDB on the target keeps these settings."));
            }
        }
    }

    /** Whether a difference in this fact is one that was announced. */
    public static boolean isExpected(SchemaRules rules, String fact) {
        return (fact.equals(TABLESPACE) && !rules.missingTablespaces().isEmpty())
                || (fact.equals(ACCESS_METHOD) && !rules.missingAccessMethods().isEmpty());
    }
}
