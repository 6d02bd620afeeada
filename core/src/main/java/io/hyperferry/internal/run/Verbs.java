package io.hyperferry.internal.run;

import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationStatus;

/** What can be done with every migration, wherever its rows come from. */
public interface Verbs {
    /** A plan: the frozen one when the target has a run, else a new one. Changes nothing. */
    MigrationPlan plan();

    /** Plans, or takes the frozen plan, executes it and verifies; with new connections as often as those are lost, within bounds. */
    MigrationReport run();

    /** How far the run in the target is. */
    MigrationStatus status();

    /** Removes the ledger from the target. */
    void cleanUp();
}
