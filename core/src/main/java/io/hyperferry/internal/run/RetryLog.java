package io.hyperferry.internal.run;

import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationReport.Retry;
import io.hyperferry.copy.CopyEvent;
import io.hyperferry.copy.CopyTask;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What copying tried again, for the ledger. Thread-safe. */
final class RetryLog {
    private record Key(String what, String reason) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int order = what.compareTo(other.what);
            return order == 0 ? reason.compareTo(other.reason) : order;
        }
    }

    private final Map<Key, Long> times = new TreeMap<>();

    /** Counts a retry, and gives the event for it. */
    synchronized MigrationEvent add(CopyEvent.Retrying retrying) {
        String what = retrying.failure().task().map(CopyTask::name).orElse("a worker between two slices");
        String reason = retrying.failure().sqlState().orElse("I/O error");
        times.merge(new Key(what, reason), 1L, Long::sum);
        return new MigrationEvent.Retrying(
                what, reason, String.valueOf(retrying.failure().getMessage()), retrying.retry(), retrying.pause());
    }

    synchronized List<Retry> all() {
        return times.entrySet().stream()
                .map(it -> new Retry(it.getKey().what(), it.getKey().reason(), it.getValue()))
                .toList();
    }
}
