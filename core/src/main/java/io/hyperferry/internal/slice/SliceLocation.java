package io.hyperferry.internal.slice;

import io.hyperferry.DigestMethod;
import io.hyperferry.Slice;
import io.hyperferry.Slice.SpaceRange;
import io.hyperferry.TableData;
import io.hyperferry.catalog.ChunkBounds;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.SnapshotGuard;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.sql.CopySql;
import io.hyperferry.internal.sql.DigestSql;
import io.hyperferry.internal.sql.TimeType;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows of a slice are on the source.
 *
 * <p>A slice is a box: its range of time and, where the hypertable has more dimensions, the planned chunk's ranges in these. A chunk that is
 * merged with another, or split, keeps its name and gets other bounds, so the name alone does not tell what a chunk holds. While the
 * chunk has the planned bounds, the slice is read from it. Otherwise its rows are read through the hypertable, by the box.
 *
 * <p>What holds the rows is locked before a transaction takes its snapshot, and then looked at under the snapshot: what is locked cannot be
 * merged, split or dropped any more. Not thread-safe: it belongs to one reader.
 */
public final class SliceLocation {
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String UNDEFINED_SCHEMA = "3F000";

    /** A transient failure: the transaction is retried. */
    private static final String SERIALIZATION_FAILURE = "40001";

    /** What is merged and split this often between two statements is not going to rest soon. */
    private static final int MAX_MOVES = 10;

    private final ChunkBounds chunks;
    private final SnapshotGuard guard;
    private final @Nullable QualifiedName hypertable;
    private final TableData table;
    private final Slice slice;

    /** The range of time of the planned chunk, as it was last seen. */
    private @Nullable DimensionRange planned;

    /** What was found to hold the rows, in place of the planned chunk. */
    private @Nullable List<QualifiedName> found;

    private boolean locked;
    private int moves;

    SliceLocation(
            ChunkBounds chunks, SnapshotGuard guard, @Nullable QualifiedName hypertable, TableData table, Slice slice) {
        this.chunks = chunks;
        this.guard = guard;
        this.hypertable = hypertable;
        this.table = table;
        this.slice = slice;
    }

    /** What a look at the source shows. */
    public enum Look {
        /** What is locked holds the rows. */
        HERE,
        /** Other chunks hold the rows: another transaction is to lock these, and to look again. */
        MOVED,
        /** Nothing holds rows of the slice any more. */
        GONE
    }

    /** The slice. */
    public Slice slice() {
        return slice;
    }

    /** What follows {@code FROM} to read the rows. */
    public String rows() {
        if (found == null) {
            return planned == null ? CopySql.rowsOf(table, slice) : CopySql.rowsOf(table, slice, planned);
        }
        return CopySql.rowsInBox(table, slice, Objects.requireNonNull(hypertable, "hypertable"));
    }

    /**
     * Locks what holds the rows as far as is known, so that it cannot be dropped, merged or rewritten meanwhile. Takes no snapshot, so that the
     * transaction's snapshot is no older than the locks.
     *
     * @return whether all of it was there
     */
    public boolean lock(Connection source) throws SQLException {
        locked = lock(source, found == null ? List.of(slice.chunk() == null ? table.table() : slice.chunk()) : found);
        return locked;
    }

