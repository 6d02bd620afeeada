package io.hyperferry.internal.slice;

import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CatalogReader;
import io.hyperferry.catalog.ChunkBounds;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.SnapshotGuard;
import java.sql.Connection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Locates slices on a source. Immutable and thread-safe. */
public final class SliceLocator {
    private final ChunkBounds chunks;
    private final SnapshotGuard guard;
    private final Map<QualifiedName, QualifiedName> storages;

    private SliceLocator(ChunkBounds chunks, SnapshotGuard guard, Map<QualifiedName, QualifiedName> storages) {
        this.chunks = chunks;
        this.guard = guard;
        this.storages = Map.copyOf(storages);
    }

    /** A locator for the database of this connection. */
    public static SliceLocator of(Connection source) {
        return new SliceLocator(
                ChunkBounds.of(source), SnapshotGuard.of(source), CatalogReader.aggregateStorages(source));
    }

    /** The location of a slice, which is where the slice was planned until something else is found. */
    public SliceLocation location(TableData table, Slice slice) {
        return new SliceLocation(chunks, guard, hypertable(table), table, slice);
    }

    /** The hypertable that holds the rows; null for an aggregate that the source has dropped. */
    private @Nullable QualifiedName hypertable(TableData table) {
        return table.aggregate() ? storages.get(table.table()) : table.table();
    }
}
