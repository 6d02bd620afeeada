package io.hyperferry.internal.ledger;

import io.hyperferry.internal.jdbc.Jdbc;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When what of a run was done, by the target's clock, in microseconds since 1970.
 *
 * <p>All methods work in the transaction of the connection that they are given.
 */
public final class HistoryQueries {
    private HistoryQueries() {}

    /** A process that worked on the run. */
    public record AttemptTime(int number, long startedAt, int parallelism) {}

    /** The time of a step that is done. */
    public record StepTime(int position, String title, int attempt, long from, long to) {}

    /** A slice that was copied, or a chunk that was compressed. */
    public record PieceTime(
            int attempt,
            String worker,
            boolean compression,
            String relation,
            long from,
            long to,
            long rows,
            long bytes) {}

    /** What is known of all the slices of a table that are done. */
    public record TableTime(
            String relation, long asTuples, @Nullable BigDecimal digest, long from, long to) {}

    /** The target's clock. */
    public static long now(Connection target) throws SQLException {
        return Jdbc.one(
                target, "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint", row -> row.getLong(1));
    }

    /** The attempts, in their order. */
    public static List<AttemptTime> attempts(Connection target) throws SQLException {
        return Jdbc.query(
                target,
                """
                SELECT number, (extract(epoch FROM started_at) * 1000000)::bigint AS started, parallelism
                FROM hyperferry.attempt ORDER BY number""",
                row -> new AttemptTime(row.getInt("number"), row.getLong("started"), row.getInt("parallelism")));
    }

    /** The steps that are done, in their order. */
    public static List<StepTime> steps(Connection target) throws SQLException {
        return Jdbc.query(
                target,
                """
                SELECT position, title, attempt, (extract(epoch FROM done_at - elapsed) * 1000000)::bigint AS began,
                    (extract(epoch FROM done_at) * 1000000)::bigint AS ended
                FROM hyperferry.step WHERE done_at IS NOT NULL ORDER BY position""",
                row -> new StepTime(
                        row.getInt("position"),
                        row.getString("title"),
                        row.getInt("attempt"),
                        row.getLong("began"),
                        row.getLong("ended")));
    }

    /** All that workers did, in the order of its beginning. A slice whose rows came with another of its table is nobody's. */
    public static List<PieceTime> pieces(Connection target) throws SQLException {
        // There can be a million of them, and few names.
        Map<String, String> names = new HashMap<>();
        return Jdbc.query(
                target,
                """
                SELECT attempt, worker, compression, relation, row_count, bytes,
                    (extract(epoch FROM done_at - elapsed) * 1000000)::bigint AS began,
                    (extract(epoch FROM done_at) * 1000000)::bigint AS ended
                FROM (
                    SELECT attempt, worker, false AS compression, relation, row_count, bytes, elapsed, done_at
                    FROM hyperferry.slice
                    UNION ALL
                    SELECT attempt, worker, true, relation, 0, 0, elapsed, done_at FROM hyperferry.compression) piece
                WHERE done_at IS NOT NULL AND worker IS NOT NULL
                ORDER BY began, ended""",
                row -> new PieceTime(
                        row.getInt("attempt"),
                        names.computeIfAbsent(row.getString("worker"), it -> it),
                        row.getBoolean("compression"),
                        names.computeIfAbsent(row.getString("relation"), it -> it),
                        row.getLong("began"),
                        row.getLong("ended"),
                        row.getLong("row_count"),
                        row.getLong("bytes")));
    }

    /** What is done of each table. */
    public static List<TableTime> tables(Connection target) throws SQLException {
        return Jdbc.query(
                target,
                """
                SELECT relation, count(*) FILTER (WHERE as_tuples) AS tuples, sum(digest) AS digest,
                    (extract(epoch FROM min(done_at - elapsed)) * 1000000)::bigint AS began,
                    (extract(epoch FROM max(done_at)) * 1000000)::bigint AS ended
                FROM hyperferry.slice WHERE done_at IS NOT NULL GROUP BY relation ORDER BY relation""",
                row -> new TableTime(
                        row.getString("relation"),
                        row.getLong("tuples"),
                        row.getBigDecimal("digest"),
                        row.getLong("began"),
                        row.getLong("ended")));
    }
}
