package io.hyperferry;

import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.plan.PlanJson;
import io.hyperferry.internal.report.ReportHtml;
import io.hyperferry.internal.report.ReportTitle;
import io.hyperferry.internal.run.ReportText;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a run or a verification did, how it ended, and whether source and target are identical.
 *
 * @param source the source
 * @param target the target
 * @param startedAt when this run started
 * @param elapsed how long this run took
 * @param attempts how many runs it took in all, this one included; 0 for a verification alone
 * @param steps the steps
 * @param tables the tables, in the order of the plan
 * @param differences differences of structure between both catalogs
 * @param warnings what the preflight warned of
 * @param leftOut what stays behind, and why
 * @param verification what of the rows was compared
 * @param sample the part of the slices that was compared, or null when all were
 * @param snapshots under how many snapshots of the source rows were read, in all runs: one each, and another for each that was lost; 0 with
 *     {@link Consistency#EACH_SLICE} and for a verification alone
 * @param retries what was tried again, in all runs: slices, and runs that began anew; a run that was killed could not say
 * @param history when the run did what; null for a verification alone
 * @param outcome how it ended
 * @param failure why it ended before source and target were compared, or null when they were compared
 */
public record MigrationReport(
        MigrationPlan.Side source,
        MigrationPlan.Side target,
        Instant startedAt,
        Duration elapsed,
        int attempts,
        List<StepResult> steps,
        List<TableResult> tables,
        List<Difference> differences,
        List<Problem> warnings,
        List<String> leftOut,
        Verification verification,
        @Nullable Sample sample,
        int snapshots,
        List<Retry> retries,
        @Nullable RunHistory history,
        Outcome outcome,
        @Nullable Failure failure) {
    /** How a run ended. */
    public enum Outcome {
        /** Source and target were compared, and are identical. */
        IDENTICAL,
        /** Source and target were compared and differ, or there was nothing to compare. */
        DIFFERENT,
        /** Something kept it from starting; nothing was changed. */
        REFUSED,
        /** A step failed. */
        FAILED,
        /** It was cancelled. */
        CANCELLED,
        /** It has not ended, or its process was killed. */
        RUNNING
    }

    /**
     * Why a run ended before source and target were compared.
     *
     * @param step the number of the step in the plan, from 1; 0 when it was between two steps or before the first
     * @param title the step's title, or null when it was between two steps or before the first
     * @param code a stable name of the failure, for example {@code STEP_FAILED}
     * @param message what happened, without passwords and values of rows
     */
    public record Failure(int step, @Nullable String title, String code, String message) {
        public Failure {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(message, "message");
        }
    }

    /**
     * What was tried again after a failure that may pass.
     *
     * @param what a slice, by its position in the plan, and its table; or the run, and the step that it had come to
     * @param reason the SQLState of the failures, or what there is in its place
     * @param times how often
     */
    public record Retry(String what, String reason, long times) {}

    /**
     * What came of a step.
     *
     * @param title what it does
     * @param elapsed how long it took in this run
     * @param earlier whether an earlier run had done it
     */
    public record StepResult(String title, Duration elapsed, boolean earlier) {}

    /**
     * What came of a table.
     *
     * @param table its name
     * @param rows rows on the source, in the slices that were compared
     * @param bytes bytes of COPY data; 0 in a verification alone
     * @param slices slices of the plan
     * @param compared slices that were compared; fewer than those of the plan in a sample
     * @param slicesNow slices that this run copied
     * @param readings how the slices were read, and how many each way; empty in a verification alone
     * @param asTuples slices that travelled as compressed tuples; 0 in a verification alone
     * @param refusals why compressed chunks travelled as rows, for people
     * @param mismatches ranges whose digests differ, and rows that queries on the target do not find, human-readable; empty when both sides are
     *     identical
     * @param probes how many conditions the target's queries were asked for, to find whether they find all rows of the chunks; 0 for a plain table
     */
    public record TableResult(
            QualifiedName table,
            long rows,
            long bytes,
            int slices,
            int compared,
            int slicesNow,
            Map<String, Long> readings,
            long asTuples,
            List<String> refusals,
            List<String> mismatches,
            int probes) {
        public TableResult {
            Objects.requireNonNull(table, "table");
            readings = Collections.unmodifiableMap(new TreeMap<>(readings));
            refusals = List.copyOf(refusals);
            mismatches = List.copyOf(mismatches);
        }

        /** What came of a table that was not probed. */
        public TableResult(
                QualifiedName table,
                long rows,
                long bytes,
                int slices,
                int compared,
                int slicesNow,
                Map<String, Long> readings,
                long asTuples,
                List<String> refusals,
                List<String> mismatches) {
            this(table, rows, bytes, slices, compared, slicesNow, readings, asTuples, refusals, mismatches, 0);
        }

        /** Whether the target has exactly the rows that were read, and its queries find them; not of a table that was not compared. */
        public boolean identical() {
            return mismatches.isEmpty() && isCompared();
        }

        /** Whether any of its slices was compared, if it has any. */
        public boolean isCompared() {
            return compared > 0 || slices == 0;
        }
    }

    public MigrationReport {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(elapsed, "elapsed");
        Objects.requireNonNull(verification, "verification");
        steps = List.copyOf(steps);
        tables = List.copyOf(tables);
        differences = List.copyOf(differences);
        warnings = List.copyOf(warnings);
        leftOut = List.copyOf(leftOut);
        retries = List.copyOf(retries);
        Objects.requireNonNull(outcome, "outcome");
    }

    /** The report of a run that compared source and target. */
    public MigrationReport(
            MigrationPlan.Side source,
            MigrationPlan.Side target,
            Instant startedAt,
            Duration elapsed,
            int attempts,
            List<StepResult> steps,
            List<TableResult> tables,
            List<Difference> differences,
            List<Problem> warnings,
            List<String> leftOut,
            Verification verification,
            @Nullable Sample sample,
            int snapshots,
            List<Retry> retries,
            @Nullable RunHistory history) {
        this(
                source,
                target,
                startedAt,
                elapsed,
                attempts,
                steps,
                tables,
                differences,
                warnings,
                leftOut,
                verification,
                sample,
                snapshots,
                retries,
                history,
                compared(tables, differences),
                null);
    }

    /** The report of a run that did not compare source and target. */
    static MigrationReport unfinished(
            MigrationPlan.Side source,
            MigrationPlan.Side target,
            Instant startedAt,
            Duration elapsed,
            Outcome outcome,
            @Nullable Failure failure) {
        return new MigrationReport(
                source,
                target,
                startedAt,
                elapsed,
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Verification.DIGESTS,
                null,
                0,
                List.of(),
                null,
                outcome,
                failure);
    }

    /**
     * The report of a run that has started and not ended. A program writes it to a file before the run, so that no earlier report is taken for that
     * of a process that was killed.
     *
     * @param source the source, for example its URL without password
     * @param target the target, likewise
     */
    public static MigrationReport running(String source, String target, Instant startedAt) {
        return unfinished(
                MigrationPlan.Side.unread(source),
                MigrationPlan.Side.unread(target),
                startedAt,
                Duration.ZERO,
                Outcome.RUNNING,
                null);
    }

    /**
     * The report of a run that ended with something else than a {@link MigrationException}, see {@link MigrationException#report()}. Of the failure,
     * only its type is in the report.
     *
     * @param source the source, for example its URL without password
     * @param target the target, likewise
     */
    public static MigrationReport failed(String source, String target, Instant startedAt, Throwable failure) {
        return unfinished(
                MigrationPlan.Side.unread(source),
                MigrationPlan.Side.unread(target),
                startedAt,
                Duration.between(startedAt, Instant.now()),
                failure instanceof MigrationCancelledException ? Outcome.CANCELLED : Outcome.FAILED,
                new Failure(0, null, "UNEXPECTED", failure.getClass().getName()));
    }

    private static Outcome compared(List<TableResult> tables, List<Difference> differences) {
        return !tables.isEmpty() && differences.isEmpty() && tables.stream().allMatch(TableResult::identical)
                ? Outcome.IDENTICAL
                : Outcome.DIFFERENT;
    }

    /**
     * Whether every table has the same rows on both sides, and nothing differs in structure but what was left out; of a sample, whether that was
     * found of the slices that were compared. A report without tables is never identical.
     */
    public boolean identical() {
        return outcome == Outcome.IDENTICAL;
    }

    /** How it ended, in a few words: {@code Verified identical}, {@code Refused: 2 problems}, {@code Failed in step 5, copy data: …}. */
    public String title() {
        return ReportTitle.of(this);
    }

    /** What differs, in one line; empty when nothing does. */
    public String summaryOfDifferences() {
        return tables.isEmpty() && differences.isEmpty() && !identical()
                ? "no table was compared"
                : Stream.concat(
                                tables.stream()
                                        .filter(it -> !it.mismatches().isEmpty())
                                        .map(it -> it.table() + " ("
                                                + it.mismatches().get(0)
                                                + (it.mismatches().size() > 1
                                                        ? " and "
                                                                + (it.mismatches()
                                                                                .size()
                                                                        - 1) + " more"
                                                        : "")
                                                + ")"),
                                differences.stream().map(Difference::toString))
                        .collect(Collectors.joining("; "));
    }

    /** The report as a page that one reads. */
    public String toText() {
        return ReportText.of(this);
    }

    /**
     * The report as one HTML file that needs nothing else: no script, no network. It is made for wide and narrow screens, light and dark
     * ones.
     */
    public String toHtml() {
        return ReportHtml.of(this);
    }

    /**
     * The report as JSON, with {@code version}, {@code identical}, {@code title} and {@code outcome} at its head. Its version grows when something that was there is
     * called otherwise, means something else or is gone; what is added does not count.
     */
    public String toJson() {
        return PlanJson.write(this);
    }
}
