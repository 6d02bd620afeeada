package io.hyperferry.internal.run;

import io.hyperferry.RepairReport.Repair;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopyTask;
import io.hyperferry.copy.CopyTask.Part;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.Sessions;
import io.hyperferry.internal.slice.SliceLocation;
import io.hyperferry.internal.slice.SliceLocation.Look;
import io.hyperferry.internal.slice.SliceLocator;
import io.hyperferry.internal.sql.CopySql;
import io.hyperferry.internal.sql.DigestSql;
import io.hyperferry.internal.sql.Identifiers;
import io.hyperferry.internal.sql.RepairSql;
import io.hyperferry.internal.verify.DigestRange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of a table in the hands of a worker, whose rows on the target are replaced by the source's. All of it is one transaction there: when it
 * fails, the target has what it had. Ranges that share a compressed chunk of the target are in one claim, since each worker compresses that again.
 */
final class RepairClaim implements CopyClaim {
    private final Job job;
    private final Consumer<Repair> done;
    private final Set<Chunk> dropped = new HashSet<>();
    private List<DigestRange> replaced = List.of();
    private List<SliceLocation> copied = List.of();
    private final List<SliceLocation> locations;
    private long deleted;

    /**
     * What is to be done.
     *
     * @param verb what it is done for, for people
     * @param table the table
     * @param sourceRelation what holds its rows on the source
     * @param relation what holds its rows on the target
     * @param ranges the ranges in which both sides differ
     * @param chunks the target's chunks that they touch
     * @param timescale the target's TimescaleDB; null without chunks
     * @param settings what the target's transaction begins with
     * @param locator tells where slices are on the source
     * @param compression compresses the target's chunks
     */
    record Job(
            String verb,
            TableData table,
            QualifiedName sourceRelation,
            QualifiedName relation,
            List<DigestRange> ranges,
            List<Chunk> chunks,
            @Nullable Timescale timescale,
            List<String> settings,
            SliceLocator locator,
            ChunkCompression compression) {
        /** The same, in a transaction that begins with these settings before the others. */
        Job beginningWith(List<String> first) {
            return new Job(
                    verb,
                    table,
                    sourceRelation,
                    relation,
                    ranges,
                    chunks,
                    timescale,
                    Stream.concat(first.stream(), settings.stream()).toList(),
                    locator,
                    compression);
        }
    }

    RepairClaim(Job job, Consumer<Repair> done) {
        this.job = job;
        this.done = done;
        this.locations = job.ranges().stream()
                .flatMap(range -> job.table().slices().stream()
                        .filter(slice -> range.slices().contains(slice.position())))
                .map(slice -> job.locator().location(job.table(), slice))
                .toList();
    }

    @Override
    public CopyTask task() {
        TableData table = job.table();
        String in = CopySql.in(table, Identifiers.quote(job.relation()));
        return new CopyTask(
                job.verb() + " of " + table.table() + " (" + job.ranges().get(0).describe() + ")",
                copied.stream()
                        .map(slice -> new Part(CopySql.out(table, slice.rows()), in))
                        .toList());
    }

