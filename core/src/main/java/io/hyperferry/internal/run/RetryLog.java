package io.hyperferry.internal.run;

import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationReport.Retry;
import io.hyperferry.copy.CopyEvent;
import io.hyperferry.copy.CopyException;
import io.hyperferry.copy.CopyTask;
import io.hyperferry.internal.ledger.Recoveries;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a run tried again and is not in the ledger yet. Thread-safe. */
final class RetryLog {
    private record Key(String what, String reason) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int order = what.compareTo(other.what);
            return order == 0 ? reason.compareTo(other.reason) : order;
        }
    }

    private final Map<Key, Long> times = new TreeMap<>();

    /** How often what was tried again while rows are copied, and how often in a row somebody tried again since anybody got on. */
    private final Map<String, Integer> ofCopying = new HashMap<>();

    private int inARow;

    /** Counts a new beginning of the run after a failure in this step, or between two steps. */
    synchronized void addRestart(@Nullable String step, String reason) {
        times.merge(new Key("the run, " + (step == null ? "between two steps" : "at: " + step), reason), 1L, Long::sum);
    }

    /** Counts a question that is asked again, and returns the event for it. */
    synchronized MigrationEvent addQuestion(String subject, String reason, String message, int retry, Duration pause) {
        times.merge(new Key(subject, reason), 1L, Long::sum);
        return new MigrationEvent.Retrying(subject, reason, message, retry, pause);
    }

    /** Hears that copying begins. */
    synchronized void copying() {
        ofCopying.clear();
        inARow = 0;
    }

    /** Hears that a slice is copied. */
    synchronized void gotOn() {
        inARow = 0;
    }

    /** Whether copying, which has failed with this, had tried again as often as it may. */
    synchronized boolean triedEnough(CopyException failure, int most) {
        return inARow >= most || ofCopying.getOrDefault(what(failure), 0) >= most;
    }

    private static String what(CopyException failure) {
        return failure.task().map(CopyTask::name).orElse("a worker between two slices");
    }

    /** Counts a retry, and gives the event for it. */
    synchronized MigrationEvent add(CopyEvent.Retrying retrying) {
        String what = what(retrying.failure());
        String reason = retrying.failure().sqlState().orElse("I/O error");
        times.merge(new Key(what, reason), 1L, Long::sum);
        ofCopying.merge(what, 1, Integer::sum);
        inARow = Math.max(inARow, retrying.retry());
        return new MigrationEvent.Retrying(
                what, reason, String.valueOf(retrying.failure().getMessage()), retrying.retry(), retrying.pause());
    }

    /** Writes it into the ledger, in the transaction of this connection; it is to be forgotten when that is committed. */
    void note(Connection target, int attempt) throws SQLException {
        Recoveries.noteRetries(target, attempt, all());
    }

    /** Hears that the ledger has all. */
    synchronized void forget() {
        times.clear();
    }

    private synchronized List<Retry> all() {
        return times.entrySet().stream()
                .map(it -> new Retry(it.getKey().what(), it.getKey().reason(), it.getValue()))
                .toList();
    }
}
