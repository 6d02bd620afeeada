package io.hyperferry;

import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.plan.ExportPlanner;
import io.hyperferry.internal.run.CancellableTask;
import io.hyperferry.internal.run.Events;
import io.hyperferry.internal.run.Exporter;
import io.hyperferry.internal.run.Pace;
import io.hyperferry.internal.run.Watch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a database into a directory, for a server that the source cannot be reached from: {@link Migration#fromExport} moves it on from there.
 * Made by {@link Migration.From#exportTo}. Options mean what those of {@link Migration} mean.
 *
 * <pre>{@code
 * ExportReport written = Migration.from("postgres://app@old/metrics").exportTo(Path.of("/media/disk/metrics")).run();
 * MigrationReport report = Migration.fromExport(Path.of("/media/disk/metrics")).to("postgres://app@new/metrics").run();
 * }</pre>
 *
 * <p>The directory holds the schema as pg_dump writes it, the catalog as JSON, the rows of each slice as COPY sends them, compressed with zstd, and the
 * digests and checksums of all of it. It holds no password. It holds all rows: guard it like the database. Compressed chunks are written as
 * compressed tuples, which takes a target of the same version of TimescaleDB or a newer one; {@link #compressed} with
 * {@link CompressedMode#ROWS} writes rows that any can take.
 *
 * <p>An export that was interrupted goes on when it is run again; until it has come to its end, nothing imports it. Nothing is written to the source.
 * Immutable and thread-safe: every option returns a new value.
 */
public final class Export {
    private final Database source;
    private final Path directory;
    private final PlanOptions options;
    private final Conduct conduct;

    private Export(Database source, Path directory, PlanOptions options, Conduct conduct) {
        this.source = source;
        this.directory = directory;
        this.options = options;
        this.conduct = conduct;
    }

    Export(Database source, Path directory) {
        this(source, directory, PlanOptions.DEFAULT, Conduct.DEFAULT);
    }

    private Export with(PlanOptions value) {
        return new Export(source, directory, value, conduct);
    }

    private Export with(Conduct value) {
        return new Export(source, directory, options, value);
    }

    /**
     * Cuts the chunks of hypertables into slices of this width.
     *
     * @throws IllegalArgumentException when it is zero or negative
     * @see Migration#splitBy
     */
    public Export splitBy(Duration width) {
        return with(options.withSplitBy(Objects.requireNonNull(width, "width")));
    }

    /** Says what 1 means in integer time columns, see {@link Migration#integerTimeUnit}. */
    public Export integerTimeUnit(ChronoUnit unit) {
        return with(options.withIntegerTimeUnit(Objects.requireNonNull(unit, "unit")));
    }

    /** Exports only the tables and views that match one of these patterns, see {@link Migration#include}. */
    public Export include(String... patterns) {
        return with(options.withInclude(List.of(patterns)));
    }

    /** Leaves out the tables, views and other objects that match one of these patterns, see {@link Migration#exclude}. */
    public Export exclude(String... patterns) {
        return with(options.withExclude(List.of(patterns)));
    }

    /** Which moment of the source is read, {@link Consistency#SNAPSHOT} unless said otherwise; what is exported after an interruption is of a later one. */
    public Export consistency(Consistency consistency) {
        return with(options.withConsistency(Objects.requireNonNull(consistency, "consistency")));
    }

    /** What becomes of the rows of continuous aggregates, see {@link Migration#aggregates}. */
    public Export aggregates(AggregateMode mode) {
        return with(options.withAggregates(Objects.requireNonNull(mode, "mode")));
    }

    /** How chunks of the columnstore are written, {@link CompressedMode#AS_IS} unless said otherwise. */
    public Export compressed(CompressedMode mode) {
        return with(options.withCompressed(Objects.requireNonNull(mode, "mode")));
    }

    /** What of the rows is compared when it is imported, {@link Verification#DIGESTS} unless said otherwise. */
    public Export verification(Verification what) {
        return with(options.withVerification(Objects.requireNonNull(what, "what")));
    }

    /**
     * Exports only the rows of hypertables in this half-open range of time, see {@link Migration#between}.
     *
     * @throws IllegalArgumentException when it does not end after it begins
     * @throws IllegalStateException when a range is set already
     */
    public Export between(Instant from, Instant to) {
        Objects.requireNonNull(from, "from");
        return with(options.withBetween(new TimeRange(from, Objects.requireNonNull(to, "to"))));
    }

    /**
     * Exports only the rows from this moment on.
     *
     * @throws IllegalStateException when a range is set already
     */
    public Export since(Instant from) {
        return with(options.withBetween(new TimeRange(Objects.requireNonNull(from, "from"), null)));
    }

    /**
     * Exports only the rows before this moment.
     *
     * @throws IllegalStateException when a range is set already
     */
    public Export until(Instant to) {
        return with(options.withBetween(new TimeRange(null, Objects.requireNonNull(to, "to"))));
    }

    /**
     * Has another role stand in for a role of the source where it is imported, see {@link Migration#mapRole}.
     *
     * @throws IllegalArgumentException when the role of the source is mapped already
     */
    public Export mapRole(String sourceRole, String targetRole) {
        Objects.requireNonNull(sourceRole, "sourceRole");
        Objects.requireNonNull(targetRole, "targetRole");
        @Nullable String before = options.roles().get(sourceRole);
        if (before != null) {
            throw new IllegalArgumentException("role " + sourceRole + " is mapped to " + before + " already");
        }
        return with(options.withRole(sourceRole, targetRole));
    }

    /**
     * How many slices are written at a time, {@value Migration#DEFAULT_PARALLELISM} unless said otherwise.
     *
     * @throws IllegalArgumentException when it is less than 1
     */
    public Export parallelism(int workers) {
        return with(conduct.withParallelism(Pace.checkedParallelism(workers)));
    }

    /**
     * Limits what is read, all workers together; without it, there is no limit.
     *
     * @param bytesPerSecond in bytes a second, as COPY sends them
     * @throws IllegalArgumentException when it is less than 1
     */
    public Export rateLimit(long bytesPerSecond) {
        return with(conduct.withRateLimit(Pace.checkedRateLimit(bytesPerSecond)));
    }

    /**
     * How often a slice is tried again after a failure that may pass, see {@link Migration#retries}.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public Export retries(int most) {
        return with(conduct.withRetries(conduct.retries().withMost(most)));
    }

    /**
     * The pauses before retries, see {@link Migration#backoff}.
     *
     * @throws IllegalArgumentException when the first is not longer than zero, or the longest is shorter than the first
     */
    public Export backoff(Duration first, Duration longest) {
        return with(conduct.withRetries(conduct.retries().withPauses(first, longest)));
    }

    /** Where pg_dump and pg_restore are; on the search path unless said otherwise. */
    public Export pgTools(PgTools value) {
        return with(conduct.withTools(Objects.requireNonNull(value, "pgTools")));
    }

    /** Who hears what happens, in place of the one set before. */
    public Export listener(MigrationListener value) {
        return with(conduct.withListener(Objects.requireNonNull(value, "listener")));
    }

    /**
     * What would be exported: slices and problems. The steps are those of an import into a target that can do what any can; what a real one
     * cannot is found when it is imported. Changes nothing.
     *
     * @throws PreflightException when the source cannot be connected to
     */
    public MigrationPlan plan() {
        Cancellation cancellation = new Cancellation();
        return CancellableTask.start("hyperferry-plan", cancellation, exporter(cancellation, new Watch())::plan)
                .await();
    }

    /**
     * Exports, or goes on with an export that was interrupted; one that has come to its end is left as it is. Interrupting the thread cancels.
     *
     * @return what the export consists of
     * @throws PreflightException when something keeps it from running; nothing was written but an empty directory
     * @throws PlanChangedException when the directory has an export that was started with other options or from another source
     * @throws MigrationException when copying fails; what is whole is kept for the next run
     */
    public ExportReport run() {
        return start().await();
    }

    /** Starts what {@link #run} does on a thread of its own. */
    public ExportRun start() {
        Cancellation cancellation = new Cancellation();
        Watch watch = new Watch();
        Reported reported = new Reported(watch, source.toString(), "export in " + directory, options.verification());
        return new ExportRun(CancellableTask.start(
                "hyperferry-export", cancellation, reported.of(exporter(cancellation, watch)::run)));
    }

    private Exporter exporter(Cancellation cancellation, Watch watch) {
        return new Exporter(
                source.endpoint(),
                directory,
                ExportPlanner.named(options, ""),
                conduct.pace(),
                conduct.tools(),
                new Events(conduct.listener(), watch),
                cancellation);
    }

    /** What is exported where to, without user and password. */
    @Override
    public String toString() {
        return "export of " + source + " to " + directory + ", " + options + ", parallelism " + conduct.parallelism();
    }
}
