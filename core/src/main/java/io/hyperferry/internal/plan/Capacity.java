package io.hyperferry.internal.plan;

import static io.hyperferry.Problem.blocking;
import static io.hyperferry.Problem.warning;

import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.ServerSettings;
import io.hyperferry.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether the target's settings are large enough for what is to be moved. */
final class Capacity {
    /** Building an index locks each chunk, and the index that it gets. */
    private static final long LOCKS_PER_CHUNK = 2;

    /** What PostgreSQL has besides: a tenth more, and 100 kB for whatever grows. */
    private static final long LOCKS_IN_RESERVE = 400;

    /** So often may a checkpoint be forced by the amount of WAL before it is worth a word. */
    private static final long CHECKPOINTS = 8;

    private static final long MAX_SUGGESTED_WAL = 64L << 30;

    private Capacity() {}

    static List<Problem> problems(DatabaseCatalog kept, ServerInfo target) {
        List<Problem> problems = new ArrayList<>();
        kept.hypertables().forEach(it -> locks(it, kept, target, problems));
        wal(kept.tables().stream().mapToLong(Table::bytes).sum(), target, problems);
        return problems;
    }

    private static void locks(Hypertable hypertable, DatabaseCatalog kept, ServerInfo target, List<Problem> problems) {
        ServerSettings settings = target.settings();
        boolean indexed = kept.indexes().stream().anyMatch(it -> it.table().equals(hypertable.name()));
        long needed = hypertable.chunks().size() * (indexed ? LOCKS_PER_CHUNK : 1);
        if (needed > settings.locks() + settings.locks() / 10 + LOCKS_IN_RESERVE) {
            long perSession = needed / settings.maxConnections() + 1;
            problems.add(blocking(
                    Code.TOO_FEW_LOCKS,
                    hypertable.name().toString(),
                    String.format(
                            Locale.ROOT,
                            "%s its %,d chunks takes %,d locks in one transaction, and the target has room for %,d.",
                            indexed ? "building an index on" : "analyzing",
                            hypertable.chunks().size(),
                            needed,
                            settings.locks()),
                    "ALTER SYSTEM SET max_locks_per_transaction = " + Math.max(perSession, 64) * 2
                            + "; on the target, and restart it."));
        }
    }

    private static void wal(long bytes, ServerInfo target, List<Problem> problems) {
        long wal = target.settings().maxWalBytes();
        if (bytes / CHECKPOINTS > wal) {
            long enough = Math.min(Long.highestOneBit(bytes / CHECKPOINTS) * 2, MAX_SUGGESTED_WAL);
            if (enough > wal) {
                problems.add(warning(
                        Code.WAL_LIMIT_LOW,
                        target.database(),
                        "the target begins a checkpoint at every " + Sizes.text(wal) + " of WAL, and about "
                                + Sizes.text(bytes) + " of rows arrive, which slows it down.",
                        "ALTER SYSTEM SET max_wal_size = '" + (enough >> 20)
                                + "MB'; SELECT pg_reload_conf(); on the target, as long as rows arrive."));
            }
        }
    }
}
