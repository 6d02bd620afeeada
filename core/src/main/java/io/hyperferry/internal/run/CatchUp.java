package io.hyperferry.internal.run;

import io.hyperferry.CatchUpReport;
import io.hyperferry.CatchUpReport.Pass;
import io.hyperferry.MigrationException;
import io.hyperferry.MigrationPlan;
import io.hyperferry.PlanChangedException;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.ParallelQueries;
import io.hyperferry.internal.ledger.CaughtUpQueries;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.plan.RowsOutsideChunks;
import io.hyperferry.internal.slice.SliceLocator;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the target follow what changed on the source after a run copied it, in passes, until one of them finds nothing changed; then compares both sides.
 * Each pass begins with the structure: what the source got is created, and what rows do not fit into is refused. What is migrated is what the plan
 * of that run says.
 */
final class CatchUp {
    private static final Logger log = LoggerFactory.getLogger(CatchUp.class);

    private final VerbContext context;
    private final Planning planning;
    private final Instant startedAt = Instant.now();

    /** The passes so far, before a restart, too; one that failed has what it moved. */
    private final List<Pass> passes = new ArrayList<>();

    /** The chunks that were not compressed again, each with the reason. */
    private final Set<String> notCompressed = new TreeSet<>();

    private int finished;

    /** @param planning dumps the source's schema */
    CatchUp(VerbContext context, Planning planning) {
        this.context = context;
        this.planning = planning;
    }

    /**
     * Catches up.
     *
     * @param most as many passes, and no more
     */
    CatchUpReport run(Connection from, Connection to, int most) throws SQLException {
        MigrationPlan plan = finishedPlan(from, to);
        ParallelQueries questions = context.sourceQueries("hyperferry-catch-up");
        Additions additions = new Additions(planning, from, to);
        CatchUpScope scope;
        CatchUpPass pass;
        Pass moved;
        do {
            context.cancellation().check();
            Instant passAt = Instant.now();
            scope = CatchUpScope.read(plan, from, to);
            scope.requireFittingRows(to);
            for (TableData dropped : scope.droppedLater()) {
                CaughtUpQueries.forgetTable(to, dropped);
            }
            List<String> created = new ArrayList<>(additions.beforeRows(plan, scope));
            if (!created.isEmpty()) {
                scope = CatchUpScope.read(plan, from, to);
                scope.requireFittingRows(to);
            }
            SliceLocator locator = SliceLocator.of(from);
            Replacement replacement = new Replacement("catch-up", context, locator);
            pass = new CatchUpPass(plan, scope, questions, locator, replacement);
            try {
                moved = pass.run(from, to, passAt, created).and(additions.afterRows());
            } catch (SQLException | RuntimeException e) {
                addFailed(pass, passAt, created);
                throw e;
            }
            notCompressed.addAll(replacement.compression().skipped());
            passes.add(moved);
            finished++;
            log.info(
                    "pass {}: {} ranges, {} rows removed, {} copied in {} ms",
                    passes.size(),
                    moved.moves().size(),
                    moved.deleted(),
                    moved.copied(),
                    moved.elapsed().toMillis());
        } while (!moved.still() && finished < most);
        boolean still = moved.still();
        List<String> states = scope.aggregateStates(!still);
        Jdbc.transact(to, () -> {
            for (String sql : states) {
                Jdbc.execute(to, sql);
            }
        });
        CatchUpEnd end = new CatchUpEnd(
                CatchUpScope.read(plan, from, to), questions, context.targetQueries("hyperferry-catch-up"));
        List<String> mismatches = still ? end.mismatches(pass, plan.copyData().orElseThrow()) : List.of();
        List<String> differences = end.differences(
                pass.outside(),
                Stream.concat(additions.failures().stream(), notCompressed.stream())
                        .toList());
        return new CatchUpReport(
                plan.source(),
                plan.target(),
                startedAt,
                Duration.between(startedAt, Instant.now()),
                passes,
                mismatches,
                differences,
                Stream.concat(
                                scope.notices().stream(),
                                RowsOutsideChunks.warnings(pass.outside()).stream()
                                        .map(warning -> warning.object() + ": " + warning.message()))
                        .toList());
    }

    /** Adds what a pass did before it failed. */
    private void addFailed(CatchUpPass pass, Instant startedAt, List<String> created) {
        if (!pass.moves().isEmpty() || !created.isEmpty()) {
            passes.add(
                    new Pass(Duration.between(startedAt, Instant.now()), created, pass.moves(), List.of(), List.of()));
        }
    }

    /** The plan, if this is its source and all of it is done but for the proof. */
    private static MigrationPlan finishedPlan(Connection from, Connection to) throws SQLException {
        MigrationPlan plan = Ledger.plan(to);
        List<String> differences = Coordinator.otherSource(plan, SourceJobs.origin(from));
        if (!differences.isEmpty()) {
            throw new PlanChangedException(differences);
        }
        Set<Integer> done = Ledger.stepsDone(to).keySet();
        for (int i = 0; i < plan.steps().size(); i++) {
            Step step = plan.steps().get(i);
            if (!done.contains(i + 1) && !(step instanceof Step.Verify) && !(step instanceof Step.ScheduleJobs)) {
                throw new MigrationException(
                        MigrationException.Code.NOT_FINISHED,
                        "the run into this target has not come to its end, the next step is number " + (i + 1) + ", "
                                + step.title() + ": go on with it (run, hyperferry migrate), then catch up",
                        null);
            }
        }
        return plan;
    }
}
