package io.hyperferry;

/**
 * One method for each kind of {@link Step}.
 *
 * @param <R> what a visit gives
 */
public interface StepVisitor<R> {
    /** Restores the schema without what needs the rows first. */
    R restorePreData(Step.RestorePreData step);

    /** Makes a table a hypertable. */
    R createHypertable(Step.CreateHypertable step);

    /** Creates chunks ahead of their rows. */
    R createChunks(Step.CreateChunks step);

    /** Restores indexes ahead of the rows. */
    R restoreIndexes(Step.RestoreIndexes step);

    /** Compresses empty chunks. */
    R compressEmptyChunks(Step.CompressEmptyChunks step);

    /** Makes a continuous aggregate without rows. */
    R createAggregate(Step.CreateAggregate step);

    /** Restores what needs continuous aggregates. */
    R restoreDependents(Step.RestoreDependents step);

    /** Copies the rows. */
    R copyData(Step.CopyData step);

    /** Sets sequences. */
    R setSequences(Step.SetSequences step);

    /** Restores what needed the rows first. */
    R restorePostData(Step.RestorePostData step);

    /** Gives a hypertable settings of the columnstore. */
    R setColumnstore(Step.SetColumnstore step);

    /** Compresses chunks. */
    R compressChunks(Step.CompressChunks step);

    /** Gives a continuous aggregate its indexes and its state. */
    R finishAggregate(Step.FinishAggregate step);

    /** Has a continuous aggregate computed. */
    R refreshAggregate(Step.RefreshAggregate step);

    /** Fills materialized views and restores publications and event triggers. */
    R finishSchema(Step.FinishSchema step);

    /** Gathers statistics. */
    R analyze(Step.Analyze step);

    /** Gives the database what a dump of it does not hold. */
    R setDatabase(Step.SetDatabase step);

    /** Freezes chunks. */
    R freezeChunks(Step.FreezeChunks step);

    /** Creates jobs, not scheduled. */
    R createJobs(Step.CreateJobs step);

    /** Schedules jobs. */
    R scheduleJobs(Step.ScheduleJobs step);

    /** Proves that both sides are the same. */
    R verify(Step.Verify step);
}
