package io.hyperferry;

import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.plan.Planner;
import io.hyperferry.internal.run.CancellableTask;
import io.hyperferry.internal.run.Coordinator;
import io.hyperferry.internal.run.Events;
import io.hyperferry.internal.run.Importer;
import io.hyperferry.internal.run.JoinedWorker;
import io.hyperferry.internal.run.Pace;
import io.hyperferry.internal.run.Verbs;
import io.hyperferry.internal.run.Watch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Moves a TimescaleDB database to another server: what to move, and how. An immutable value: every option returns a new one. Thread-safe.
 *
 * <pre>{@code
 * MigrationReport report = Migration.from("postgres://app:secret@old:5432/metrics")
 *         .to("postgres://app:secret@new:5432/metrics")
 *         .splitBy(Duration.ofDays(1))
 *         .run();
 * System.out.println(report.toText());
 * }</pre>
 *
 * <p>Running the same migration again goes on where the last run stopped, whatever stopped it. Nothing is ever written to the source,
 * unless {@link #pauseSourceJobs()} asks for it.
 */
public final class Migration {
    /** How long {@link #pauseSourceJobs()} waits for jobs that run. */
    public static final Duration DEFAULT_JOB_PATIENCE = Duration.ofMinutes(30);

    /** How long {@link #work()} waits while no process leads a run. */
    public static final Duration DEFAULT_WORK_PATIENCE = Duration.ofMinutes(10);

    /** The number of workers unless {@link #parallelism} says otherwise. */
    public static final int DEFAULT_PARALLELISM = 4;

    /** How often a slice is tried again, and how often in a row the run begins anew, unless {@link #retries} says otherwise. */
    public static final int DEFAULT_RETRIES = 8;

    /** The first pause before a retry unless {@link #backoff} says otherwise. */
    public static final Duration DEFAULT_BACKOFF = Duration.ofMillis(500);

    /** The longest pause before a retry unless {@link #backoff} says otherwise. */
    public static final Duration DEFAULT_LONGEST_BACKOFF = Duration.ofSeconds(30);

    /** The most passes of a catch-up unless {@link #catchUp(int)} says otherwise. */
    public static final int DEFAULT_PASSES = 10;

    /** Where the rows are, or null when an export has them. */
    private final @Nullable Database source;

    /** The directory of the export that is imported, or null. */
    private final @Nullable Path export;

    private final Database target;
    private final PlanOptions options;
    private final Conduct conduct;

    private Migration(
            @Nullable Database source, @Nullable Path export, Database target, PlanOptions options, Conduct conduct) {
        this.source = source;
        this.export = export;
        this.target = target;
        this.options = options;
        this.conduct = conduct;
    }

    /** Says where the data is. */
    public static From from(Database source) {
        return new From(Objects.requireNonNull(source, "source"), null);
    }

    /**
     * Says where the data is, by URL.
     *
     * @throws IllegalArgumentException when it is no PostgreSQL URL
     * @see Database#of(String)
     */
    public static From from(String sourceUrl) {
        return from(Database.of(sourceUrl));
    }

    /** Says where the data is, by data source. */
    public static From from(DataSource source) {
        return from(Database.of(source));
    }

    /**
     * Says which export is to be imported, see {@link Export}. All that shapes how rows are read was said when it was exported: of a migration from an
     * export, {@link #parallelism}, {@link #rateLimit}, {@link #retries}, {@link #backoff}, {@link #keepOwners}, {@link #maxUncompressed} and
     * {@link #listener} count, the verbs are {@link #plan()}, {@link #run}, {@link #start}, {@link #verify()}, which compares the target with the
     * export, {@link #status} and {@link #cleanUp}, and all others throw {@link IllegalStateException}. It needs neither the source nor pg_dump. Before anything is changed, all files are compared with
     * their checksums.
     */
    public static From fromExport(Path directory) {
        return new From(null, Objects.requireNonNull(directory, "directory"));
    }

    /** A migration that still lacks its target. */
    public static final class From {
        private final @Nullable Database source;
        private final @Nullable Path export;

        private From(@Nullable Database source, @Nullable Path export) {
            this.source = source;
            this.export = export;
        }

        /**
         * Says that the data goes into a directory, from which it is imported elsewhere.
         *
         * @throws IllegalStateException when it comes from an export itself
         */
        public Export exportTo(Path directory) {
            return new Export(requireSource(source), Objects.requireNonNull(directory, "directory"));
        }

        /** Says where the data goes. */
        public Migration to(Database target) {
            return new Migration(
                    source, export, Objects.requireNonNull(target, "target"), PlanOptions.DEFAULT, Conduct.DEFAULT);
        }

        /**
         * Says where the data goes, by URL.
         *
         * @throws IllegalArgumentException when it is no PostgreSQL URL
         */
        public Migration to(String targetUrl) {
            return to(Database.of(targetUrl));
        }

        /** Says where the data goes, by data source. */
        public Migration to(DataSource target) {
            return to(Database.of(target));
        }
    }

    private static Database requireSource(@Nullable Database source) {
        if (source == null) {
            throw new IllegalStateException(
                    "rows that come from an export are read as they were exported, and nothing is asked of the source: say it when exporting"
                            + " (Migration.from(…).exportTo(…)), or move from the source itself (Migration.from(…).to(…))");
        }
        return source;
    }

    private Migration with(PlanOptions value) {
        if (export != null && !value.equals(PlanOptions.DEFAULT.ofTarget(value))) {
            requireSource(source);
        }
        return new Migration(source, export, target, value, conduct);
    }

    private Migration with(Conduct value) {
        return new Migration(source, export, target, options, value);
    }

    /**
     * Cuts the chunks of hypertables into slices of this width; a slice is the unit that is committed, and copied again after a
     * failure. Without it, a slice is a chunk.
     *
     * @throws IllegalArgumentException when it is zero or negative
     */
    public Migration splitBy(Duration width) {
        return with(options.withSplitBy(Objects.requireNonNull(width, "width")));
    }

    /**
     * Says what 1 means in integer time columns, so that {@link #splitBy} can cut them, and {@link #between} choose from them. Without it,
     * their slices are whole chunks.
     */
    public Migration integerTimeUnit(ChronoUnit unit) {
        return with(options.withIntegerTimeUnit(Objects.requireNonNull(unit, "unit")));
    }

    /**
     * Moves only the tables and views that match one of these patterns: {@code schema.name}, with {@code *} and {@code ?} as wildcards;
     * without a dot, a name in any schema.
     */
    public Migration include(String... patterns) {
        return with(options.withInclude(List.of(patterns)));
    }

    /**
     * Leaves behind what matches one of these patterns: tables and views by {@code schema.name}, as in {@link #include}, and other objects by kind
     * and name as the plan shows them, for example {@code function:public.f(integer)}, {@code policy:public.readings mine} or {@code job:1001}. What
     * depends on an excluded object is skipped, too; a table that does has to be excluded by name.
     */
    public Migration exclude(String... patterns) {
        return with(options.withExclude(List.of(patterns)));
    }

    /** Which moment of the source is read; {@link Consistency#SNAPSHOT} unless said otherwise. */
    public Migration consistency(Consistency consistency) {
        return with(options.withConsistency(Objects.requireNonNull(consistency, "consistency")));
    }

    /** What becomes of the rows of continuous aggregates; {@link AggregateMode#KEEP_HISTORY} unless said otherwise. */
    public Migration aggregates(AggregateMode mode) {
        return with(options.withAggregates(Objects.requireNonNull(mode, "mode")));
    }

    /** How chunks of the columnstore travel; {@link CompressedMode#AS_IS} unless said otherwise. */
    public Migration compressed(CompressedMode mode) {
        return with(options.withCompressed(Objects.requireNonNull(mode, "mode")));
    }

    /**
     * Keeps the rows within this size that wait on the target to be compressed: beyond it, no worker begins with another chunk that is to be
     * compressed. What lies there is at most this, and one chunk a worker. It counts as row-store takes it on the source's disk, without
     * indexes.
     *
     * @param bytes the bound
     * @throws IllegalArgumentException when it is not positive
     */
    public Migration maxUncompressed(long bytes) {
        return with(options.withMaxUncompressed(bytes));
    }

    /** What of the rows is compared at the end; {@link Verification#DIGESTS} unless said otherwise. */
    public Migration verification(Verification what) {
        return with(options.withVerification(Objects.requireNonNull(what, "what")));
    }

    /**
     * Moves only the rows of hypertables in this half-open range of time, and those of continuous aggregates whose buckets reach into it. All
     * else travels whole. Time without a zone, and dates, count as UTC; integer time counts from 1970-01-01 UTC, in the unit that
     * {@link #integerTimeUnit} says.
     *
     * @param from the first moment that travels
     * @param to the first moment that does not
     * @throws IllegalArgumentException when it does not end after it begins
     * @throws IllegalStateException when a range is set already
     */
    public Migration between(Instant from, Instant to) {
        Objects.requireNonNull(from, "from");
        return with(options.withBetween(new TimeRange(from, Objects.requireNonNull(to, "to"))));
    }

    /**
     * Moves only the rows from this moment on; otherwise as {@link #between}.
     *
     * @throws IllegalStateException when a range is set already
     */
    public Migration since(Instant from) {
        return with(options.withBetween(new TimeRange(Objects.requireNonNull(from, "from"), null)));
    }

    /**
     * Moves only the rows before this moment; otherwise as {@link #between}.
     *
     * @throws IllegalStateException when a range is set already
     */
    public Migration until(Instant to) {
        return with(options.withBetween(new TimeRange(null, Objects.requireNonNull(to, "to"))));
    }

    /**
     * Keeps the owners: every object belongs to the role that owns it on the source, or to the one that {@link #mapRole} names. Without it,
     * everything belongs to the role that migrates, as with pg_dump's {@code --no-owner}.
     */
    public Migration keepOwners() {
        return with(options.withKeepOwners());
    }

    /**
     * Has another role stand in for a role of the source, in privileges, policies and settings, and as owner where owners are kept. Roles
     * belong to a server, so those that are not mapped must be there under the same name.
     *
     * @throws IllegalArgumentException when the role of the source is mapped already
     */
    public Migration mapRole(String sourceRole, String targetRole) {
        Objects.requireNonNull(sourceRole, "sourceRole");
        Objects.requireNonNull(targetRole, "targetRole");
        @Nullable String before = options.roles().get(sourceRole);
        if (before != null) {
            throw new IllegalArgumentException("role " + sourceRole + " is mapped to " + before + " already");
        }
        return with(options.withRole(sourceRole, targetRole));
    }

    /**
     * Pauses the source's policies and other jobs while the migration runs; without it, they are left alone. Waits for those that run, for
     * {@link #DEFAULT_JOB_PATIENCE}.
     *
     * @see #pauseSourceJobs(Duration)
     */
    public Migration pauseSourceJobs() {
        return pauseSourceJobs(DEFAULT_JOB_PATIENCE);
    }

    /**
     * Pauses the source's policies and other jobs before anything is read, and waits for those that run. At the end of the run, also when it
     * fails or is cancelled, they are in their former state again. After a kill, the next run or {@link #cleanUp} puts them back. A job that
     * somebody else schedules or removes meanwhile is left alone.
     *
     * <p>It takes a role that is a member of the owners of all these jobs, or a superuser. This is no part of the plan: a run that is gone on
     * with can do with or without it.
     *
     * @param patience how long to wait for jobs that run; when that is over, the run ends with
     *     {@link MigrationException.Code#SOURCE_JOBS}
     * @throws IllegalArgumentException when it is negative
     */
    public Migration pauseSourceJobs(Duration patience) {
        if (Objects.requireNonNull(patience, "patience").isNegative()) {
            throw new IllegalArgumentException("the patience with the source's jobs cannot be negative: " + patience);
        }
        requireSource(source);
        return with(conduct.withJobPatience(patience));
    }

    /**
     * How many slices are copied at a time, {@value #DEFAULT_PARALLELISM} unless said otherwise. Each worker has a connection to each side.
     *
     * @throws IllegalArgumentException when it is less than 1
     * @see MigrationRun#parallelism(int)
     */
    public Migration parallelism(int workers) {
        return with(conduct.withParallelism(Pace.checkedParallelism(workers)));
    }

    /**
     * Limits what is copied, all workers together; without it, there is no limit. What counts is the rows as COPY sends them, not what
     * pg_dump and the proof read. A worker waits inside its slice, so under a very low limit its transactions are long. This is no part of
     * the plan: a run that is gone on with can have another limit, or none.
     *
     * @param bytesPerSecond in bytes a second
     * @throws IllegalArgumentException when it is less than 1
     * @see MigrationRun#rateLimit(long)
     */
    public Migration rateLimit(long bytesPerSecond) {
        return with(conduct.withRateLimit(Pace.checkedRateLimit(bytesPerSecond)));
    }

    /**
     * How often a slice is tried again after a failure that may pass, and how often in a row a worker tries to get on,
     * {@value #DEFAULT_RETRIES} times unless said otherwise; 0 for never. Such failures are a lost connection, a server that restarts, a full
     * disk and other resources that are short, a deadlock, a serialization failure, and limits of time. With the pauses of
     * {@link #backoff} the default outlasts a server that is away for a minute and a half. What is tried again is in the report.
     *
     * <p>When the connection that leads the run is lost, or a step other than copying fails in such a way, the run connects anew after the same
     * pauses and goes on from its ledger ({@link MigrationEvent.Restarting}), as often in a row: a step or a slice that is done for the
     * first time lets it count from the start. The same goes for a plan that could not be made yet. Sides that cannot be reached in the very
     * beginning are not tried again, nor is what pg_dump fails with while the source's sessions live on. Copying that has tried again as often
     * as it may ends the run. After that, the same migration goes on from there. This is no part of the plan.
     *
     * <p>{@link #verify()}, {@link #repair} and {@link #catchUp()} retry in the same way: a query that fails is asked again over a new connection, and the
     * verb is restarted when the session that leads is lost.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public Migration retries(int most) {
        return with(conduct.withRetries(conduct.retries().withMost(most)));
    }

    /**
     * The pauses before retries, {@link #DEFAULT_BACKOFF} to {@link #DEFAULT_LONGEST_BACKOFF} unless said otherwise: each is twice as long as
     * the one before it, up to the longest, and by chance up to a quarter longer or shorter.
     *
     * @throws IllegalArgumentException when the first is not longer than zero, or the longest is shorter than the first
     */
    public Migration backoff(Duration first, Duration longest) {
        return with(conduct.withRetries(conduct.retries().withPauses(first, longest)));
    }

    /** Where pg_dump and pg_restore are; on the search path unless said otherwise. */
    public Migration pgTools(PgTools value) {
        return with(conduct.withTools(Objects.requireNonNull(value, "pgTools")));
    }

    /** Sets after which time a statement that waits for a lock is reported (default: {@link Pace#LOCK_PATIENCE}); for tests. */
    Migration lockPatience(Duration value) {
        return with(conduct.withLockPatience(value));
    }

    /** Who hears what happens, in place of the one set before. */
    public Migration listener(MigrationListener value) {
        return with(conduct.withListener(Objects.requireNonNull(value, "listener")));
    }

    /**
     * Reads both catalogs and says what {@link #run} would do; when a run was started already, what it does. Changes nothing.
     * Interrupting the thread cancels.
     *
     * @throws MigrationCancelledException when the thread was interrupted; its interrupt flag is set again
     * @throws PreflightException when a side cannot be connected to
     * @throws PlanChangedException when the target has a run that was started with other options or from another source
     */
    public MigrationPlan plan() {
        Cancellation cancellation = new Cancellation();
        Verbs verbs = verbs(cancellation);
        return CancellableTask.start("hyperferry-plan", cancellation, verbs::plan)
                .await();
    }

    /**
     * Says what would be done between databases with these catalogs. A pure function: it connects to nothing, so a unit test can call it.
     */
    public MigrationPlan plan(DatabaseCatalog sourceCatalog, DatabaseCatalog targetCatalog) {
        return Planner.plan(
                Objects.requireNonNull(sourceCatalog, "sourceCatalog"),
                Objects.requireNonNull(targetCatalog, "targetCatalog"),
                options);
    }

    /**
     * Plans, freezes the plan in the target's ledger, executes it and verifies the result; or goes on with a run that was interrupted.
     * Interrupting the thread cancels.
     *
     * @return the report of a run in which everything was done and both sides are identical
     * @throws PreflightException when something keeps it from running; nothing was changed
     * @throws PlanChangedException when the target has a run that was started differently; nothing was changed
     * @throws VerificationException when both sides are not identical in the end
     * @throws MigrationException when a step fails; what was done is kept for the next run
     */
    public MigrationReport run() {
        return start().await();
    }

    /** Starts what {@link #run} does on a thread of its own. */
    public MigrationRun start() {
        Cancellation cancellation = new Cancellation();
        Pace pace = conduct.pace();
        Watch watch = new Watch();
        Events events = new Events(conduct.listener(), watch);
        return MigrationRun.start(
                cancellation, pace, events, watch, reported(watch).of(verbs(cancellation, pace, events)::run));
    }

    /** Joins a run as {@link #work(Duration)} does, with {@link #DEFAULT_WORK_PATIENCE}. */
    public WorkSummary work() {
        return work(DEFAULT_WORK_PATIENCE);
    }

    /**
     * Joins a run that another process leads with {@link #run} or {@link #start}, on this machine or any other, and copies slices and
     * compresses chunks as the leader's own workers do, until none is left. It waits until the run has come to its rows, and returns at once
     * when all of them are there already. The leader waits for the slices of those that have joined; when one of them dies, its slices
     * under way are open again at once, and nothing else is lost. Interrupting the thread cancels.
     *
     * <p>Of this migration's options, only {@link #parallelism}, {@link #rateLimit} and {@link #listener} count, for this process alone; the
     * plan is the one in the target's ledger. It takes the connections of {@link MigrationPlan#connectionsRequired}, and needs no pg_dump.
     *
     * <p>Slices that are copied here are read under the leader's snapshot, so the guarantee of {@link Consistency} is the same for all. When the
     * leader dies or stops, a slice under way is finished, still under that snapshot; then nothing is claimed any more, and it waits for a
     * process that leads the run on, whose snapshot it takes over.
     *
     * @param patience how long to wait while no process leads a run; while one does, there is no limit
     * @return what this process copied
     * @throws IllegalArgumentException when the patience is negative
     * @throws PreflightException when a side cannot be connected to
     * @throws PlanChangedException when the run has another source
     * @throws MigrationException with {@link MigrationException.Code#NO_RUN} when the patience is over, with
     *     {@link MigrationException.Code#STEP_FAILED} when a slice fails; what was committed is kept
     */
    public WorkSummary work(Duration patience) {
        if (Objects.requireNonNull(patience, "patience").isNegative()) {
            throw new IllegalArgumentException(
                    "the patience with which to wait for a run cannot be negative: " + patience);
        }
        Cancellation cancellation = new Cancellation();
        JoinedWorker worker = new JoinedWorker(
                requireSource(source).endpoint(),
                target.endpoint(),
                patience,
                conduct.pace(),
                new Events(conduct.listener(), new Watch()),
                cancellation);
        return CancellableTask.start("hyperferry-work", cancellation, worker::work)
                .await();
    }

    /**
     * Compares both sides as they are now: all rows, by digest, and the structure. Reads only; needs no run before it.
     * Interrupting the thread cancels.
     *
     * @return what differs, if anything does
     * @throws MigrationCancelledException when the thread was interrupted; its interrupt flag is set again
     * @throws PreflightException when a side cannot be connected to, or a filter matches nothing
     */
    public MigrationReport verify() {
        return verified(null);
    }

    /**
     * Compares a sample of the rows of both sides as they are now, and all of the structure, for databases so large that comparing everything
     * takes too long. That the target has no row where the source has none is still asked everywhere. Interrupting the thread cancels.
     *
     * @return what differs, if anything does; the report says that it is of a sample
     * @throws PreflightException when a side cannot be connected to, or a filter matches nothing
     */
    public MigrationReport verify(Sample sample) {
        return verified(Objects.requireNonNull(sample, "sample"));
    }

    private MigrationReport verified(@Nullable Sample sample) {
        Cancellation cancellation = new Cancellation();
        Watch watch = new Watch();
        Verbs verbs = verbs(cancellation, conduct.pace(), new Events(conduct.listener(), watch));
        return CancellableTask.start(
                        "hyperferry-verify", cancellation, reported(watch).of(() -> verbs.verify(sample)))
                .await();
    }

    /**
     * Compares both sides as they are now, like {@link #verify()}, and copies anew only what differs: the slices with other rows, and rows
     * where the source has none are removed. Of each, rows are removed and copied in one transaction of the target, so none is lost when
     * copying fails; compressed chunks are compressed again. In the end what was repaired is compared again.
     *
     * <p>Structure is compared, not repaired. It needs no run before it, and is refused while one is under way. Triggers, foreign keys and rules of
     * the target do not follow what is moved, for which its role has to be a superuser or to have the right to set
     * {@code session_replication_role}; tables without any need no such right.
     *
     * @return what was moved, and whether both sides are identical now
     * @throws MigrationCancelledException when the thread was interrupted; its interrupt flag is set again
     * @throws PreflightException when a side cannot be connected to, a filter matches nothing, or triggers would fire
     * @throws MigrationException with {@link MigrationException.Code#ALREADY_RUNNING} while a run is under way, with
     *     {@link MigrationException.Code#STEP_FAILED} when copying fails
     */
    public RepairReport repair() {
        return interruptibly("hyperferry-repair", Coordinator::repair);
    }

    /** Catches up as {@link #catchUp(int)} does, in at most {@value #DEFAULT_PASSES} passes. */
    public CatchUpReport catchUp() {
        return catchUp(DEFAULT_PASSES);
    }

    /**
     * Has the target follow what changed on the source after a run copied it, so that an application needs to stop for no longer than the last
     * changes take: catch up while it writes, stop it, catch up once more, and start it on the target.
     *
     * <p>A pass begins with the structure of both sides. What the target lacks, such as new tables, partitions, hypertables and continuous
     * aggregates, is created from a new dump ({@link #pgTools}); where rows would not fit, because a column, a constraint or a type changed, the
     * catch-up is refused before any row is touched, with the statements that mend it. Then the pass digests all slices on the source, and
     * compares them with the ledger. Slices with other rows, new chunks, chunks that were dropped, plain tables in which anything changed (as a
     * whole) and sequences are moved, and nothing else. Of each slice, rows are removed, copied and noted in the ledger in one transaction of the
     * target, so whatever ends a catch-up, the next one resumes. Compressed chunks are compressed again. Passes follow each other until one finds
     * nothing changed; then rows, structure and queries of the target are compared as {@link #verify()} does.
     *
     * <p>It needs a run that has come to its end in this target, and is refused while one is under way. What is migrated is what that run's plan says:
     * of this migration's options, only {@link #parallelism}, {@link #rateLimit}, {@link #retries}, {@link #backoff} and {@link #pgTools} count.
     * Triggers and foreign keys of the target do not follow what is moved, as with {@link #repair}; while passes find changes, tables that
     * refer to each other may be of different moments, and after a pass that found none they are not.
     *
     * @param passes as many passes, and no more
     * @return what was moved, and how source and target compare
     * @throws IllegalArgumentException when it is less than 1
     * @throws MigrationCancelledException when the thread was interrupted; its interrupt flag is set again
     * @throws PreflightException when a side cannot be connected to, triggers would fire, or rows do not fit into the target's tables
     * @throws PlanChangedException when the run has another source
     * @throws MigrationException with {@link MigrationException.Code#NO_LEDGER} when there was no run, with
     *     {@link MigrationException.Code#NOT_FINISHED} when it has not come to its end, with
     *     {@link MigrationException.Code#ALREADY_RUNNING} while one is under way, with {@link MigrationException.Code#STEP_FAILED} when copying
     *     fails
     */
    public CatchUpReport catchUp(int passes) {
        if (passes < 1) {
            throw new IllegalArgumentException("passes must be at least 1, not " + passes);
        }
        return interruptibly("hyperferry-catch-up", it -> it.catchUp(passes));
    }

    /**
     * How far the run in the target is, by its ledger. Does not connect to the source.
     *
     * @throws MigrationException with {@link MigrationException.Code#NO_LEDGER} when there is none
     */
    public MigrationStatus status() {
        return verbs(new Cancellation()).status();
    }

    /**
     * Removes the ledger from the target, with its schema {@code hyperferry}. A run that was interrupted cannot go on afterwards. Connects to
     * the source only when a run was killed that had paused its jobs: these are scheduled again first.
     *
     * @throws MigrationException with {@link MigrationException.Code#NO_LEDGER} when there is none, with
     *     {@link MigrationException.Code#ALREADY_RUNNING} while a run is under way or a process that joined it still copies, with
     *     {@link MigrationException.Code#SOURCE_JOBS} when paused jobs cannot be scheduled again; the ledger is then kept
     */
    public void cleanUp() {
        verbs(new Cancellation()).cleanUp();
    }

    private <T> T interruptibly(String threadName, Function<Coordinator, T> verb) {
        Cancellation cancellation = new Cancellation();
        Watch watch = new Watch();
        Coordinator coordinator = coordinator(cancellation, conduct.pace(), new Events(conduct.listener(), watch));
        return CancellableTask.start(threadName, cancellation, reported(watch).of(() -> verb.apply(coordinator)))
                .await();
    }

    private Reported reported(Watch watch) {
        return new Reported(
                watch, String.valueOf(source == null ? export : source), target.toString(), options.verification());
    }

    private Verbs verbs(Cancellation cancellation) {
        return verbs(cancellation, conduct.pace(), new Events(conduct.listener(), new Watch()));
    }

    private Verbs verbs(Cancellation cancellation, Pace pace, Events events) {
        return export == null
                ? coordinator(cancellation, pace, events)
                : new Importer(export, target.endpoint(), options, pace, events, cancellation);
    }

    private Coordinator coordinator(Cancellation cancellation, Pace pace, Events events) {
        return new Coordinator(
                requireSource(source).endpoint(),
                target.endpoint(),
                options,
                conduct.jobPatience(),
                pace,
                conduct.tools(),
                events,
                cancellation);
    }

    /** What moves where, without user and password. */
    @Override
    public String toString() {
        return "migration from " + (source == null ? export : source) + " to " + target + ", " + options
                + ", parallelism "
                + conduct.parallelism()
                + (conduct.rateLimit() == Pace.NO_RATE_LIMIT
                        ? ""
                        : ", at most " + conduct.rateLimit() + " bytes a second");
    }
}
