package io.hyperferry.internal.run;

import io.hyperferry.DigestMethod;
import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CompressedChunks;
import io.hyperferry.catalog.CompressedRelation.Layout;
import io.hyperferry.catalog.CompressionSizes;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.SnapshotGuard;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopyTask;
import io.hyperferry.copy.CopyTask.Part;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.Sessions;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.ledger.Doer;
import io.hyperferry.internal.ledger.Reading;
import io.hyperferry.internal.ledger.Recoveries;
import io.hyperferry.internal.ledger.SliceMark;
import io.hyperferry.internal.ledger.SliceQueries;
import io.hyperferry.internal.sql.ColumnstoreSql;
import io.hyperferry.internal.sql.CompressedSql;
import io.hyperferry.internal.sql.CopySql;
import io.hyperferry.internal.sql.DigestSql;
import io.hyperferry.internal.sql.Identifiers;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A slice in the hands of a worker. On the source it locks the relation, makes sure that the snapshot still tells the truth about it, and
 * digests what was copied in the transaction that copied it; on the target it marks the slice in the transaction that carries its rows.
 */
final class SliceClaim implements CopyClaim {
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String UNDEFINED_SCHEMA = "3F000";

    /** What the server says of a snapshot that it does not know (until 16, and since 17), or whose session is gone. */
    private static final Set<String> UNKNOWN_SNAPSHOT = Set.of("22023", "42704", "55000");

    /** Where every snapshot is lost at once, none can be shared: behind a pooler that spreads sessions over servers, for example. */
    private static final int MOST_LOST_SNAPSHOTS = 3;

    private final TableData table;
    private final Slice slice;
    private final QualifiedName relation;
    private final List<String> settings;
    private final DigestMethod method;
    private final @Nullable Tuples tuples;
    private final @Nullable Snapshots snapshots;
    private final SnapshotGuard guard;
    private final int attempt;
    private final SliceDone done;
    private Reading reading;
    /** Whether compressed tuples travel; what happened to the chunk on the source meanwhile can make it rows. */
    private boolean asTuples;

    /** The snapshot that was read under, if any was. */
    private Snapshots.@Nullable Current snapshot;

    private int lostSnapshots;
    private @Nullable CompressionSizes sizes;
    private Digest digest = Digest.EMPTY;

    /** Hears of slices that are committed. */
    interface SliceDone {
        /** A slice is committed. */
        void done(TableData table, Slice slice, long rows, CopyResult result);
    }

    /**
     * How compressed tuples travel.
     *
     * @param relation what they go into on the target, quoted
     * @param layout how they are to be read, on both sides
     * @param source tells where they are on the source
     * @param statesSizes whether the target's role may state what compressing made of the chunk
     */
    record Tuples(String relation, Layout layout, CompressedChunks source, boolean statesSizes) {}

    /**
     * A claim.
     *
     * @param relation what is written to
     * @param settings what the target's transaction begins with
     * @param tuples how compressed tuples travel, or null when rows do
     */
    SliceClaim(
            TableData table,
            Slice slice,
            QualifiedName relation,
            List<String> settings,
            DigestMethod method,
            @Nullable Tuples tuples,
            @Nullable Snapshots snapshots,
            SnapshotGuard guard,
            int attempt,
            SliceDone done) {
        this.table = table;
        this.slice = slice;
        this.relation = relation;
        this.settings = List.copyOf(settings);
        this.method = method;
        this.tuples = tuples;
        this.asTuples = tuples != null;
        this.snapshots = snapshots;
        this.guard = guard;
        this.attempt = attempt;
        this.done = done;
        this.reading = snapshots == null ? Reading.EACH_SLICE : Reading.SNAPSHOT;
    }

    @Override
    public CopyTask task() {
        String name = "slice " + slice.position() + " of " + table.table();
        String in = CopySql.in(table, Identifiers.quote(relation));
        if (tuples != null && asTuples) {
            return new CopyTask(
                    name,
                    List.of(
                            new Part(
                                    CopySql.tuplesOut(slice, tuples.layout()),
                                    CopySql.tuplesIn(tuples.relation(), tuples.layout())),
                            new Part(CopySql.uncompressedOut(table, slice), in)));
        }
        return new CopyTask(
                name, slice.compressedOnArrival() ? CopySql.sortedOut(table, slice) : CopySql.out(table, slice), in);
    }

