package io.hyperferry.internal.run;

import io.hyperferry.Step;
import io.hyperferry.StepVisitor;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.Sessions;
import io.hyperferry.internal.ledger.Ledger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Finds the handler of a step. A handler does the step and marks it; it reads no option and plans nothing. */
final class Handlers implements StepVisitor<Handlers.Handler> {
    /** Locks on chunks, their indexes and toast tables fit the server's lock table in bunches of this size. */
    private static final int CHUNKS_PER_TRANSACTION = 50;

    private final RunContext run;
    private final VerifyHandler verify;

    Handlers(RunContext run, VerifyHandler verify) {
        this.run = run;
        this.verify = verify;
    }

    /** Does one step. */
    interface Handler {
        /** Does it, and marks it in the ledger with the last of its work. */
        void handle(Mark mark) throws SQLException;
    }

    /** Marks the step at hand as done, in the current transaction of the leading connection. */
    interface Mark {
        /** Marks it. */
        void done() throws SQLException;
    }

    /** Does a step, and gives how long it took. */
    static Duration handle(RunContext run, int position, Handler handler) throws SQLException {
        Instant start = Instant.now();
        handler.handle(
                () -> Ledger.markStep(run.leading(), position, run.attempt(), Duration.between(start, Instant.now())));
        return Duration.between(start, Instant.now());
    }

    @Override
    public Handler restorePreData(Step.RestorePreData step) {
        return new SchemaHandler(run).preData(step);
    }

    @Override
    public Handler createHypertable(Step.CreateHypertable step) {
        return mark -> inOneTransaction(step.sql(), mark);
    }

    @Override
    public Handler createChunks(Step.CreateChunks step) {
        return mark -> {
            for (int from = 0; from < step.sql().size(); from += CHUNKS_PER_TRANSACTION) {
                run.cancellation().check();
                int to = Math.min(step.sql().size(), from + CHUNKS_PER_TRANSACTION);
                inOneTransaction(step.sql().subList(from, to), to == step.sql().size() ? mark : () -> {});
            }
        };
    }

    @Override
    public Handler copyData(Step.CopyData step) {
        return new CopyHandler(run, step);
    }

    @Override
    public Handler setSequences(Step.SetSequences step) {
        return new SequenceHandler(run, step);
    }

    @Override
    public Handler restorePostData(Step.RestorePostData step) {
        return new SchemaHandler(run).postData();
    }

    @Override
    public Handler analyze(Step.Analyze step) {
        return mark -> {
            for (String sql : step.sql()) {
                run.cancellation().check();
                inOneTransaction(List.of(sql), () -> {});
            }
            Jdbc.transact(run.leading(), mark::done);
        };
    }

    @Override
    public Handler verify(Step.Verify step) {
        return verify;
    }

    private void inOneTransaction(List<String> statements, Mark mark) throws SQLException {
        Connection leading = run.leading();
        Jdbc.transact(leading, () -> {
            Jdbc.execute(leading, Sessions.UNHURRIED);
            for (String sql : statements) {
                Jdbc.execute(leading, sql);
            }
            mark.done();
        });
    }
}
