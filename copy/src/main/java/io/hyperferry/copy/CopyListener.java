package io.hyperferry.copy;

/**
 * Hears what a run does. Calls come on the workers' threads, one at a time for each engine, so a slow listener slows
 * the run. What it throws is logged with its stack and changes nothing.
 */
@FunctionalInterface
public interface CopyListener {

    /** Hears one event. */
    void onEvent(CopyEvent event);
}
