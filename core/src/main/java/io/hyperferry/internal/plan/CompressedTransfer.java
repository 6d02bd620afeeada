package io.hyperferry.internal.plan;

import static java.util.stream.Collectors.toMap;

import io.hyperferry.CompressedMode;
import io.hyperferry.PlanOptions;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import io.hyperferry.internal.sql.Root;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides how the compressed chunks of hypertables travel. Whether a target reads the tuples of a source is known only when its own relation of
 * compressed tuples is there; what speaks against it before that is found here.
 */
public final class CompressedTransfer {
    /** Types without collation. */
    private static final Set<String> SAME_ORDER = Set.of(
            "timestamp with time zone",
            "timestamp without time zone",
            "date",
            "smallint",
            "integer",
            "bigint",
            "real",
            "double precision",
            "numeric",
            "boolean",
            "uuid");

    private final DatabaseCatalog kept;
    private final ServerInfo target;
    private final PlanOptions options;
    private final TupleSemantics semantics;

    CompressedTransfer(DatabaseCatalog kept, DatabaseCatalog target, PlanOptions options) {
        this.kept = kept;
        this.target = target.server();
        this.options = options;
        this.semantics = TupleSemantics.between(kept, target);
    }

    /**
     * How the compressed chunks of one hypertable travel.
     *
     * @param early whether its columnstore is set up before rows arrive, so that chunks are compressed before or while they are filled
     * @param asTheyAre the chunks whose compressed tuples travel
     * @param order the order in which rows arrive that the target compresses on arrival; empty when it does not
     * @param refusals why chunks do not travel as they are, for people
     */
    record Decision(boolean early, Set<Chunk> asTheyAre, List<Order> order, List<String> refusals) {
        /** Nothing is compressed before the indexes are built. */
        static final Decision LATE = new Decision(false, Set.of(), List.of(), List.of());
    }

    /**
     * Decides on a hypertable.
     *
     * @param hypertable it, as the target can have it
     * @param columns the columns that travel
     * @param window the part of its time that travels
     */
    Decision of(Root root, Hypertable hypertable, List<Column> columns, TimeWindow window) {
        List<Chunk> compressed =
                hypertable.chunks().stream().filter(Chunk::isCompressed).toList();
        if (compressed.isEmpty() || hypertable.columnstore() == null || options.compressed() == CompressedMode.ROWS) {
            return Decision.LATE;
        }
        @Nullable String late = reasonForLate(root, hypertable);
        if (late != null) {
            return new Decision(false, Set.of(), List.of(), List.of(refusal(compressed.size(), late)));
        }
        if (options.compressed() == CompressedMode.RECOMPRESS) {
            return new Decision(true, Set.of(), order(root, hypertable, columns), List.of());
        }
        @Nullable String ofAll = reasonForRows(hypertable, columns);
        Map<String, List<Chunk>> refused = new TreeMap<>();
        for (Chunk chunk : compressed) {
            @Nullable String reason = ofAll != null ? ofAll : reasonForRows(root, chunk, window);
            if (reason != null) {
                refused.computeIfAbsent(reason, none -> new ArrayList<>()).add(chunk);
            }
        }
        Set<Chunk> asTheyAre = new LinkedHashSet<>(compressed);
        refused.values().forEach(asTheyAre::removeAll);
        return new Decision(
                true,
                asTheyAre,
                order(root, hypertable, columns),
                refused.entrySet().stream()
                        .map(it -> refusal(it.getValue().size(), it.getKey()))
                        .toList());
    }

