package io.hyperferry.internal.plan;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.hyperferry.Step;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.CompressedRelation.Layout;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.internal.sql.ColumnstoreSql;
import io.hyperferry.internal.sql.HypertableSql;
import io.hyperferry.internal.sql.Root;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a hypertable's columnstore is made again: the settings of each time in turn, with the chunks that were compressed under them; the
 * present ones last.
 */
final class Columnstore {
    private Columnstore() {}

    /**
     * What comes before the rows of a hypertable whose chunks are compressed early: the relations that compressed tuples go into, each with the
     * settings under which its chunk was compressed, and the present settings.
     *
     * @param slices the positions of the slices, by the source's chunk
     */
    static List<Step> early(
            Root root,
            Hypertable hypertable,
            CompressedTransfer.Decision decision,
            Map<QualifiedName, Integer> slices,
            Timescale target) {
        @Nullable ColumnstoreSettings present = hypertable.columnstore();
        if (present == null || !decision.early()) {
            return List.of();
        }
        // Nothing may be left to the server here: it would decide by the rows, of which there are none.
        Map<ColumnstoreSettings, List<Chunk>> bySettings = decision.asTheyAre().stream()
                .collect(groupingBy(
                        chunk -> Objects.requireNonNull(chunk.columnstore(), "columnstore"),
                        LinkedHashMap::new,
                        toList()));
        List<Step> steps = new ArrayList<>();
        bySettings.forEach((settings, chunks) -> {
            steps.add(new Step.SetColumnstore(root.name(), List.of(ColumnstoreSql.enable(root, settings, target))));
            Map<Layout, List<Chunk>> byLayout = chunks.stream()
                    .collect(groupingBy(
                            chunk -> Objects.requireNonNull(chunk.compressed(), "compressed")
                                    .layout(),
                            LinkedHashMap::new,
                            toList()));
            byLayout.forEach((layout, alike) -> steps.add(new Step.CompressEmptyChunks(
                    root.name(),
                    layout,
                    alike.stream()
                            .map(chunk -> new Step.EmptyChunk(
                                    Objects.requireNonNull(slices.get(chunk.name()), "slice"),
                                    HypertableSql.compressChunk(root, chunk, target),
                                    HypertableSql.decompressChunk(root, chunk, target)))
                            .toList())));
        });
        steps.add(new Step.SetColumnstore(
                root.name(), ColumnstoreSql.enableAfterOthers(root, present, !bySettings.isEmpty(), target)));
        return steps;
    }

    /** Whether a chunk is compressed with the hypertable's present settings. */
    static boolean isPresent(Chunk chunk, ColumnstoreSettings present) {
        return settingsOf(chunk, present).equals(present);
    }

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
        bySettings.forEach((settings, chunks) ->
                add(root, List.of(ColumnstoreSql.enable(root, settings, target)), chunks, target, steps));
        add(root, ColumnstoreSql.enableAfterOthers(root, present, !bySettings.isEmpty(), target), now, target, steps);
        List<String> merging = ColumnstoreSql.merging(root, present, target);
        if (!merging.isEmpty()) {
            steps.add(new Step.SetColumnstore(root.name(), merging));
        }
        return steps;
    }

    private static void add(Root root, List<String> settings, List<Chunk> chunks, Timescale target, List<Step> steps) {
        steps.add(new Step.SetColumnstore(root.name(), settings));
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
