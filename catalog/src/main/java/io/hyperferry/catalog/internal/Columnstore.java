package io.hyperferry.catalog.internal;

import io.hyperferry.catalog.ColumnstoreSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the columnstore that one database has.
 *
 * @param ofRelations the settings of hypertables, by the table's OID
 * @param ofChunks the settings of compressed chunks, by the chunk's id
 * @param ofAllChunks the settings of hypertables whose compressed chunks all have the same, by the hypertable's id (before 2.14)
 */
record Columnstore(
        Map<Long, ColumnstoreSettings> ofRelations,
        Map<Long, ColumnstoreSettings> ofChunks,
        Map<Long, ColumnstoreSettings> ofAllChunks) {
    private static final int COMPRESSED = 1;

    ColumnstoreSettings ofHypertable(long oid, @Nullable Long chunkInterval, boolean directCompress) {
        ColumnstoreSettings stored = ofRelations.getOrDefault(oid, ColumnstoreSettings.AUTOMATIC);
        return new ColumnstoreSettings(
                stored.segmentBy(), stored.orderBy(), chunkInterval, stored.indexes(), directCompress);
    }

    /** A chunk has been compressed, so nothing of its settings is still to be decided. */
    @Nullable
    ColumnstoreSettings ofChunk(long id, long hypertable, long status) {
        if ((status & COMPRESSED) == 0) {
            return null;
        }
        @Nullable ColumnstoreSettings stored = ofChunks.getOrDefault(id, ofAllChunks.get(hypertable));
        return stored == null
                ? null
                : new ColumnstoreSettings(
                        stored.segmentBy() == null ? List.of() : stored.segmentBy(),
                        stored.orderBy(),
                        null,
                        stored.indexes(),
                        false);
    }
}
