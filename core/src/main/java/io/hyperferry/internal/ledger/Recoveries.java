package io.hyperferry.internal.ledger;

import io.hyperferry.MigrationReport.Retry;
import io.hyperferry.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What the ledger knows of faults that runs got over by themselves. All methods work in the transaction of their connection. */
public final class Recoveries {
    private Recoveries() {}

    /** Notes that an attempt reads under another snapshot now, if that is news, so that those who joined can share it. */
    public static void noteSnapshot(Connection target, int attempt, int number, String id) throws SQLException {
        Jdbc.update(
                target,
                "UPDATE hyperferry.attempt SET snapshots = ?, snapshot = ? WHERE number = ? AND snapshots < ?",
                number,
                id,
                attempt,
                number);
    }

    /** Under how many snapshots the slices were read that are done. */
    public static int snapshots(Connection target) throws SQLException {
        return Jdbc.one(target, """
                SELECT coalesce(sum(a.snapshots), 0)::int FROM hyperferry.attempt a
                WHERE EXISTS (SELECT FROM hyperferry.slice s
                    WHERE s.attempt = a.number AND s.reading IN ('SNAPSHOT', 'LATER_SNAPSHOT'))""", row -> row.getInt(1));
    }

    /** Notes what an attempt tried again. */
    public static void noteRetries(Connection target, int attempt, List<Retry> retries) throws SQLException {
        for (Retry retry : retries) {
            Jdbc.update(
                    target,
                    "INSERT INTO hyperferry.retry (attempt, what, reason, times) VALUES (?, ?, ?, ?)",
                    attempt,
                    retry.what(),
                    retry.reason(),
                    retry.times());
        }
    }

    /** What all attempts tried again. */
    public static List<Retry> retries(Connection target) throws SQLException {
        return Jdbc.query(
                target,
                "SELECT what, reason, sum(times) AS times FROM hyperferry.retry GROUP BY what, reason ORDER BY what, reason",
                row -> new Retry(row.getString("what"), row.getString("reason"), row.getLong("times")));
    }
}
