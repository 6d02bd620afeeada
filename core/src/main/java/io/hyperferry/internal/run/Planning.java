package io.hyperferry.internal.run;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.hyperferry.MigrationException;
import io.hyperferry.MigrationPlan;
import io.hyperferry.PgTools;
import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CatalogReader;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Version;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.ledger.PausedJobs;
import io.hyperferry.internal.plan.Dependents;
import io.hyperferry.internal.plan.Jobs;
import io.hyperferry.internal.plan.Planner;
import io.hyperferry.internal.schema.ObjectPattern;
import io.hyperferry.internal.schema.SchemaDump;
import io.hyperferry.internal.schema.SchemaDump.Texts;
import io.hyperferry.internal.schema.SchemaEntries;
import io.hyperferry.internal.schema.SchemaEntry;
import io.hyperferry.internal.sql.Identifiers;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what a plan is made of: both catalogs, what the tools are, and the source's schema. Changes nothing. */
final class Planning {
    private final PlanOptions options;
    private final int parallelism;
    private final Endpoint source;
    private final boolean jobsPaused;
    private final PgTools tools;
    private final Cancellation cancellation;
    private volatile @Nullable Dumped dumped;

    /** A schema and the snapshot under which it was dumped. */
    private record Dumped(String snapshot, Texts schema) {}

    /** @param jobsPaused whether the source's jobs rest while it is read */
    Planning(
            Endpoint source,
            PlanOptions options,
            int parallelism,
            boolean jobsPaused,
            PgTools tools,
            Cancellation cancellation) {
        this.jobsPaused = jobsPaused;
        this.options = options;
        this.parallelism = parallelism;
        this.source = source;
        this.tools = tools;
        this.cancellation = cancellation;
    }

    /** A reader of everything but the ledger. */
    static CatalogReader reader() {
        return CatalogReader.create().ignoringSchema(Ledger.SCHEMA);
    }

    /**
     * A new plan.
     *
     * @param snapshot an exported snapshot to read the source under, or null
     */
    MigrationPlan plan(Connection from, Connection to, @Nullable String snapshot) throws SQLException {
        // Of many chunks both take seconds: the tools are tried while the catalogs are read.
        Version server = Version.parse(from.getMetaData().getDatabaseProductVersion());
        SchemaDump dump = dump(from);
        CancellableTask<List<Problem>> tools =
                CancellableTask.start("hyperferry-tools", cancellation, () -> dump.problems(server));
        try {
            return plan(from, to, snapshot, tools::await);
        } finally {
            tools.abandon();
        }
    }

    private MigrationPlan plan(Connection from, Connection to, @Nullable String snapshot, Supplier<List<Problem>> tools)
            throws SQLException {
        List<Problem> damages = SoundCatalog.require(from, options);
        DatabaseCatalog fromCatalog =
                PausedJobs.undone(snapshot == null ? reader().read(from) : readUnder(reader(), snapshot, from), to);
        DatabaseCatalog toCatalog = reader().read(to);
        MigrationPlan plan = Planner.plan(fromCatalog, toCatalog, options);
        List<Problem> problems = new ArrayList<>(damages);
        problems.addAll(tools.get());
        SessionProblems.readOnly(to).ifPresent(problems::add);
        if (!jobsPaused) {
            problems.addAll(Jobs.active(fromCatalog, options));
        }
        MigrationPlan.Connections needed = MigrationPlan.connectionsRequired(parallelism);
        addConnections("source", fromCatalog.server(), needed.source(), problems);
        addConnections("target", toCatalog.server(), needed.target(), problems);
        if (plan.isBlocked() || problems.stream().anyMatch(Problem::blocks)) {
            return plan.withProblems(problems);
        }
        return tried(plan, schema(from, snapshot), fromCatalog, to, toCatalog.server(), cancellation)
                .withProblems(problems);
    }

