package io.hyperferry.internal.run;

import io.hyperferry.DigestMethod;
import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CompressedChunks;
import io.hyperferry.catalog.CompressedRelation.Layout;
import io.hyperferry.catalog.CompressionSizes;
import io.hyperferry.catalog.SnapshotGuard;
import io.hyperferry.copy.CopyClaim.BeforeRead;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.Sessions;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.ledger.Reading;
import io.hyperferry.internal.slice.SliceLocation;
import io.hyperferry.internal.slice.SliceLocation.Look;
import io.hyperferry.internal.sql.CopySql;
import io.hyperferry.internal.sql.DigestSql;
import io.hyperferry.internal.sql.Identifiers;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A slice as it is read on the source: its relation is locked, it is made sure that the snapshot still tells the truth about it, and what was
 * read is digested in the transaction that read it.
 */
final class SliceReading {
    /** What the server says of a snapshot that it does not know (until 16, and since 17), or whose session is gone. */
    private static final Set<String> UNKNOWN_SNAPSHOT = Set.of("22023", "42704", "55000");

    /** Where every snapshot is lost at once, none can be shared: behind a pooler that spreads sessions over servers, for example. */
    private static final int MOST_LOST_SNAPSHOTS = 3;

    private final TableData table;
    private final Slice slice;
    private final SliceLocation location;
    private final DigestMethod method;
    private final @Nullable Tuples tuples;
    private final @Nullable Snapshots snapshots;
    private final SnapshotGuard guard;
    private Reading reading;
    /** Whether compressed tuples travel; what happened to the chunk on the source meanwhile can make it rows. */
    private boolean asTuples;

    /** The snapshot that was read under, if any was. */
    private Snapshots.@Nullable Current snapshot;

    private int lostSnapshots;
    private @Nullable CompressionSizes sizes;
    private Digest digest = Digest.EMPTY;

    /**
     * How compressed tuples are read.
     *
     * @param layout how they are to be read, on both sides
     * @param chunks tells where they are on the source
     * @param withSizes whether it is of use what compressing made of the chunk
     */
    record Tuples(Layout layout, CompressedChunks chunks, boolean withSizes) {}

    /**
     * A slice to read.
     *
     * @param location where its rows are on the source
     * @param tuples how compressed tuples are read, or null when rows are
     * @param snapshots what to read under, or null for each slice as it is when its turn comes
     */
    SliceReading(
            TableData table,
            SliceLocation location,
            DigestMethod method,
            @Nullable Tuples tuples,
            @Nullable Snapshots snapshots,
            SnapshotGuard guard) {
        this.table = table;
        this.slice = location.slice();
        this.location = location;
        this.method = method;
        this.tuples = tuples;
        this.asTuples = tuples != null;
        this.snapshots = snapshots;
        this.guard = guard;
        this.reading = snapshots == null ? Reading.EACH_SLICE : Reading.SNAPSHOT;
    }

    /** What it is called in messages, logs and events. */
    static String name(TableData table, Slice slice) {
        return "slice " + slice.position() + " of " + table.table();
    }

    /** How it was read. */
    Reading reading() {
        return reading;
    }

    /** Whether compressed tuples are what is read. */
    boolean asTuples() {
        return asTuples;
    }

    /** The snapshot that was read under, if any was. */
    Snapshots.@Nullable Current snapshot() {
        return snapshot;
    }

    /** What compressing made of the chunk, if that is of use and known. */
    @Nullable
    CompressionSizes sizes() {
        return sizes;
    }

    /** The digest of what was read; of {@link DigestMethod#COUNT}, it is known only with the number of rows that were copied. */
    Digest digest() {
        return digest;
    }

    /** What is read: the tuples and the rows beside them, or the rows alone. */
    List<String> queries() {
        if (tuples != null && asTuples) {
            return List.of(
                    CopySql.tuplesOut(slice, tuples.layout()),
                    CopySql.uncompressedOut(
                            table,
                            slice,
                            tuples.chunks().partlyCompressed(Objects.requireNonNull(slice.chunk(), "chunk"))));
        }
        return List.of(
                slice.compressedOnArrival()
                        ? CopySql.sortedOut(table, location.rows())
                        : CopySql.out(table, location.rows()));
    }