    /** Locks relations; false, with none of them locked, when one is gone. */
    public static boolean lock(Connection source, List<QualifiedName> relations) throws SQLException {
        Savepoint savepoint = source.setSavepoint();
        try {
            Jdbc.execute(source, CopySql.lock(relations));
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState()) || UNDEFINED_SCHEMA.equals(e.getSQLState())) {
                source.rollback(savepoint);
                return false;
            }
            throw e;
        }
        source.releaseSavepoint(savepoint);
        return true;
    }

    /**
     * Looks whether what {@link #lock} has locked holds the rows.
     *
     * @param source in the same transaction, whose snapshot is no older than the locks
     * @throws SQLException when the rows are elsewhere and cannot be read there, or are elsewhere again at each look
     */
    public Look look(Connection source) throws SQLException {
        if (slice.chunk() == null) {
            return locked ? Look.HERE : Look.GONE;
        }
        if (found == null && locked && isAsPlanned(source)) {
            return Look.HERE;
        }
        List<QualifiedName> now = hypertable == null ? List.of() : chunks.overlapping(source, hypertable, box());
        if (now.isEmpty()) {
            return Look.GONE;
        }
        if (locked && now.equals(found)) {
            return Look.HERE;
        }
        return moveTo(now);
    }

    /** Whether the planned chunk has the planned bounds in the transaction's snapshot; true for a plain table. */
    public boolean isAsPlanned(Connection source) throws SQLException {
        return slice.chunk() == null || isAsPlanned(chunks.of(source, slice.chunk()));
    }

    private Look moveTo(List<QualifiedName> now) throws SQLException {
        if (TimeType.of(Objects.requireNonNull(table.time(), "time")) == TimeType.OPAQUE) {
            throw new SQLException("chunk " + slice.chunk() + " of " + table.table()
                    + " was merged, split or made again after the plan was made, and its part of the rows cannot be read by"
                    + " time, which is of another type than a number, a date or a timestamp");
        }
        if (++moves > MAX_MOVES) {
            throw new SQLException(
                    "chunks of " + table.table() + " are merged and split faster than they can be locked",
                    SERIALIZATION_FAILURE);
        }
        found = now;
        return Look.MOVED;
    }

    /**
     * Checks after rows were read that their chunks are still what the transaction's snapshot saw. Compressing a partly compressed chunk moves
     * its rows without waiting for readers, who then miss them.
     *
     * @param source in the transaction that read them, which has one snapshot for all statements
     * @throws SQLException when a chunk was compressed or rewritten meanwhile: a transient failure
     */
    public void requireUnchanged(Connection source) throws SQLException {
        if (slice.chunk() == null) {
            return;
        }
        for (QualifiedName chunk : found == null ? List.of(slice.chunk()) : found) {
            if (!guard.unchanged(source, chunk)) {
                throw new SQLException(
                        "chunk " + chunk + " of " + table.table() + " was compressed while it was read",
                        SERIALIZATION_FAILURE);
            }
        }
    }

    /**
     * The rows of a slice.
     *
     * @param digest their digest
     * @param outside how many of them lie outside of the slice's range of time, although its chunk holds them
     */
    public record Rows(Digest digest, long outside) {}

    /**
     * The rows as they are now, none where nothing holds any.
     *
     * @param source in a transaction whose statements each have a snapshot of their own
     */
    public Rows read(Connection source, DigestMethod method) throws SQLException {
        return find(source)
                ? Jdbc.one(
                        source,
                        DigestSql.ofSlice(table, slice, rows(), method),
                        row -> new Rows(Digest.of(row), row.getLong("outside")))
                : new Rows(Digest.EMPTY, 0);
    }

    private boolean find(Connection source) throws SQLException {
        while (true) {
            Savepoint before = source.setSavepoint();
            lock(source);
            Look look = look(source);
            if (look != Look.MOVED) {
                return look == Look.HERE;
            }
            // A lock that is kept while others are awaited could hold up who holds these.
            source.rollback(before);
        }
    }

    /** Whether bounds are the planned ones, or, for a part of a chunk, hold all of it. */
    private boolean isAsPlanned(List<DimensionRange> bounds) {
        if (bounds.isEmpty()) {
            return false;
        }
        DimensionRange time = bounds.get(0);
        planned = time;
        boolean sameTime = slice.wholeChunk()
                ? time.from() == slice.from() && time.to() == slice.to()
                : time.from() <= slice.from() && slice.to() <= time.to();
        return sameTime
                && (slice.space().isEmpty() || bounds.subList(1, bounds.size()).equals(space()));
    }

    private List<DimensionRange> box() {
        List<DimensionRange> box = new ArrayList<>(space());
        box.add(
                0,
                new DimensionRange(Objects.requireNonNull(table.time(), "time").column(), slice.from(), slice.to()));
        return box;
    }

    private List<DimensionRange> space() {
        return slice.space().stream().map(SliceLocation::range).toList();
    }

    private static DimensionRange range(SpaceRange range) {
        return new DimensionRange(range.dimension().column(), range.from(), range.to());
    }
}
