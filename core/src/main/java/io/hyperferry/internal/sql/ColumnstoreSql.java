package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.literal;
import static java.util.stream.Collectors.joining;

import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.ColumnstoreSettings.SparseIndex;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings of the columnstore, in the spelling that all versions since 2.11 take.
 *
 * @see <a href="https://docs.tigerdata.com/api/latest/hypercore/alter_table/">ALTER TABLE (hypercore)</a>
 */
public final class ColumnstoreSql {
    /** What a transaction begins with whose rows come in the order of the columnstore, to be compressed as they arrive. */
    public static final List<String> COMPRESS_ON_ARRIVAL = List.of(
            "SET LOCAL timescaledb.enable_direct_compress_copy = on",
            "SET LOCAL timescaledb.enable_direct_compress_copy_client_sorted = on");

    private ColumnstoreSql() {}

    /** Enables the columnstore with the settings by which chunks are compressed. What the server is to decide is not mentioned. */
    public static String enable(Root table, ColumnstoreSettings settings, Timescale target) {
        List<String> options = new ArrayList<>();
        options.add("timescaledb.compress");
        List<String> segmentBy = settings.segmentBy();
        if (segmentBy != null) {
            options.add("timescaledb.compress_segmentby = "
                    + literal(segmentBy.stream().map(Identifiers::quote).collect(joining(", "))));
        }
        List<Order> orderBy = settings.orderBy();
        if (orderBy != null && !orderBy.isEmpty()) {
            options.add("timescaledb.compress_orderby = "
                    + literal(orderBy.stream().map(CopySql::order).collect(joining(", "))));
        }
        if (!settings.indexes().isEmpty() && target.has(TimescaleFeature.COLUMNSTORE_INDEX)) {
            options.add("timescaledb.compress_index = "
                    + literal(settings.indexes().stream()
                            .map(ColumnstoreSql::index)
                            .collect(joining(", "))));
        }
        return alter(table, options);
    }

    /**
     * Enables the columnstore like {@link #enable}, on a hypertable that may have had other settings: what the server is to decide is forgotten
     * first.
     */
    public static List<String> enableAfterOthers(
            Root table, ColumnstoreSettings settings, boolean others, Timescale target) {
        String enable = enable(table, settings, target);
        return others && target.has(TimescaleFeature.COLUMNSTORE_INDEX)
                ? List.of(
                        table.execute(
                                "ALTER TABLE %1$s RESET (timescaledb.compress_segmentby, timescaledb.compress_orderby,"
                                        + " timescaledb.compress_index)"),
                        enable)
                : List.of(enable);
    }

    /**
     * What changes how chunks come to be compressed, to be set when those of the source are: merging chunks, and loading straight into the
     * columnstore. Empty when there is nothing of that.
     */
    public static List<String> merging(Root table, ColumnstoreSettings settings, Timescale target) {
        List<String> options = new ArrayList<>();
        if (settings.chunkInterval() != null) {
            options.add("timescaledb.compress_chunk_time_interval = "
                    + literal(settings.chunkInterval() + " microseconds"));
        }
        if (settings.directCompress() && target.has(TimescaleFeature.DIRECT_COMPRESS)) {
            options.add("timescaledb.direct_compress");
        }
        if (options.isEmpty()) {
            return List.of();
        }
        options.add(0, "timescaledb.compress");
        String alter = alter(table, options);
        // Loading straight into the columnstore comes with policies, which would run at once.
        return settings.directCompress() ? List.of(alter, JobSql.removeAutomatic(target)) : List.of(alter);
    }

    private static String alter(Root table, List<String> options) {
        return "ALTER " + table.altered() + " SET (" + String.join(", ", options) + ")";
    }

    private static String index(SparseIndex index) {
        return index.type() + "("
                + index.columns().stream().map(Identifiers::quote).collect(joining(", ")) + ")";
    }
}