    @Override
    public BeforeRead beforeRead(Connection source) throws SQLException {
        Jdbc.execute(source, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        for (SliceLocation location : locations) {
            location.lock(source);
        }
        List<SliceLocation> there = new ArrayList<>();
        boolean moved = false;
        for (SliceLocation location : locations) {
            Look look = location.look(source);
            moved |= look == Look.MOVED;
            // A slice that is gone by now has no rows to copy.
            if (look == Look.HERE) {
                there.add(location);
            }
        }
        if (moved) {
            return BeforeRead.BEGIN_AGAIN;
        }
        Jdbc.execute(source, Sessions.SETTLE);
        List<DigestRange> ranges = new ArrayList<>();
        for (DigestRange range : job.ranges()) {
            if (!range.slices().isEmpty() || isEmpty(source, range)) {
                ranges.add(range);
            }
        }
        replaced = ranges;
        copied = there;
        return BeforeRead.READ;
    }

    @Override
    public void afterRead(Connection source) throws SQLException {
        for (SliceLocation location : copied) {
            location.requireUnchanged(source);
        }
    }

    /** The slices that are copied, of those of the ranges; known once the source was asked. */
    List<SliceLocation> copied() {
        return copied;
    }

    /** Whether the source still has no row where it had none: what came meanwhile is in no slice. */
    private boolean isEmpty(Connection source, DigestRange gap) throws SQLException {
        return Jdbc.one(
                source,
                DigestSql.countOfRange(job.table(), job.sourceRelation(), gap.from(), gap.to()),
                row -> row.getLong("row_count") == 0);
    }

    @Override
    public void beforeWrite(Connection target) throws SQLException {
        for (String setting : job.settings()) {
            Jdbc.execute(target, setting);
        }
        for (Chunk chunk : job.chunks()) {
            if (chunk.isFrozen()) {
                Jdbc.execute(target, RepairSql.unfreeze(chunk.name(), timescale()));
            }
        }
        if (job.timescale() != null) {
            Jdbc.query(target, RepairSql.CHUNK_SKIPPING, row -> row.getString(1));
        }
        deleted = 0;
        for (DigestRange range : replaced) {
            if (isEmptied(range)) {
                dropIn(range, target);
            }
            deleted += Jdbc.update(target, RepairSql.delete(job.table(), job.relation(), range.from(), range.to()));
        }
        for (Chunk chunk : job.chunks()) {
            if (chunk.isCompressed() && isReplaced(chunk) && !dropped.contains(chunk)) {
                empty(chunk, target);
            }
        }
    }

    /** Removes rows that a condition on time did not find, because the metadata of their compressed tuple is wrong. */
    private void empty(Chunk chunk, Connection target) throws SQLException {
        long left = Jdbc.one(target, RepairSql.count(chunk.name()), row -> row.getLong("row_count"));
        if (left > 0) {
            deleted += left;
            Jdbc.execute(target, RepairSql.empty(chunk.name()));
        }
    }

    /** Whether ranges that are replaced cover all of a chunk. */
    private boolean isReplaced(Chunk chunk) {
        long end = chunk.ranges().get(0).from();
        for (DigestRange range : replaced.stream()
                .sorted(Comparator.comparingLong(DigestRange::from))
                .toList()) {
            if (range.from() <= end) {
                end = Math.max(end, range.to());
            }
        }
        return end >= chunk.ranges().get(0).to();
    }

    /** Whether the source has no chunk there. */
    private boolean isEmptied(DigestRange range) {
        return copied.stream()
                .noneMatch(location -> range.slices().contains(location.slice().position()));
    }

    /** Drops the chunks of a range, which takes less than removing their rows. */
    private void dropIn(DigestRange range, Connection target) throws SQLException {
        for (Chunk chunk : job.chunks()) {
            if (range.contains(chunk)) {
                deleted += Jdbc.one(target, RepairSql.count(chunk.name()), row -> row.getLong("row_count"));
                drop(chunk, target);
            }
        }
    }

    private void drop(Chunk chunk, Connection target) throws SQLException {
        boolean quiet = job.settings().contains(RepairSql.QUIET);
        if (quiet) {
            Jdbc.execute(target, RepairSql.NOT_QUIET);
        }
        Jdbc.execute(target, RepairSql.drop(chunk.name()));
        if (quiet) {
            Jdbc.execute(target, RepairSql.QUIET);
        }
        dropped.add(chunk);
    }

    @Override
    public void beforeCommit(Connection target, CopyResult result) throws SQLException {
        for (Chunk chunk : job.chunks()) {
            // A chunk across a bound of what travels may have rows that are none of ours.
            if (replaced.stream().anyMatch(it -> isEmptied(it) && it.containsWhatTravels(chunk))
                    && !dropped.contains(chunk)
                    && Jdbc.one(target, RepairSql.isEmpty(chunk.name()), row -> row.getBoolean("empty"))) {
                drop(chunk, target);
            }
            if (dropped.contains(chunk)) {
                continue;
            }
            if (chunk.isCompressed()) {
                job.compression().compress(target, job.table(), chunk.name(), timescale());
            }
            if (chunk.isFrozen()) {
                Jdbc.execute(target, RepairSql.freeze(chunk.name(), timescale()));
            }
        }
    }

    private Timescale timescale() {
        return Objects.requireNonNull(job.timescale(), "timescale");
    }

    @Override
    public void committed(CopyResult result) {
        done.accept(new Repair(
                job.table().table(),
                replaced.stream().map(DigestRange::describe).toList(),
                copied.stream().map(location -> location.slice().position()).toList(),
                deleted,
                result.rows()));
    }
}
