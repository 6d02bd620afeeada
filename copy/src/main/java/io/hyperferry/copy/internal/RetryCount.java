package io.hyperferry.copy.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What was tried again in a run. Thread-safe. */
final class RetryCount {

    private final Map<String, Integer> open = new HashMap<>();
    private final Map<String, Long> byState = new TreeMap<>();

    /** Counts a failure of a task that is not done yet, and gives how often it has failed so far. */
    synchronized int failed(String task) {
        return open.merge(task, 1, Integer::sum);
    }

    /** Forgets a task that is done, so that a run of any length needs little memory. */
    synchronized void done(String task) {
        open.remove(task);
    }

    /** Counts a retry. */
    synchronized void tryingAgain(String sqlState) {
        byState.merge(sqlState, 1L, Long::sum);
    }

    /** How many retries there were, by the SQLState of what went before. */
    synchronized Map<String, Long> byState() {
        return new TreeMap<>(byState);
    }
}