    /** The plan with all that only a dump tells: what is skipped because of what it needs, and what the target refuses. */
    static MigrationPlan tried(
            MigrationPlan plan,
            Texts schema,
            DatabaseCatalog source,
            Connection to,
            ServerInfo target,
            Cancellation cancellation)
            throws SQLException {
        List<SchemaEntry> entries = entries(plan, schema);
        MigrationPlan complete = plan.leftOut().isEmpty()
                        && ObjectPattern.in(plan.options().exclude()).isEmpty()
                ? plan
                : Dependents.added(plan, SkippedEntries.lines(plan, entries));
        List<Problem> problems = SkippedEntries.problems(plan, entries);
        return complete.withProblems(
                problems.isEmpty()
                        ? TrialRestore.problems(to, complete, entries, source, target, cancellation)
                        : problems);
    }

    /** @param from a session of the source */
    SchemaDump dump(Connection from) throws SQLException {
        return new SchemaDump(tools, source.toolAccess(from), cancellation);
    }

    static void addConnections(String side, ServerInfo server, int needed, List<Problem> problems) {
        if (needed > server.settings().maxConnections()) {
            problems.add(Problem.blocking(
                    Problem.Code.TOO_FEW_CONNECTIONS,
                    server.database(),
                    "the run needs " + needed + " connections to the " + side + ", which allows "
                            + server.settings().maxConnections() + ".",
                    "Use fewer workers (parallelism, --parallelism)."));
        }
    }

    /** The source as it is under a snapshot. */
    static DatabaseCatalog readUnder(CatalogReader reader, String snapshot, Connection from) throws SQLException {
        return Jdbc.inTransaction(from, () -> {
            Jdbc.execute(from, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            Jdbc.execute(from, "SET TRANSACTION SNAPSHOT " + Identifiers.literal(snapshot));
            return reader.read(from);
        });
    }

    /**
     * The schema that the plan was made for: of the same moment, when the snapshot is the plan's. It is dumped once for each snapshot.
     *
     * @param from a session of the source
     * @param snapshot an exported snapshot to read under, or null
     * @throws MigrationException when it cannot be dumped
     */
    Texts schema(Connection from, @Nullable String snapshot) throws SQLException {
        try {
            @Nullable Dumped known = dumped;
            if (known != null && known.snapshot().equals(snapshot)) {
                return known.schema();
            }
            Texts schema = dump(from).take(snapshot);
            dumped = snapshot == null ? null : new Dumped(snapshot, schema);
            return schema;
        } catch (IOException e) {
            throw undumped(e);
        }
    }

    private static MigrationException undumped(Exception e) {
        return new MigrationException(
                MigrationException.Code.STEP_FAILED,
                "the source's schema could not be dumped: " + e.getMessage() + "; nothing was changed",
                e);
    }

    /**
     * The schema as it is to be restored by this plan.
     *
     * @throws MigrationException when it is not what the tools write
     */
    static List<SchemaEntry> entries(MigrationPlan plan, Texts schema) {
        Step.RestorePreData step = plan.steps().stream()
                .flatMap(it -> it instanceof Step.RestorePreData preData ? Stream.of(preData) : Stream.empty())
                .findFirst()
                .orElseThrow();
        Set<QualifiedName> hypertables = plan.steps().stream()
                .flatMap(it ->
                        it instanceof Step.RestorePostData postData ? postData.hypertables().stream() : Stream.empty())
                .collect(toSet());
        Set<QualifiedName> early = plan.steps().stream()
                .flatMap(it -> it instanceof Step.RestoreIndexes indexes ? indexes.tables().stream() : Stream.empty())
                .collect(toSet());
        Map<QualifiedName, Long> bytes = plan.tables().stream().collect(toMap(TableData::table, Planning::bytes));
        try {
            return SchemaEntries.of(
                    schema.sections(),
                    step,
                    hypertables,
                    early,
                    bytes,
                    ObjectPattern.in(plan.options().exclude()));
        } catch (IllegalArgumentException e) {
            throw undumped(e);
        }
    }

    private static long bytes(TableData table) {
        return table.slices().stream().mapToLong(Slice::estimatedBytes).sum();
    }
}