    /**
     * The order in which the target compresses rows on arrival to the same batches that compressing the chunk would give. It has to mean the same
     * on both servers, which collations need not, and the target does it only where nothing asks for each row by itself.
     */
    private List<Order> order(Root root, Hypertable hypertable, List<Column> columns) {
        @Nullable Timescale timescale = target.timescale();
        @Nullable ColumnstoreSettings present = hypertable.columnstore();
        if (timescale == null
                || !timescale.has(TimescaleFeature.DIRECT_COMPRESS_COPY)
                || present == null
                || present.segmentBy() == null
                || present.orderBy() == null
                || isUnique(root.name())) {
            return List.of();
        }
        Map<String, String> types = columns.stream().collect(toMap(Column::name, Column::type));
        if (!present.orderBy().stream().allMatch(it -> SAME_ORDER.contains(types.getOrDefault(it.column(), "")))) {
            return List.of();
        }
        return Stream.concat(
                        present.segmentBy().stream().map(it -> new Order(it, false, false)), present.orderBy().stream())
                .toList();
    }

    private boolean isUnique(QualifiedName table) {
        return kept.indexes().stream()
                        .anyMatch(it ->
                                it.table().equals(table) && it.definition().startsWith("CREATE UNIQUE INDEX"))
                || kept.constraints().stream()
                        .anyMatch(it ->
                                it.table().equals(table) && it.definition().startsWith("EXCLUDE"));
    }

    /** A line for plan and report. */
    public static String refusal(long chunks, String reason) {
        return (chunks == 1 ? "1 compressed chunk travels as rows: " : chunks + " compressed chunks travel as rows: ")
                + reason;
    }

    /** What keeps a table's chunks from being compressed before its constraints are all there. */
    private @Nullable String reasonForLate(Root root, Hypertable hypertable) {
        @Nullable Timescale timescale = target.timescale();
        if (timescale == null || !timescale.has(TimescaleFeature.COMPRESSED_RELATION)) {
            return "the target's TimescaleDB is older than 2.19";
        }
        if (root.aggregate() && !target.superuser()) {
            return "only a superuser of the target can state which rows of an aggregate are up to date";
        }
        if (!root.aggregate()
                && !timescale.has(TimescaleFeature.COLUMNSTORE_CONSTRAINTS)
                && needsRowStore(root.name())) {
            return "its foreign keys, checks that are not validated, or triggers need its rows uncompressed before TimescaleDB 2.20";
        }
        return semantics.reasonAgainstPartitions(root.name(), hypertable);
    }

    private boolean needsRowStore(QualifiedName table) {
        return kept.constraints().stream()
                        .anyMatch(it -> table.equals(it.references())
                                || (it.table().equals(table)
                                        && (it.references() != null
                                                || it.definition().endsWith("NOT VALID"))))
                || kept.objects().stream().anyMatch(it -> it.kind().equals("trigger") && table.equals(it.relation()));
    }

    /** What keeps all chunks of a table from travelling as they are. */
    private @Nullable String reasonForRows(Hypertable hypertable, List<Column> columns) {
        @Nullable Timescale from = kept.server().timescale();
        @Nullable Timescale to = target.timescale();
        if (from == null || to == null || to.version().compareTo(from.version()) < 0) {
            return "the target's TimescaleDB is older than the source's";
        }
        if (!columns.stream().allMatch(Column::binary)) {
            return "a column's values have no binary form that means the same on another server";
        }
        if (!hypertable.skippingColumns().isEmpty()) {
            return "the ranges by which columns exclude chunks are found while rows are compressed";
        }
        return null;
    }

    /** What keeps a chunk from travelling as it is. */
    private @Nullable String reasonForRows(Root root, Chunk chunk, TimeWindow window) {
        if (window.cuts(chunk.ranges().get(0))) {
            return "only a part of it is in the range of time that travels";
        }
        if (chunk.isUnordered()) {
            return "its compressed rows are out of order";
        }
        if (chunk.compressed() == null
                || chunk.columnstore() == null
                || chunk.columnstore().orderBy() == null) {
            return "its compressed rows mean nothing by themselves (a column was added with a default, the chunk is no heap)"
                    + " or may not be read";
        }
        return semantics.reasonAgainst(root.name(), chunk.compressed().layout(), chunk.columnstore());
    }
}
