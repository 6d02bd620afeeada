package io.hyperferry.internal.run;

import io.hyperferry.MigrationCancelledException;
import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationException;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationReport.StepResult;
import io.hyperferry.Step;
import io.hyperferry.VerificationException;
import io.hyperferry.catalog.CatalogException;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.ledger.Ledger.StepDone;
import io.hyperferry.internal.ledger.Recoveries;
import io.hyperferry.internal.report.Histories;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes a frozen plan: the steps in their order, each of them once over all the runs that it takes. */
final class Runner {
    private static final Logger log = LoggerFactory.getLogger(Runner.class);

    private final RunContext run;

    Runner(RunContext run) {
        this.run = run;
    }

    /**
     * Executes what is not done yet, and verifies.
     *
     * @throws VerificationException when both sides are not identical in the end
     * @throws MigrationException when a step fails, or the run is cancelled
     */
    MigrationReport run(Instant startedAt) throws SQLException {
        VerifyHandler verify = new VerifyHandler(run);
        Handlers handlers = new Handlers(run, verify);
        Map<Integer, StepDone> done = Ledger.stepsDone(run.leading());
        List<StepResult> results = new ArrayList<>();
        int number = 0;
        int verifyNumber = 0;
        Duration verifying = Duration.ZERO;
        for (Step step : run.plan().steps()) {
            number++;
            run.pace().awaitTurn(run.cancellation());
            // The proof is made anew by each run: it speaks of the target as it is.
            @Nullable StepDone before = step instanceof Step.Verify ? null : done.get(number);
            // Before its connections were lost, this run may have done it, and said so or not.
            boolean earlier = before != null && before.attempt() != run.attempt();
            Duration elapsed = before == null || earlier ? Duration.ZERO : before.elapsed();
            if (before == null) {
                run.events().send(new MigrationEvent.StepStarted(number, step));
                elapsed = handle(step, number, handlers);
                log.info("{}: done in {} ms", step.title(), elapsed.toMillis());
            }
            if (before == null || !run.events().watch().isDone(number)) {
                run.events().send(new MigrationEvent.StepFinished(number, step, elapsed, earlier));
            }
            results.add(new StepResult(step.title(), elapsed, earlier));
            if (step instanceof Step.Verify) {
                verifyNumber = number;
                verifying = elapsed;
            }
            if (step instanceof Step.Verify && !verify.identical()) {
                break;
            }
        }
        MigrationReport report = new MigrationReport(
                run.plan().source(),
                run.plan().target(),
                startedAt,
                Duration.between(startedAt, Instant.now()),
                run.attempt(),
                results,
                verify.tables(),
                verify.differences(),
                Stream.concat(run.plan().problems().stream(), verify.warnings().stream())
                        .toList(),
                leftOut(verify),
                run.plan().options().verification(),
                null,
                Recoveries.snapshots(run.leading()),
                Recoveries.retries(run.leading()),
                Histories.of(run.leading(), run.plan(), run.attempt(), verifyNumber, verifying));
        run.events().send(new MigrationEvent.Finished(report));
        if (!report.identical()) {
            throw new VerificationException(report);
        }
        return report;
    }

    private Duration handle(Step step, int number, Handlers handlers) {
        try {
            return Handlers.handle(run, number, step.accept(handlers));
        } catch (SQLException | StepFailure | CatalogException e) {
            if (run.cancellation().isCancelled()) {
                throw new MigrationCancelledException();
            }
            throw new MigrationException(
                    MigrationException.Code.STEP_FAILED,
                    "step " + number + ", " + step.title() + ", failed: "
                            + StepFailure.describe(e)
                            + ". What was done before is kept: " + Remedies.goOn(e) + ".",
                    e);
        }
    }

    private List<String> leftOut(VerifyHandler verify) throws SQLException {
        return Stream.of(
                        KnownOfRun.leftOut(run.plan()).stream(),
                        SkippedEntries.lines(run.plan(), Ledger.leftOutSchemaEntries(run.leading())).stream(),
                        verify.chunksSince().stream())
                .flatMap(it -> it)
                .distinct()
                .toList();
    }
}