    /** Prepares the source's transaction, and says what is to be read. */
    BeforeRead begin(Connection source) throws SQLException {
        Jdbc.execute(source, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        boolean locked = location.lock(source);
        if (locked
                && asTuples
                && slice.compressed() != null
                && !SliceLocation.lock(source, List.of(slice.compressed()))) {
            // No snapshot can be taken over after a statement that failed.
            asTuples = false;
            return BeforeRead.BEGIN_AGAIN;
        }
        BeforeRead decision = locked && snapshots != null && isUnderSnapshot()
                ? underSnapshot(source, snapshots)
                : underOwnSnapshot(source);
        if (decision == BeforeRead.READ) {
            Jdbc.execute(source, Sessions.SETTLE);
        }
        return decision;
    }

    private boolean isUnderSnapshot() {
        return reading == Reading.SNAPSHOT || reading == Reading.LATER_SNAPSHOT;
    }

    private BeforeRead underSnapshot(Connection source, Snapshots all) throws SQLException {
        if (!importSnapshot(source, all)) {
            return BeforeRead.BEGIN_AGAIN;
        }
        // A resumed run's snapshot is not the one that the plan was made under.
        if (guard.unchanged(source, slice.chunk() == null ? table.table() : slice.chunk())
                && (!asTuples || guard.unchanged(source, Objects.requireNonNull(slice.compressed())))
                && location.isAsPlanned(source)) {
            return BeforeRead.READ;
        }
        reading = Reading.REWRITTEN;
        // Its pages are others now than those that were read before: TornTables has the table read as a whole.
        return slice.mode() == Slice.Mode.CTID ? BeforeRead.NOTHING_TO_READ : BeforeRead.BEGIN_AGAIN;
    }

    private BeforeRead underOwnSnapshot(Connection source) throws SQLException {
        Look look = location.look(source);
        if (look != Look.HERE) {
            asTuples = false;
        }
        if (look == Look.GONE) {
            reading = Reading.DROPPED;
            return BeforeRead.NOTHING_TO_READ;
        }
        if (look == Look.MOVED) {
            reading = isUnderSnapshot() ? Reading.REWRITTEN : reading;
            return BeforeRead.BEGIN_AGAIN;
        }
        if (asTuples && tuples != null) {
            asTuples = tuples.chunks()
                    .find(source, Objects.requireNonNull(slice.chunk(), "chunk"))
                    .map(it ->
                            it.name().equals(slice.compressed()) && it.layout().equals(tuples.layout()))
                    .orElse(false);
        }
        return BeforeRead.READ;
    }

    /** Takes the run's snapshot over; gives false when the server has it no more, and another is to be tried. */
    private boolean importSnapshot(Connection source, Snapshots all) throws SQLException {
        Snapshots.Current current = all.current();
        reading = current.number() == 1 ? Reading.SNAPSHOT : Reading.LATER_SNAPSHOT;
        snapshot = current;
        try {
            Jdbc.execute(source, "SET TRANSACTION SNAPSHOT " + Identifiers.literal(current.id()));
            return true;
        } catch (SQLException e) {
            if (!UNKNOWN_SNAPSHOT.contains(String.valueOf(e.getSQLState())) || ++lostSnapshots > MOST_LOST_SNAPSHOTS) {
                throw e;
            }
            all.lost(current);
            return false;
        }
    }

    /** Digests what was read, and whatever else the transaction tells. */
    void end(Connection source) throws SQLException {
        if (asTuples && tuples != null && tuples.withSizes() && slice.chunk() != null) {
            sizes = tuples.chunks().sizes(source, slice.chunk()).orElse(null);
        }
        if (asTuples || method != DigestMethod.COUNT) {
            Jdbc.execute(source, Sessions.SETTLE_DIGESTS);
            Jdbc.execute(source, Sessions.ONE_OF_SEVERAL);
            digest = Jdbc.one(source, DigestSql.ofRows(table, location.rows(), method), Digest::of);
        }
        location.requireUnchanged(source);
    }

    /**
     * The digest, compared with how many rows went across.
     *
     * @param rows those that the other side took or the source sent; of tuples, it says nothing
     * @throws SQLException when it is another number
     */
    Digest digestOf(long rows) throws SQLException {
        if (!asTuples && method == DigestMethod.COUNT) {
            return new Digest(rows, BigDecimal.ZERO);
        }
        if (!asTuples && rows != digest.rows()) {
            throw new SQLException("copied " + rows + " rows where the same transaction counted " + digest.rows());
        }
        return digest;
    }
}
