package io.hyperferry.internal.ledger;

import io.hyperferry.MigrationPlan;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's queue: slices that are to be copied, and chunks that are to be compressed when their slices are there. A claim is a row lock, so
 * it ends with the transaction that it was made in.
 *
 * <p>All methods work in the transaction of the connection that they are given.
 */
public final class SliceQueries {
    /** Whether a chunk's slices have all arrived. */
    private static final String FILLED =
            "NOT EXISTS (SELECT FROM hyperferry.slice s WHERE s.compression = c.position AND s.done_at IS NULL)";

    /** Whether rows of a chunk have arrived that wait for their compression. */
    private static final String BEGUN = "EXISTS (SELECT FROM hyperferry.slice t"
            + " WHERE t.compression = c.position AND t.done_at IS NOT NULL AND NOT t.as_tuples)";

    private SliceQueries() {}

    /**
     * A slice that was claimed.
     *
     * @param position its position in the plan
     * @param compressedRelation the relation that its compressed tuples go into, quoted, or null when rows are copied
     * @param wholeTable whether it takes in all of its table, for the other slices, too
     */
    public record Claimed(int position, @Nullable String compressedRelation, boolean wholeTable) {}

    static void create(Connection target, MigrationPlan plan) throws SQLException {
        Map<Integer, Integer> compressions = new HashMap<>();
        try (PreparedStatement insert = target.prepareStatement(
                "INSERT INTO hyperferry.compression (position, relation, bytes) VALUES (?, ?, ?)")) {
            for (Step.Compression compression : plan.copyData().orElseThrow().compressions()) {
                insert.setInt(1, compression.position());
                insert.setString(2, compression.table().toString());
                insert.setLong(3, compression.bytes());
                insert.addBatch();
                compression.slices().forEach(it -> compressions.put(it, compression.position()));
            }
            insert.executeBatch();
        }
        try (PreparedStatement insert = target.prepareStatement(
                "INSERT INTO hyperferry.slice (position, relation, compression) VALUES (?, ?, ?)")) {
            for (TableData table : plan.tables()) {
                for (Slice slice : table.slices()) {
                    insert.setInt(1, slice.position());
                    insert.setString(2, table.table().toString());
                    insert.setObject(3, compressions.get(slice.position()), Types.INTEGER);
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
    }

    /** The slices of which it is known whether compressed tuples or rows are copied. */
    public static Set<Integer> decided(Connection target) throws SQLException {
        return new HashSet<>(Jdbc.query(
                target,
                "SELECT position FROM hyperferry.slice WHERE compressed_relation IS NOT NULL OR refusal IS NOT NULL",
                row -> row.getInt(1)));
    }

    /** Notes where a slice's compressed tuples go. */
    public static void acceptTuples(Connection target, int slice, String relation) throws SQLException {
        Jdbc.update(target, "UPDATE hyperferry.slice SET compressed_relation = ? WHERE position = ?", relation, slice);
    }

    /** Notes why rows are copied where compressed tuples were meant to be. */
    public static void refuseTuples(Connection target, int slice, String reason) throws SQLException {
        Jdbc.update(target, "UPDATE hyperferry.slice SET refusal = ? WHERE position = ?", reason, slice);
    }

    /**
     * Claims the first open slice that nobody copies, for the rest of the transaction.
     *
     * @param maxUncompressed as many bytes of chunks that are still to be compressed may be there before another such chunk is begun; null
     *     for any number
     */
    public static Optional<Claimed> claimSlice(Connection target, @Nullable Long maxUncompressed) throws SQLException {
        return claimSlice(target, maxUncompressed, "FOR UPDATE OF s SKIP LOCKED");
    }

    /**
     * Waits until the first open slice is not being copied any more, and claims it if it is still open: its worker, wherever it runs,
     * may have died.
     */
    public static Optional<Claimed> awaitSlice(Connection target, @Nullable Long maxUncompressed) throws SQLException {
        return claimSlice(target, maxUncompressed, "FOR UPDATE OF s");
    }

    private static Optional<Claimed> claimSlice(Connection target, @Nullable Long maxUncompressed, String lock)
            throws SQLException {
        boolean full = maxUncompressed != null && uncompressed(target) >= maxUncompressed;
        String allowed = full
                ? " AND (s.compression IS NULL OR s.compressed_relation IS NOT NULL"
                        + " OR EXISTS (SELECT FROM hyperferry.compression c WHERE c.position = s.compression AND "
                        + BEGUN
                        + "))"
                : "";
        return Jdbc.query(
                        target,
                        "SELECT s.position, s.compressed_relation, s.whole_table FROM hyperferry.slice s WHERE s.done_at IS NULL"
                                + allowed + " ORDER BY s.position LIMIT 1 " + lock,
                        row -> new Claimed(
                                row.getInt("position"),
                                row.getString("compressed_relation"),
                                row.getBoolean("whole_table")))
                .stream()
                .findFirst();
    }

    /** What rows of chunks take that have arrived and wait for their compression. */
    private static long uncompressed(Connection target) throws SQLException {
        return Jdbc.one(
                target,
                "SELECT coalesce(sum(c.bytes), 0) FROM hyperferry.compression c WHERE c.done_at IS NULL AND " + BEGUN,
                row -> row.getLong(1));
    }

    /** Claims a chunk whose slices are all there and that nobody compresses, for the rest of the transaction. */
    public static Optional<Integer> claimCompression(Connection target) throws SQLException {
        return claimCompression(target, "FOR UPDATE OF c SKIP LOCKED");
    }

    /** Waits until the first of these chunks is not being compressed any more, and claims it if it is still to be compressed. */
    public static Optional<Integer> awaitCompression(Connection target) throws SQLException {
        return claimCompression(target, "FOR UPDATE OF c");
    }

    private static Optional<Integer> claimCompression(Connection target, String lock) throws SQLException {
        return Jdbc.query(
                        target,
                        "SELECT c.position FROM hyperferry.compression c WHERE c.done_at IS NULL AND " + FILLED
                                + " ORDER BY c.position LIMIT 1 " + lock,
                        row -> row.getInt(1))
                .stream()
                .findFirst();
    }

    /** Whether a slice is to be copied or a chunk to be compressed. */
    public static boolean isAnyOpen(Connection target) throws SQLException {
        return Jdbc.one(target, """
                SELECT EXISTS (SELECT FROM hyperferry.slice WHERE done_at IS NULL)
                    OR EXISTS (SELECT FROM hyperferry.compression WHERE done_at IS NULL)""", row -> row.getBoolean(1));
    }

    /** Marks a chunk as compressed. */
    public static void markCompression(Connection target, int position, Doer doer, Duration elapsed)
            throws SQLException {
        Jdbc.update(target, """
                UPDATE hyperferry.compression
                SET done_at = clock_timestamp(), attempt = ?, worker = ?, elapsed = make_interval(secs => ?)
                WHERE position = ?""", doer.attempt(), doer.worker(), Ledger.seconds(elapsed), position);
    }

    /** Marks a slice as copied, with what was read. */
    public static void markSlice(
            Connection target, int position, Doer doer, SliceMark mark, long bytes, Duration elapsed)
            throws SQLException {
        Jdbc.update(
                target,
                """
                UPDATE hyperferry.slice
                SET done_at = clock_timestamp(), attempt = ?, worker = ?, reading = ?, as_tuples = ?, row_count = ?, digest = ?,
                    bytes = ?, elapsed = make_interval(secs => ?)
                WHERE position = ?""",
                doer.attempt(),
                doer.worker(),
                mark.reading().name(),
                mark.asTuples(),
                mark.digest().rows(),
                mark.digest().sum(),
                bytes,
                Ledger.seconds(elapsed),
                position);
    }

    /**
     * What came of a slice, in numbers.
     *
     * @param position its position in the plan
     * @param rows its rows
     * @param bytes the bytes of COPY data that it took
     */
    public record Copied(int position, long rows, long bytes) {}

    /** The slices that are done, in numbers. */
    public static List<Copied> copied(Connection target) throws SQLException {
        return Jdbc.query(
                target,
                "SELECT position, row_count, bytes FROM hyperferry.slice WHERE done_at IS NOT NULL",
                row -> new Copied(row.getInt("position"), row.getLong("row_count"), row.getLong("bytes")));
    }

    /** The slices that are done, by position. */
    public static Map<Integer, SliceState> done(Connection target) throws SQLException {
        Map<Integer, SliceState> slices = new HashMap<>();
        List<SliceState> all = Jdbc.query(
                target,
                """
                SELECT position, attempt, reading, as_tuples, refusal, row_count, bytes, digest
                FROM hyperferry.slice
                WHERE done_at IS NOT NULL""",
                row -> new SliceState(
                        row.getInt("position"),
                        row.getInt("attempt"),
                        new SliceMark(
                                Reading.valueOf(row.getString("reading")), row.getBoolean("as_tuples"), Digest.of(row)),
                        row.getLong("bytes"),
                        row.getString("refusal")));
        all.forEach(it -> slices.put(it.position(), it));
        return slices;
    }
}
