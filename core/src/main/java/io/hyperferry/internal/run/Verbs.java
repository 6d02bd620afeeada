package io.hyperferry.internal.run;

import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationStatus;
import io.hyperferry.Sample;
import org.jspecify.annotations.Nullable;

/** What can be done with every migration, wherever its rows come from. */
public interface Verbs {
    /** A plan: the frozen one when the target has a run, else a new one. Changes nothing. */
    MigrationPlan plan();

    /** Plans, or takes the frozen plan, executes it and verifies; with new connections as often as those are lost, within bounds. */
    MigrationReport run();

    /** Compares the target as it is now with what it came from, by the same slices that a run would copy, or a sample of them. */
    MigrationReport verify(@Nullable Sample sample);

    /** How far the run in the target is. */
    MigrationStatus status();

    /** Removes the ledger from the target. */
    void cleanUp();
}
