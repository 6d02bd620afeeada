package io.hyperferry;

import io.hyperferry.catalog.CompressedRelation.Layout;
import io.hyperferry.catalog.QualifiedName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One step of a plan. Steps are executed in the plan's order, each of them exactly once over all the runs that it takes.
 *
 * <p>The kinds are a closed set; a {@link StepVisitor} handles all of them, and the compiler sees to it that none is forgotten.
 */
public sealed interface Step {
    /** What the step does, in a few words, for people. */
    String title();

    /** Calls the visitor's method for this kind of step. */
    <R> R accept(StepVisitor<R> visitor);

    /**
     * Restores schemas, types, functions, tables, views and sequences, without what needs the rows first.
     *
     * @param leftOut relations of the source that are not restored, nor anything that depends on them
     * @param chunks OIDs of relations that a dump shows as tables and that are chunks
     * @param aggregates OIDs of views that a dump shows as such and that are continuous aggregates; what depends on them is restored
     *     after them
     * @param rules what is said otherwise on the target; of the schema after the rows, too
     * @param dependentsLeftOut objects of tables that are migrated which are skipped because of what they need, human-readable
     * @param columnOrders inheriting tables whose columns {@code INHERITS} alone would put in another order
     */
    record RestorePreData(
            List<LeftOut> leftOut,
            List<Long> chunks,
            List<Long> aggregates,
            SchemaRules rules,
            List<String> dependentsLeftOut,
            List<ColumnOrder> columnOrders)
            implements Step {
        public RestorePreData {
            Objects.requireNonNull(rules, "rules");
            leftOut = List.copyOf(leftOut);
            chunks = List.copyOf(chunks);
            aggregates = List.copyOf(aggregates);
            dependentsLeftOut = List.copyOf(dependentsLeftOut);
            columnOrders = List.copyOf(columnOrders);
        }

        @Override
        public String title() {
            return "restore schema (pre-data)";
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.restorePreData(this);
        }
    }

    /**
     * Makes a table a hypertable with all its dimensions.
     *
     * @param table the table
     * @param sql the statements, in order
     */
    record CreateHypertable(QualifiedName table, List<String> sql) implements Step {
        public CreateHypertable {
            Objects.requireNonNull(table, "table");
            sql = List.copyOf(sql);
        }

        @Override
        public String title() {
            return "create hypertable " + table;
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.createHypertable(this);
        }
    }

    /**
     * Creates a hypertable's chunks before any row arrives, with the source's bounds, so that loading waits for no creation.
     *
     * @param table the hypertable
     * @param sql one statement a chunk; each can be repeated without harm
     */
    record CreateChunks(QualifiedName table, List<String> sql) implements Step {
        public CreateChunks {
            Objects.requireNonNull(table, "table");
            sql = List.copyOf(sql);
        }

        @Override
        public String title() {
            return "create chunks of " + table;
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.createChunks(this);
        }
    }

    /**
     * Restores indexes and constraints of hypertables whose chunks are compressed before the other indexes are built: what a columnstore has
     * besides the rows follows from the indexes that there are when it is made.
     *
     * @param tables the hypertables
     */
    record RestoreIndexes(List<QualifiedName> tables) implements Step {
        public RestoreIndexes {
            tables = List.copyOf(tables);
        }

        @Override
        public String title() {
            return "restore schema (indexes of tables in the columnstore)";
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.restoreIndexes(this);
        }
    }

    /**
     * Compresses chunks while they are empty, which makes the relations that compressed tuples go into. A chunk whose relation does not have the
     * source's layout is opened again, and its rows travel instead.
     *
     * @param table the hypertable, or the view of the continuous aggregate whose storage it is
     * @param layout how the source's compressed tuples are to be read
     * @param chunks the chunks
     */
    record CompressEmptyChunks(QualifiedName table, Layout layout, List<EmptyChunk> chunks) implements Step {
        public CompressEmptyChunks {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(layout, "layout");
            chunks = List.copyOf(chunks);
        }

        @Override
        public String title() {
            return "compress empty chunks of " + table;
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.compressEmptyChunks(this);
        }
    }

    /**
     * A chunk that is compressed while it is empty.
     *
     * @param slice the position of the slice whose tuples it receives
     * @param sql what compresses it; can be repeated without harm
     * @param undo what opens it again
     */
    record EmptyChunk(int slice, String sql, String undo) {
        public EmptyChunk {
            Objects.requireNonNull(sql, "sql");
            Objects.requireNonNull(undo, "undo");
        }
    }

    /**
     * A chunk that is compressed as soon as all its rows are there, while others are still being copied.
     *
     * @param position its number among those of the plan, from 1
     * @param table the hypertable, or the view of the continuous aggregate whose storage it is
     * @param sql what compresses it; can be repeated without harm
     * @param slices the positions of the slices that it is made of
     * @param bytes what its rows take before, as row-store on the source's disk
     */
    record Compression(int position, QualifiedName table, String sql, List<Integer> slices, long bytes) {
        public Compression {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(sql, "sql");
            slices = List.copyOf(slices);
        }
    }

