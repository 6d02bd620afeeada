package io.hyperferry;

/**
 * Hears what happens in a run. Called by one thread at a time, in order; an exception that it throws is logged with its stack and
 * changes nothing.
 */
@FunctionalInterface
public interface MigrationListener {
    /** Something happened. Must not take long: the run waits. */
    void onEvent(MigrationEvent event);
}
