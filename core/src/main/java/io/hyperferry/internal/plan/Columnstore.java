package io.hyperferry.internal.plan;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.hyperferry.Step;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.internal.sql.ColumnstoreSql;
import io.hyperferry.internal.sql.HypertableSql;
import io.hyperferry.internal.sql.Root;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a hypertable's columnstore is made again: the settings of each time in turn, with the chunks that were compressed under them; the
 * present ones last.
 */
final class Columnstore {
    private Columnstore() {}

    /** Settings and compression; nothing for a hypertable without columnstore. */
    static List<Step> steps(Root root, Hypertable hypertable, Timescale target) {
        @Nullable ColumnstoreSettings present = hypertable.columnstore();
        if (present == null) {
            return List.of();
        }
        Map<ColumnstoreSettings, List<Chunk>> bySettings = hypertable.chunks().stream()
                .filter(Chunk::isCompressed)
                .collect(groupingBy(chunk -> settingsOf(chunk, present), LinkedHashMap::new, toList()));
        List<Chunk> now = bySettings.getOrDefault(present, List.of());
        bySettings.remove(present);
        List<Step> steps = new ArrayList<>();
        bySettings.forEach((settings, chunks) -> add(root, settings, chunks, target, steps));
        add(root, present, now, target, steps);
        List<String> merging = ColumnstoreSql.merging(root, present, target);
        if (!merging.isEmpty()) {
            steps.add(new Step.SetColumnstore(root.name(), merging));
        }
        return steps;
    }

    private static void add(
            Root root, ColumnstoreSettings settings, List<Chunk> chunks, Timescale target, List<Step> steps) {
        steps.add(new Step.SetColumnstore(root.name(), List.of(ColumnstoreSql.enable(root, settings, target))));
        if (!chunks.isEmpty()) {
            steps.add(new Step.CompressChunks(
                    root.name(),
                    chunks.stream()
                            .map(chunk -> HypertableSql.compressChunk(root, chunk, target))
                            .toList()));
        }
    }

    /** A chunk's settings tell more than the hypertable's where those leave the choice to the server; that is no difference. */
    private static ColumnstoreSettings settingsOf(Chunk chunk, ColumnstoreSettings present) {
        @Nullable ColumnstoreSettings own = chunk.columnstore();
        if (own == null) {
            return present;
        }
        return new ColumnstoreSettings(
                present.segmentBy() == null ? null : own.segmentBy(),
                present.orderBy() == null ? null : own.orderBy(),
                present.chunkInterval(),
                own.indexes(),
                present.directCompress());
    }

    /** Freezing, which has to come after everything that changes a chunk. */
    static List<Step> freezing(Root root, Hypertable hypertable, Timescale target) {
        List<String> sql = hypertable.chunks().stream()
                .filter(Chunk::isFrozen)
                .map(chunk -> HypertableSql.freezeChunk(root, chunk, target))
                .toList();
        return sql.isEmpty() ? List.of() : List.of(new Step.FreezeChunks(root.name(), sql));
    }
}
