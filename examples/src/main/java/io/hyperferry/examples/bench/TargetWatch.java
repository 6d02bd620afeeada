package io.hyperferry.examples.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Watches what the target's database takes on disk, and how much is written to the server's log. */
final class TargetWatch implements AutoCloseable {
    private static final long SHORTEST_PAUSE_MILLIS = 250;

    /** Asking for the size of a database with many files takes a while; it may take a twentieth of the time. */
    private static final int PAUSE_PER_ASKING = 20;

    private final Connection connection;
    private final String database;
    private final String begin;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CompletableFuture<Long> peak = new CompletableFuture<>();

    private TargetWatch(Connection connection, String database) throws SQLException {
        this.connection = connection;
        this.database = database;
        this.begin = Server.value(connection, "SELECT pg_current_wal_insert_lsn()");
    }

    /**
     * What was seen.
     *
     * @param walBytes bytes that were written to the write-ahead log
     * @param peakBytes the greatest size of the database
     */
    record Seen(long walBytes, long peakBytes) {}

    /** Begins to watch. */
    static TargetWatch start(Server server, String database) throws SQLException {
        TargetWatch watch = new TargetWatch(server.connect(server.maintenance()), database);
        Thread thread = new Thread(watch::poll, "bench-target-watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    /** Ends it. */
    Seen end() throws SQLException {
        ended.countDown();
        try {
            long size = peak.join();
            long wal = Long.parseLong(Server.value(
                    connection, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '" + begin + "')::bigint"));
            return new Seen(wal, size);
        } catch (CompletionException e) {
            throw new SQLException("the target's size could not be watched", e);
        }
    }

    private void poll() {
        try {
            long greatest = 0;
            boolean last;
            do {
                long start = System.nanoTime();
                greatest = Math.max(greatest, size());
                long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                last = ended.getCount() == 0;
                if (!last) {
                    ended.await(Math.max(SHORTEST_PAUSE_MILLIS, PAUSE_PER_ASKING * took), TimeUnit.MILLISECONDS);
                }
            } while (!last);
            peak.complete(greatest);
        } catch (SQLException e) {
            peak.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            peak.completeExceptionally(e);
        }
    }

    private long size() throws SQLException {
        return Long.parseLong(Server.value(connection, "SELECT pg_database_size('" + database + "')"));
    }

    @Override
    public void close() throws SQLException {
        ended.countDown();
        connection.close();
    }
}