    @Override
    public BeforeRead beforeRead(Connection source) throws SQLException {
        Jdbc.execute(source, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        QualifiedName read = slice.chunk() == null ? table.table() : slice.chunk();
        if (!lock(source, read)) {
            reading = Reading.DROPPED;
            asTuples = false;
            return BeforeRead.NOTHING_TO_READ;
        }
        if (asTuples && slice.compressed() != null && !lock(source, slice.compressed())) {
            // No snapshot can be taken over after a statement that failed.
            asTuples = false;
            return BeforeRead.BEGIN_AGAIN;
        }
        if (snapshots != null && (reading == Reading.SNAPSHOT || reading == Reading.LATER_SNAPSHOT)) {
            if (!importSnapshot(source, snapshots)) {
                return BeforeRead.BEGIN_AGAIN;
            }
            if (!guard.unchanged(source, read)
                    || (asTuples && !guard.unchanged(source, Objects.requireNonNull(slice.compressed())))) {
                reading = Reading.REWRITTEN;
                // Its pages are others now than those that were read before: TornTables has the table read as a whole.
                return slice.mode() == Slice.Mode.CTID ? BeforeRead.NOTHING_TO_READ : BeforeRead.BEGIN_AGAIN;
            }
        } else if (asTuples && tuples != null) {
            asTuples = tuples.source()
                    .find(source, read)
                    .map(it ->
                            it.name().equals(slice.compressed()) && it.layout().equals(tuples.layout()))
                    .orElse(false);
        }
        Jdbc.execute(source, Sessions.SETTLE);
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

    /** Locks what is read, so that it cannot be dropped or rewritten meanwhile. Taken before the snapshot, which then is no older. */
    static boolean lock(Connection source, QualifiedName relation) throws SQLException {
        Savepoint savepoint = source.setSavepoint();
        try {
            Jdbc.execute(source, "LOCK TABLE ONLY " + Identifiers.quote(relation) + " IN ACCESS SHARE MODE");
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

    @Override
    public void afterRead(Connection source) throws SQLException {
        if (asTuples && tuples != null && tuples.statesSizes() && slice.chunk() != null) {
            sizes = tuples.source().sizes(source, slice.chunk()).orElse(null);
        }
        if (asTuples || method != DigestMethod.COUNT) {
            Jdbc.execute(source, Sessions.SETTLE_DIGESTS);
            Jdbc.execute(source, Sessions.ONE_OF_SEVERAL);
            digest = Jdbc.one(source, DigestSql.ofSlice(table, slice, method), Digest::of);
        }
    }

    @Override
    public void beforeWrite(Connection target) throws SQLException {
        for (String setting : settings) {
            Jdbc.execute(target, setting);
        }
        if (slice.compressedOnArrival() && !asTuples) {
            for (String setting : ColumnstoreSql.COMPRESS_ON_ARRIVAL) {
                Jdbc.execute(target, setting);
            }
        }
    }

    @Override
    public void beforeCommit(Connection target, CopyResult result) throws SQLException {
        if (!asTuples && method == DigestMethod.COUNT) {
            digest = new Digest(result.rows(), BigDecimal.ZERO);
        } else if (!asTuples && result.rows() != digest.rows()) {
            throw new SQLException(
                    "copied " + result.rows() + " rows where the same transaction counted " + digest.rows());
        }
        if (tuples != null && !asTuples && reading != Reading.DROPPED) {
            SliceQueries.refuseTuples(target, slice.position(), "it was changed on the source meanwhile");
        }
        if (tuples != null && sizes != null) {
            Jdbc.execute(target, CompressedSql.stateSizes(tuples.relation(), sizes));
        }
        if (reading == Reading.LATER_SNAPSHOT && snapshot != null) {
            Recoveries.noteSnapshot(target, attempt, snapshot.number(), snapshot.id());
        }
        SliceQueries.markSlice(
                target,
                slice.position(),
                Doer.ofThread(attempt),
                new SliceMark(reading, asTuples, digest),
                result.bytes(),
                result.elapsed());
    }

    @Override
    public void committed(CopyResult result) {
        done.done(table, slice, digest.rows(), result);
    }
}
