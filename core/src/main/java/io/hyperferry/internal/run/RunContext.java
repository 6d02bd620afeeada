package io.hyperferry.internal.run;

import io.hyperferry.MigrationPlan;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.jdbc.ParallelSessions;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** What the handlers of a run share: the two sides, the plan, the leading connection, and the source's snapshot. */
final class RunContext {
    private final RunSource source;
    private final Endpoint target;
    private final Connection leading;
    private final MigrationPlan plan;
    private final int attempt;
    private final Pace pace;
    private final Events events;
    private final Cancellation cancellation;
    private final @Nullable Snapshots snapshots;
    private final RetryLog retries;

    RunContext(
            RunSource source,
            Endpoint target,
            Connection leading,
            MigrationPlan plan,
            int attempt,
            Pace pace,
            Events events,
            Cancellation cancellation,
            @Nullable Snapshots snapshots,
            RetryLog retries) {
        this.source = source;
        this.target = target;
        this.leading = leading;
        this.plan = plan;
        this.attempt = attempt;
        this.pace = pace;
        this.events = events;
        this.cancellation = cancellation;
        this.snapshots = snapshots;
        this.retries = retries;
    }

    RunSource source() {
        return source;
    }

    Endpoint target() {
        return target;
    }

    /** The connection to the target that leads the run; in autocommit between transactions. */
    Connection leading() {
        return leading;
    }

    MigrationPlan plan() {
        return plan;
    }

    int attempt() {
        return attempt;
    }

    Pace pace() {
        return pace;
    }

    Events events() {
        return events;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    /** Sessions on the target, as many as the run wants workers at this moment. */
    ParallelSessions sessions(String work) {
        return new ParallelSessions(
                target.dataSource(), pace.parallelism(), "hyperferry-" + attempt + "-" + work, cancellation);
    }

    /** What was tried again and is not in the ledger yet. */
    RetryLog retries() {
        return retries;
    }

    /** The snapshots under which this run reads; null when the options want none, or an export is read. */
    @Nullable
    Snapshots snapshots() {
        return switch (plan.options().consistency()) {
            case EACH_SLICE -> null;
            case SNAPSHOT -> snapshots;
        };
    }

    /** Ends the snapshot, when nothing more is read under it. */
    void releaseSnapshot() {
        if (snapshots != null) {
            snapshots.close();
        }
    }
}
