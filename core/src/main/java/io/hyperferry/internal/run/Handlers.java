package io.hyperferry.internal.run;

import io.hyperferry.Step;
import io.hyperferry.StepVisitor;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Ledger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

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
        return new SchemaHandler(run).preData();
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
    public Handler restoreIndexes(Step.RestoreIndexes step) {
        return new SchemaHandler(run).early();
    }

    @Override
    public Handler compressEmptyChunks(Step.CompressEmptyChunks step) {
        return new EmptyChunksHandler(run, step);
    }

    @Override
    public Handler createAggregate(Step.CreateAggregate step) {
        return mark -> inOneTransaction(step.sql(), mark);
    }

    @Override
    public Handler restoreDependents(Step.RestoreDependents step) {
        return new SchemaHandler(run).dependents();
    }

    @Override
    public Handler finishAggregate(Step.FinishAggregate step) {
        return mark -> {
            List<String> sql = Ledger.isOfOneMoment(run.leading())
                    ? step.sql()
                    : Stream.concat(step.sql().stream(), step.sqlOfMixed().stream())
                            .toList();
            Jdbc.transact(run.leading(), () -> {
                BuildMemory.raise(run.leading(), 1);
                for (String statement : sql) {
                    Jdbc.execute(run.leading(), statement);
                }
                mark.done();
            });
        };
    }

    @Override
    public Handler refreshAggregate(Step.RefreshAggregate step) {
        return mark -> oneByOne(step.sql(), mark);
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
        return new SchemaHandler(run).postData(step);
    }

    @Override
    public Handler setColumnstore(Step.SetColumnstore step) {
        return mark -> inOneTransaction(step.sql(), mark);
    }

    @Override
    public Handler compressChunks(Step.CompressChunks step) {
        return mark -> {
            AtomicInteger next = new AtomicInteger();
            run.sessions("compress").run(step.sql().size(), (connection, stop) -> {
                for (int i = next.getAndIncrement();
                        i < step.sql().size() && !stop.isCancelled();
                        i = next.getAndIncrement()) {
                    String sql = step.sql().get(i);
                    Jdbc.transact(connection, () -> Jdbc.execute(connection, sql));
                }
            });
            Jdbc.transact(run.leading(), mark::done);
        };
    }

    @Override
    public Handler finishSchema(Step.FinishSchema step) {
        return new SchemaHandler(run).last();
    }

    @Override
    public Handler setDatabase(Step.SetDatabase step) {
        return mark -> inOneTransaction(step.sql(), mark);
    }

    @Override
    public Handler freezeChunks(Step.FreezeChunks step) {
        return mark -> inOneTransaction(step.sql(), mark);
    }

    @Override
    public Handler analyze(Step.Analyze step) {
        return mark -> {
            // Outside of a transaction, ANALYZE gives the lock on each chunk back before it takes the next.
            oneByOne(step.sql(), mark);
        };
    }

    @Override
    public Handler createJobs(Step.CreateJobs step) {
        return mark -> inOneTransaction(step.sql(), mark);
    }

    @Override
    public Handler scheduleJobs(Step.ScheduleJobs step) {
        return mark -> inOneTransaction(step.sql(), mark);
    }

    @Override
    public Handler verify(Step.Verify step) {
        return verify;
    }

    private void oneByOne(List<String> statements, Mark mark) throws SQLException {
        Connection leading = run.leading();
        for (String sql : statements) {
            run.cancellation().check();
            Jdbc.execute(leading, sql);
        }
        Jdbc.transact(leading, mark::done);
    }

    private void inOneTransaction(List<String> statements, Mark mark) throws SQLException {
        Connection leading = run.leading();
        Jdbc.transact(leading, () -> {
            for (String sql : statements) {
                Jdbc.execute(leading, sql);
            }
            mark.done();
        });
    }
}
