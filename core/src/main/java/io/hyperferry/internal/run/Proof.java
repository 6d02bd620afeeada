package io.hyperferry.internal.run;

import static java.util.stream.Collectors.toSet;

import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationReport.TableResult;
import io.hyperferry.PlanOptions;
import io.hyperferry.PreflightException;
import io.hyperferry.Problem;
import io.hyperferry.RepairReport;
import io.hyperferry.RepairReport.Repair;
import io.hyperferry.Sample;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.internal.export.ExportReader;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.ParallelQueries;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.ledger.PausedJobs;
import io.hyperferry.internal.plan.Planner;
import io.hyperferry.internal.plan.RowsOutsideChunks;
import io.hyperferry.internal.plan.Scope;
import io.hyperferry.internal.plan.TableChanges;
import io.hyperferry.internal.schema.SchemaEntry;
import io.hyperferry.internal.slice.SliceLocator;
import io.hyperferry.internal.verify.Comparison;
import io.hyperferry.internal.verify.DigestRange;
import io.hyperferry.internal.verify.Verifier;
import io.hyperferry.internal.verify.Verifier.Finding;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares both sides as they are now, by the slices that a run would copy, and copies anew what differs. Needs no ledger. */
final class Proof {
    /** Problems of the options that select rows: with these, nothing or something else would be compared. */
    private static final Set<Problem.Code> SELECTING = EnumSet.of(
            Problem.Code.FILTER_MATCHES_NOTHING,
            Problem.Code.INCLUDE_INCOMPLETE,
            Problem.Code.NOTHING_TO_COPY,
            Problem.Code.TOO_MANY_SLICES);

    private static final String THREADS = "hyperferry-verify";

    private final VerbContext context;
    private final PlanOptions options;
    private final Instant startedAt = Instant.now();

    /** What was repaired so far, before a restart, too. */
    private final List<Repair> repairs = Collections.synchronizedList(new ArrayList<>());

    Proof(VerbContext context, PlanOptions options) {
        this.context = context;
        this.options = options;
    }

    /**
     * The structure of source and target, and what a run would copy. All that is read over the leading sessions is read before the rows, which take so
     * long that these sessions may be lost meanwhile.
     *
     * @param skipped schema entries that a run skipped
     */
    private record Sides(
            DatabaseCatalog source, DatabaseCatalog target, MigrationPlan plan, List<SchemaEntry> skipped) {
        Step.CopyData step() {
            return plan.copyData().orElseThrow();
        }
    }

    /** What was compared of the rows, by the slices' positions, and what differs. */
    private record Rows(Map<Integer, Digest> source, Verifier.Result target, Set<QualifiedName> outside) {
        List<Finding> findings() {
            return target.findings();
        }
    }

    MigrationReport verify(Connection from, Connection to, @Nullable Sample sample) throws SQLException {
        Sides sides = sides(from, to);
        return report(
                sides, compare(sides, new Verifier(sides.step(), sample), SliceLocator.of(from)), startedAt, sample);
    }

    RepairReport repair(Connection from, Connection to) throws SQLException {
        Sides sides = sides(from, to);
        SliceLocator locator = SliceLocator.of(from);
        Rows before = compare(sides, new Verifier(sides.step()), locator);
        Map<QualifiedName, List<DigestRange>> differing = differing(before.findings());
        requireFittingRows(sides, differing);
        requireRowsInsideOfChunks(before, differing);
        for (String statement : before.findings().stream()
                .flatMap(finding -> finding.statements().stream())
                .distinct()
                .toList()) {
            Jdbc.execute(to, statement);
        }
        replace(sides, differing, to, locator);
        List<DigestRange> again =
                differing.values().stream().flatMap(List::stream).toList();
        Sides now = new Sides(catalog(from, to), Planning.reader().read(to), sides.plan(), skipped(to));
        Verifier verifier = new Verifier(sides.step(), again);
        Rows after = compare(now, verifier, locator);
        List<Repair> roots = new RootRows(now.target()).remove(after.findings(), to);
        if (!roots.isEmpty()) {
            repairs.addAll(roots);
            after = compare(now, verifier, locator);
        }
        Map<Integer, Digest> digests = new HashMap<>(before.source());
        digests.putAll(after.source());
        return new RepairReport(
                repairs, report(now, new Rows(digests, after.target(), before.outside()), startedAt, null));
    }

    /** Makes sure, before anything is changed, that the rows to copy fit into the target's tables. */
    private void requireFittingRows(Sides sides, Map<QualifiedName, List<DigestRange>> differing) {
        if (!differing.isEmpty()) {
            List<Problem> problems = TableChanges.problems(
                    Scope.of(sides.source(), options).kept(),
                    sides.target(),
                    differing.values().stream()
                            .map(ranges -> ranges.get(0).table())
                            .toList(),
                    differences(sides));
            if (!problems.isEmpty()) {
                throw new PreflightException(problems);
            }
        }
    }

    /** A range of time that is replaced could take rows of other chunks away, where these hold rows outside of their bounds. */
    private static void requireRowsInsideOfChunks(Rows rows, Map<QualifiedName, List<DigestRange>> differing) {
        List<QualifiedName> outside =
                differing.keySet().stream().filter(rows.outside()::contains).toList();
        if (!outside.isEmpty()) {
            throw new PreflightException(RowsOutsideChunks.problems("repair", outside));
        }
    }

    private static List<Difference> differences(Sides sides) {
        return Comparison.of(sides.source(), sides.target(), sides.plan()).differences(sides.skipped());
    }

