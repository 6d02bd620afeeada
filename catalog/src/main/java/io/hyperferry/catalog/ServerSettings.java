package io.hyperferry.catalog;

/**
 * How much a server can do at a time, by its settings.
 *
 * @param maxConnections the setting {@code max_connections}
 * @param locks how many locks all sessions together have room for: {@code max_locks_per_transaction} for each session, prepared transaction
 *     and background process that there may be
 * @param maxWalBytes the setting {@code max_wal_size}, in bytes: after so much WAL a checkpoint begins, whatever the time
 */
public record ServerSettings(int maxConnections, long locks, long maxWalBytes) {
    /** What PostgreSQL is installed with: 100 connections, 7,808 locks, 1 GiB of WAL. */
    public static final ServerSettings DEFAULTS = new ServerSettings(100, 7_808, 1L << 30);
}
