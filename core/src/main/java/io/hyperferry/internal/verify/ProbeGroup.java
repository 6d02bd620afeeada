package io.hyperferry.internal.verify;

import io.hyperferry.TableData;
import io.hyperferry.catalog.AccessPaths;
import io.hyperferry.catalog.AccessPaths.SearchIndex;
import io.hyperferry.catalog.AccessPaths.SearchKey;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.ColumnstoreSettings.SparseIndex;
import io.hyperferry.catalog.Dimension;
import io.hyperferry.catalog.Dimension.HashDimension;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.jdbc.ParallelQueries;
import io.hyperferry.internal.sql.CopySql;
import io.hyperferry.internal.sql.ProbeSql.Subject;
import io.hyperferry.internal.sql.TimeType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of the target that are probed together: those whose ranges of time overlap, which a query cannot tell apart by
 * time.
 *
 * @param table the table
 * @param hypertable what holds its rows on the target
 * @param chunks the chunks
 * @param from the first time inside
 * @param to the first time outside
 * @param ranges the ranges of the verification that have a part of it
 */
record ProbeGroup(
        TableData table, Hypertable hypertable, List<Chunk> chunks, long from, long to, List<DigestRange> ranges)
        implements ParallelQueries.Subject {
    private static final int PARTIAL = 8;
    private static final String METADATA = "_ts_meta_v2_";

    ProbeGroup {
        chunks = List.copyOf(chunks);
        ranges = List.copyOf(ranges);
    }

    /**
     * The groups of a hypertable that some ranges touch. Where a range of time cannot be a condition, each chunk is a
     * group. Rows in object storage are not the database's.
     *
     * @param ranges ranges of this table, none of which overlap
     */
    static List<ProbeGroup> of(TableData table, Hypertable hypertable, List<DigestRange> ranges) {
        List<DigestRange> byTime = ranges.stream()
                .sorted(Comparator.comparingLong(DigestRange::from))
                .toList();
        List<List<Chunk>> together = new ArrayList<>();
        long end = DimensionRange.UNBOUNDED_FROM;
        for (Chunk chunk : hypertable.chunks().stream()
                .filter(chunk -> !chunk.tiered() && !chunk.ranges().isEmpty())
                .sorted(Comparator.comparingLong(ProbeGroup::from))
                .toList()) {
            if (together.isEmpty() || isOpaque(hypertable) || from(chunk) >= end) {
                together.add(new ArrayList<>());
                end = DimensionRange.UNBOUNDED_FROM;
            }
            together.get(together.size() - 1).add(chunk);
            end = Math.max(end, chunk.ranges().get(0).to());
        }
        List<ProbeGroup> groups = new ArrayList<>();
        int first = 0;
        for (List<Chunk> chunks : together) {
            long from = from(chunks.get(0));
            long to = chunks.stream()
                    .mapToLong(chunk -> chunk.ranges().get(0).to())
                    .max()
                    .orElseThrow();
            while (first < byTime.size() && byTime.get(first).to() <= from) {
                first++;
            }
            List<DigestRange> touched = byTime.subList(first, byTime.size()).stream()
                    .takeWhile(range -> range.from() < to)
                    .toList();
            if (!touched.isEmpty()) {
                groups.add(new ProbeGroup(table, hypertable, chunks, from, to, touched));
            }
        }
        return groups;
    }

    private static long from(Chunk chunk) {
        return chunk.ranges().get(0).from();
    }

    private static boolean isOpaque(Hypertable hypertable) {
        return TimeType.of(hypertable.time()) == TimeType.OPAQUE;
    }

    /** The relation that is queried: the hypertable, or the chunk when its range of time cannot be a condition. */
    QualifiedName asked() {
        return isOpaque(hypertable) ? chunks.get(0).name() : hypertable.name();
    }

    /** {@code WHERE} for its range of time. */
    String condition() {
        return isOpaque(hypertable) ? "" : CopySql.where(hypertable.time(), from, to);
    }

    List<QualifiedName> names() {
        return chunks.stream().map(Chunk::name).toList();
    }

    /** The chunks with rows that indexes have entries for: rows in the columnstore are in none. */
    List<QualifiedName> indexed() {
        return chunks.stream()
                .filter(chunk -> !chunk.isCompressed() || (chunk.status() & PARTIAL) != 0)
                .map(Chunk::name)
                .toList();
    }

    @Override
    public String subject() {
        return table.table() + " (" + describe() + ")";
    }

    String describe() {
        return isOpaque(hypertable)
                ? "chunk " + chunks.get(0).name()
                : new DigestRange(table, from, to, List.of()).describe();
    }

    /** What queries search by metadata: of compressed tuples, of chunks, or of dimensions. */
    List<Subject> byMetadata(AccessPaths paths) {
        Map<String, Boolean> columns = new LinkedHashMap<>();
        List<Subject> several = new ArrayList<>();
        hypertable.skippingColumns().forEach(column -> add(column, true, columns));
        for (Dimension dimension :
                hypertable.dimensions().subList(1, hypertable.dimensions().size())) {
            add(dimension.column(), !(dimension instanceof HashDimension), columns);
        }
        for (Chunk chunk : chunks) {
            if (chunk.isCompressed()) {
                addCompressed(chunk, paths, columns, several);
            }
        }
        List<Subject> subjects = new ArrayList<>();
        columns.forEach((column, ranges) -> {
            SearchKey key = paths.columns().get(column);
            if (key != null && key.equality() != null) {
                subjects.add(new Subject(label(column), List.of(key), null, ranges && key.order() != null));
            }
        });
        several.stream().distinct().forEach(subjects::add);
        return subjects;
    }

    /** The name of a column's probes in a report. */
    static String label(String column) {
        return "column " + column;
    }

    private static void add(String column, boolean ranges, Map<String, Boolean> columns) {
        columns.merge(column, ranges, Boolean::logicalOr);
    }

    /** Columns of indexes have got metadata, too, when the chunk was compressed. */
    private void addCompressed(Chunk chunk, AccessPaths paths, Map<String, Boolean> columns, List<Subject> several) {
        @Nullable
        ColumnstoreSettings settings = chunk.columnstore() == null ? hypertable.columnstore() : chunk.columnstore();
        if (settings != null) {
            Objects.requireNonNullElse(settings.segmentBy(), List.<String>of())
                    .forEach(column -> add(column, false, columns));
            Objects.requireNonNullElse(settings.orderBy(), List.<Order>of())
                    .forEach(order -> add(order.column(), true, columns));
            for (SparseIndex index : settings.indexes()) {
                index.columns().forEach(column -> add(column, index.type().equals("minmax"), columns));
                addTogether(index.columns(), paths, several);
            }
        }
        for (SearchIndex index : paths.indexes()) {
            index.columns().forEach(column -> add(column, false, columns));
            addTogether(index.columns(), paths, several);
        }
        if (chunk.compressed() != null) {
            for (Column metadata : chunk.compressed().layout().columns()) {
                for (String column : paths.columns().keySet()) {
                    if (metadata.name().startsWith(METADATA) && metadata.name().endsWith("_" + column)) {
                        add(column, !metadata.name().startsWith(METADATA + "bloom"), columns);
                    }
                }
            }
        }
    }

    /** A bloom filter can be of several columns together. */
    private static void addTogether(List<String> columns, AccessPaths paths, List<Subject> several) {
        List<SearchKey> keys = columns.stream()
                .map(paths.columns()::get)
                .filter(Objects::nonNull)
                .filter(key -> key.equality() != null)
                .toList();
        if (columns.size() > 1 && keys.size() == columns.size()) {
            several.add(new Subject("columns " + String.join(", ", columns), keys, null, false));
        }
    }

    /** What queries search by index. */
    List<Subject> byIndex(AccessPaths paths) {
        return indexed().isEmpty()
                ? List.of()
                : paths.indexes().stream()
                        .filter(index -> !index.keys().isEmpty())
                        .map(index -> new Subject("index " + index.name(), index.keys(), index.predicate(), false))
                        .toList();
    }
}