    /**
     * Makes a continuous aggregate without rows.
     *
     * @param aggregate the name of its view
     * @param sql the statements, in order
     */
    record CreateAggregate(QualifiedName aggregate, List<String> sql) implements Step {
        public CreateAggregate {
            Objects.requireNonNull(aggregate, "aggregate");
            sql = List.copyOf(sql);
        }

        @Override
        public String title() {
            return "create continuous aggregate " + aggregate;
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.createAggregate(this);
        }
    }

    /** Restores what of the schema before the rows needs continuous aggregates: views of them, functions, privileges, comments. */
    record RestoreDependents() implements Step {
        @Override
        public String title() {
            return "restore schema (what needs continuous aggregates)";
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.restoreDependents(this);
        }
    }

    /**
     * Copies the rows.
     *
     * @param tables what travels, in the order of the queue: largest table first
     * @param digest how rows are digested on both sides
     * @param settings statements that each of the target's transactions begins with
     * @param compressions chunks that are compressed meanwhile
     * @param maxUncompressed how many bytes of these may lie there uncompressed before no other of them is begun, or null for any number
     */
    record CopyData(
            List<TableData> tables,
            DigestMethod digest,
            List<String> settings,
            List<Compression> compressions,
            @Nullable Long maxUncompressed)
            implements Step {
        public CopyData {
            tables = List.copyOf(tables);
            Objects.requireNonNull(digest, "digest");
            settings = List.copyOf(settings);
            compressions = List.copyOf(compressions);
        }

        @Override
        public String title() {
            return "copy data";
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.copyData(this);
        }
    }

    /**
     * Sets sequences to where the source's stand when the step runs.
     *
     * @param sequences their names
     */
    record SetSequences(List<QualifiedName> sequences) implements Step {
        public SetSequences {
            sequences = List.copyOf(sequences);
        }

        @Override
        public String title() {
            return "set sequences";
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.setSequences(this);
        }
    }

    /**
     * Restores indexes, constraints, triggers, rules and materialized views' rows.
     *
     * @param hypertables the hypertables, whose constraints need another spelling than other tables'
     * @param validations statements that follow, which validate checks of inheriting tables; each can be repeated without harm
     */
    record RestorePostData(List<QualifiedName> hypertables, List<String> validations) implements Step {
        public RestorePostData {
            hypertables = List.copyOf(hypertables);
            // A plan's JSON has no empty ones.
            validations = validations == null ? List.of() : List.copyOf(validations);
        }

        @Override
        public String title() {
            return "restore schema (post-data)";
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.restorePostData(this);
        }
    }

    /**
     * Gives a continuous aggregate its indexes, and tells TimescaleDB which of its rows are up to date.
     *
     * @param aggregate the name of its view
     * @param sql the statements, in order
     * @param sqlOfMixed further statements for rows that were not all read at the moment of the plan
     */
    record FinishAggregate(QualifiedName aggregate, List<String> sql, List<String> sqlOfMixed) implements Step {
        public FinishAggregate {
            Objects.requireNonNull(aggregate, "aggregate");
            sql = List.copyOf(sql);
            sqlOfMixed = List.copyOf(sqlOfMixed);
        }

        @Override
        public String title() {
            return "finish continuous aggregate " + aggregate;
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.finishAggregate(this);
        }
    }

    /**
     * Has a continuous aggregate computed by TimescaleDB.
     *
     * @param aggregate the name of its view
     * @param sql the statements, in order, each of them outside of a transaction; all of them can be repeated without harm
     */
    record RefreshAggregate(QualifiedName aggregate, List<String> sql) implements Step {
        public RefreshAggregate {
            Objects.requireNonNull(aggregate, "aggregate");
            sql = List.copyOf(sql);
        }

        @Override
        public String title() {
            return "refresh continuous aggregate " + aggregate;
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.refreshAggregate(this);
        }
    }

    /**
     * Gathers the planner's statistics.
     *
     * @param sql one {@code ANALYZE} a table
     */
    record Analyze(List<String> sql) implements Step {
        public Analyze {
            sql = List.copyOf(sql);
        }

        @Override
        public String title() {
            return "analyze";
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.analyze(this);
        }
    }

    /**
     * Gives a hypertable settings of the columnstore. It happens more than once when chunks were compressed with settings of their own, and
     * the last settings are those of the hypertable.
     *
     * @param table the hypertable
     * @param sql the statements, in order
     */
    record SetColumnstore(QualifiedName table, List<String> sql) implements Step {
        public SetColumnstore {
            Objects.requireNonNull(table, "table");
            sql = List.copyOf(sql);
        }

        @Override
        public String title() {
            return "set columnstore of " + table;
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.setColumnstore(this);
        }
    }

