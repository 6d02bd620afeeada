package io.hyperferry.internal.run;

import io.hyperferry.TableData;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.sql.HypertableSql;
import io.hyperferry.internal.sql.RepairSql;
import io.hyperferry.internal.sql.Root;
import io.hyperferry.internal.verify.DigestRange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives the target's chunks what the source's chunks have come to have after they were copied: new ones their bounds, others their state, compressed or
 * not, frozen or not. Each change is a transaction, and none is needed to go on with another.
 */
final class ChunkAlignment {
    private final Connection target;
    private final TableData table;
    private final Hypertable ours;
    private final Hypertable theirs;
    private final Timescale timescale;
    private final ChunkCompression compression;
    private final Root root;
    private final Set<Chunk> created = new HashSet<>();

    /**
     * An alignment.
     *
     * @param ours the source's hypertable, as far as it travels
     * @param theirs the target's
     * @param timescale the target's TimescaleDB, of the Community edition
     * @param compression compresses chunks
     */
    ChunkAlignment(
            Connection target,
            TableData table,
            Hypertable ours,
            Hypertable theirs,
            Timescale timescale,
            ChunkCompression compression) {
        this.target = target;
        this.table = table;
        this.ours = ours;
        this.theirs = theirs;
        this.timescale = timescale;
        this.compression = compression;
        this.root = new Root(table.table(), table.aggregate());
    }

    /**
     * Creates the chunks that the target lacks, so that their rows find the source's bounds. Where chunks of the target lie across these, rows go
     * there.
     *
     * @return what was done, for people
     */
    List<String> create() throws SQLException {
        List<String> done = new ArrayList<>();
        for (Chunk chunk : ours.chunks()) {
            if (theirs.chunks().stream().noneMatch(it -> overlap(it, chunk))) {
                change(HypertableSql.createChunk(root, chunk, timescale));
                created.add(chunk);
                done.add(described(chunk) + ": created");
            }
        }
        return done;
    }

    /**
     * Compresses what is compressed on the source, opens what is not, and the same with freezing.
     *
     * @return what was done, for people
     */
    List<String> align() throws SQLException {
        Map<List<DimensionRange>, Chunk> byBounds = new HashMap<>();
        theirs.chunks().forEach(it -> byBounds.put(it.ranges(), it));
        List<String> done = new ArrayList<>();
        for (Chunk chunk : ours.chunks()) {
            @Nullable Chunk other = byBounds.get(chunk.ranges());
            if (other == null && !created.contains(chunk)) {
                continue;
            }
            boolean compressed = other != null && other.isCompressed();
            boolean frozen = other != null && other.isFrozen();
            boolean compresses = chunk.isCompressed() != compressed && theirs.columnstore() != null;
            if (other != null && frozen && (compresses || !chunk.isFrozen())) {
                change(RepairSql.unfreeze(other.name(), timescale));
                frozen = false;
            }
            if (compresses && chunk.isCompressed()) {
                if (compress(chunk, other)) {
                    done.add(described(chunk) + ": compressed");
                }
            } else if (compresses) {
                change(HypertableSql.decompressChunk(root, chunk, timescale));
                done.add(described(chunk) + ": decompressed");
            }
            if (chunk.isFrozen() && !frozen) {
                change(HypertableSql.freezeChunk(root, chunk, timescale));
            }
            if (other != null && other.isFrozen() != chunk.isFrozen()) {
                done.add(described(chunk) + (chunk.isFrozen() ? ": frozen" : ": unfrozen"));
            }
        }
        return done;
    }

    /**
     * Compresses a chunk, unless that changes rows. One that was skipped is not tried again, since it would be compressed in each pass.
     *
     * @param other the chunk on the target; null when it was created there
     */
    private boolean compress(Chunk chunk, @Nullable Chunk other) throws SQLException {
        QualifiedName name = other != null
                ? other.name()
                : Jdbc.one(
                        target,
                        HypertableSql.chunkName(root, chunk, timescale),
                        row -> new QualifiedName(row.getString("schema_name"), row.getString("table_name")));
        if (compression.isSkipped(name)) {
            return false;
        }
        Jdbc.transact(target, () -> compression.compress(target, table, name, timescale));
        return !compression.isSkipped(name);
    }

    private void change(String sql) throws SQLException {
        Jdbc.transact(target, () -> {
            Jdbc.execute(target, sql);
        });
    }

    private String described(Chunk chunk) {
        DimensionRange time = chunk.ranges().get(0);
        return "chunk of " + table.table() + ", "
                + new DigestRange(table, time.from(), time.to(), List.of()).describe();
    }

    private static boolean overlap(Chunk one, Chunk other) {
        for (int i = 0; i < one.ranges().size(); i++) {
            DimensionRange range = one.ranges().get(i);
            DimensionRange against = other.ranges().get(i);
            if (range.from() >= against.to() || against.from() >= range.to()) {
                return false;
            }
        }
        return true;
    }
}