    /** The ranges to replace, by table; those of a table do not overlap, so that their beginnings tell them apart. */
    private static Map<QualifiedName, List<DigestRange>> differing(List<Finding> findings) {
        Map<QualifiedName, Map<Long, DigestRange>> ranges = new LinkedHashMap<>();
        for (Finding finding : findings) {
            finding.ranges()
                    .forEach(range -> ranges.computeIfAbsent(finding.table().table(), table -> new TreeMap<>())
                            .putIfAbsent(range.from(), range));
        }
        Map<QualifiedName, List<DigestRange>> differing = new LinkedHashMap<>();
        ranges.forEach((table, byTime) -> differing.put(table, List.copyOf(byTime.values())));
        return differing;
    }

    private Sides sides(Connection from, Connection to) throws SQLException {
        SoundCatalog.require(from, options);
        DatabaseCatalog fromCatalog = catalog(from, to);
        DatabaseCatalog toCatalog = Planning.reader().read(to);
        MigrationPlan plan = Planner.plan(fromCatalog, toCatalog, options);
        refuseUnmatchedFilters(plan);
        return new Sides(fromCatalog, toCatalog, plan, skipped(to));
    }

    private static List<SchemaEntry> skipped(Connection to) throws SQLException {
        return Ledger.exists(to) ? Ledger.leftOutSchemaEntries(to) : List.of();
    }

    private DatabaseCatalog catalog(Connection from, Connection to) throws SQLException {
        return PausedJobs.undone(Planning.reader().mappingRoles(options.roles()).read(from), to);
    }

    private static void refuseUnmatchedFilters(MigrationPlan plan) {
        List<Problem> filters = plan.problems().stream()
                .filter(problem -> SELECTING.contains(problem.code()))
                .toList();
        if (filters.stream().anyMatch(Problem::blocks)) {
            throw new PreflightException(filters);
        }
    }

    private Rows compare(Sides sides, Verifier verifier, SliceLocator locator) throws SQLException {
        Map<Integer, Digest> expected = verifier.digestsOf(context.sourceQueries(THREADS), locator);
        return new Rows(
                expected,
                verifier.compare(context.targetQueries(THREADS), sides.target(), expected),
                verifier.outside());
    }

    private static MigrationReport report(Sides sides, Rows rows, Instant startedAt, @Nullable Sample sample) {
        MigrationPlan plan = sides.plan();
        Map<QualifiedName, List<String>> mismatches = rows.target().texts();
        Set<QualifiedName> outside = Stream.concat(rows.outside().stream(), rows.target().asWhole().stream())
                .collect(toSet());
        return new MigrationReport(
                plan.source(),
                plan.target(),
                startedAt,
                Duration.between(startedAt, Instant.now()),
                0,
                List.of(),
                sides.step().tables().stream()
                        .map(it -> result(
                                it,
                                rows.source(),
                                mismatches.getOrDefault(it.table(), List.of()),
                                rows.target().probesOf(it)))
                        .toList(),
                RowsOutsideChunks.without(differences(sides), outside),
                RowsOutsideChunks.warnings(outside),
                Stream.concat(
                                KnownOfRun.leftOut(plan).stream(),
                                plan.problems().stream()
                                        .filter(problem -> problem.code() == Problem.Code.HIDDEN_ROWS)
                                        .map(problem -> problem.object() + ": " + problem.message()))
                        .toList(),
                plan.options().verification(),
                sample,
                0,
                List.of(),
                null);
    }

    /**
     * Compares the target as it is now with what was exported.
     *
     * @param queries asks the target
     * @param plan the one by which the export goes into this target
     */
    static MigrationReport ofExport(
            ExportReader export,
            DatabaseCatalog target,
            MigrationPlan plan,
            ParallelQueries queries,
            @Nullable Sample sample,
            Connection to)
            throws SQLException {
        Instant startedAt = Instant.now();
        Sides sides = new Sides(export.exported(), target, plan, skipped(to));
        Verifier verifier = new Verifier(sides.step(), sample);
        Map<Integer, Digest> expected = new HashMap<>();
        verifier.positions()
                .forEach(it -> expected.put(it, export.slice(it).mark().digest()));
        Rows rows = new Rows(expected, verifier.compare(queries, target, expected), Set.of());
        return report(sides, rows, startedAt, sample);
    }

    private static TableResult result(
            TableData table, Map<Integer, Digest> digests, List<String> mismatches, int probes) {
        List<Digest> compared = table.slices().stream()
                .map(Slice::position)
                .flatMap(it -> Stream.ofNullable(digests.get(it)))
                .toList();
        return new TableResult(
                table.table(),
                compared.stream().mapToLong(Digest::rows).sum(),
                0,
                table.slices().size(),
                compared.size(),
                0,
                Map.of(),
                0,
                List.of(),
                mismatches,
                probes);
    }

    /** Replaces the target's rows in these ranges, several at a time. */
    private void replace(
            Sides sides, Map<QualifiedName, List<DigestRange>> differing, Connection to, SliceLocator locator)
            throws SQLException {
        Replacement replacement = new Replacement("repair", context, locator);
        List<String> settings = new ArrayList<>(sides.step().settings());
        settings.addAll(replacement.settings(
                to,
                sides.target(),
                differing.values().stream().map(it -> it.get(0).table()).toList()));
        List<Supplier<CopyClaim>> claims = new ArrayList<>();
        for (List<DigestRange> ranges : differing.values()) {
            for (RepairClaim.Job job :
                    replacement.jobs(ranges.get(0).table(), ranges, sides.source(), sides.target(), settings)) {
                claims.add(() -> new RepairClaim(job, repairs::add));
            }
        }
        replacement.run(claims);
    }
}