    /**
     * Compresses chunks that are compressed on the source, with the settings that hold at this point.
     *
     * @param table the hypertable
     * @param sql one statement a chunk; each can be repeated without harm
     */
    record CompressChunks(QualifiedName table, List<String> sql) implements Step {
        public CompressChunks {
            Objects.requireNonNull(table, "table");
            sql = List.copyOf(sql);
        }

        @Override
        public String title() {
            return "compress chunks of " + table;
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.compressChunks(this);
        }
    }

    /**
     * Fills materialized views, and restores publications, which would have the server refuse changes of tables without a replica identity, and event
     * triggers, which would fire for everything that is restored after them.
     */
    record FinishSchema() implements Step {
        @Override
        public String title() {
            return "restore schema (materialized views' rows, publications, event triggers)";
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.finishSchema(this);
        }
    }

    /**
     * Gives the database what a dump of it does not hold: its comment and privileges, and what its sessions begin with.
     *
     * @param sql the statements, in order
     */
    record SetDatabase(List<String> sql) implements Step {
        public SetDatabase {
            sql = List.copyOf(sql);
        }

        @Override
        public String title() {
            return "set database settings";
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.setDatabase(this);
        }
    }

    /**
     * Freezes chunks that nobody may change on the source.
     *
     * @param table the hypertable
     * @param sql one statement a chunk; each can be repeated without harm
     */
    record FreezeChunks(QualifiedName table, List<String> sql) implements Step {
        public FreezeChunks {
            Objects.requireNonNull(table, "table");
            sql = List.copyOf(sql);
        }

        @Override
        public String title() {
            return "freeze chunks of " + table;
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.freezeChunks(this);
        }
    }

    /**
     * Creates policies and user-defined actions, none of them scheduled; all of them in one transaction.
     *
     * @param sql the statements, in order
     * @param leftOut jobs that stay behind because what they work on does, for people
     */
    record CreateJobs(List<String> sql, List<String> leftOut) implements Step {
        public CreateJobs {
            sql = List.copyOf(sql);
            leftOut = List.copyOf(leftOut);
        }

        @Override
        public String title() {
            return "create jobs";
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.createJobs(this);
        }
    }

    /**
     * Schedules the jobs that are scheduled on the source, after both sides were found identical.
     *
     * @param sql one statement a job
     */
    record ScheduleJobs(List<String> sql) implements Step {
        public ScheduleJobs {
            sql = List.copyOf(sql);
        }

        @Override
        public String title() {
            return "schedule jobs";
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.scheduleJobs(this);
        }
    }

    /** Proves that the target has exactly the rows that were read, and the source's structure. */
    record Verify() implements Step {
        @Override
        public String title() {
            return "verify";
        }

        @Override
        public <R> R accept(StepVisitor<R> visitor) {
            return visitor.verify(this);
        }
    }

    /**
     * A relation of the source that stays behind.
     *
     * @param relation its name
     * @param oid its OID on the source, by which the dump names it
     * @param reason why, for people
     */
    record LeftOut(QualifiedName relation, long oid, String reason) {
        public LeftOut {
            Objects.requireNonNull(relation, "relation");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * An inheriting table that keeps the order of its columns: it is created with a helper table as its first parent, which has its columns in
     * their order and is dropped in the same transaction.
     *
     * @param table the inheriting table
     * @param helper the helper table
     * @param before the statements that create the helper
     * @param after the statements that detach and drop it
     */
    record ColumnOrder(QualifiedName table, QualifiedName helper, List<String> before, List<String> after) {
        public ColumnOrder {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(helper, "helper");
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }

    /**
     * What of the source's schema is said otherwise on the target.
     *
     * @param keepOwners whether objects keep their owners
     * @param user the role that owns everything when owners are not kept
     * @param roles roles of the source for which others stand in on the target, by name
     * @param missingTablespaces tablespaces that the target lacks: what is in them goes to its default
     * @param missingAccessMethods access methods of tables that the target lacks: such tables become heap tables
     * @param leftOutKinds kinds of objects, in pg_dump's words, that stay behind
     * @param foreignExtensions extensions that the target has already, from another role, whose comments stay as they are
     */
    record SchemaRules(
            boolean keepOwners,
            String user,
            Map<String, String> roles,
            List<String> missingTablespaces,
            List<String> missingAccessMethods,
            List<String> leftOutKinds,
            List<String> foreignExtensions) {
        public SchemaRules {
            Objects.requireNonNull(user, "user");
            roles = Collections.unmodifiableMap(new TreeMap<>(roles));
            missingTablespaces = List.copyOf(missingTablespaces);
            missingAccessMethods = List.copyOf(missingAccessMethods);
            leftOutKinds = List.copyOf(leftOutKinds);
            foreignExtensions = List.copyOf(foreignExtensions);
        }
    }
}
