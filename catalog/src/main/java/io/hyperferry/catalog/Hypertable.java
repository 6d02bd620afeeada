package io.hyperferry.catalog;

import io.hyperferry.catalog.Dimension.TimeDimension;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What makes a table a hypertable: its dimensions and its chunks.
 *
 * @param name the table's name
 * @param dimensions the dimensions in the order in which they were added; the first is the time dimension
 * @param chunks the chunks, ordered by their ranges
 * @param associatedSchema the schema in which new chunks are made
 * @param associatedPrefix the prefix of new chunks' names, or null when it is the one that TimescaleDB makes from the id
 * @param tablespaces the tablespaces over which chunks are spread, in the order in which they were attached
 * @param skippingColumns the columns whose ranges exclude chunks from queries
 * @param columnstore the settings of the columnstore (compression), or null when it is not enabled
 * @param adaptiveChunking how the chunk interval follows the data, or null when it does not
 * @param distributed whether its chunks are on other servers (until 2.13)
 */
public record Hypertable(
        QualifiedName name,
        List<Dimension> dimensions,
        List<Chunk> chunks,
        String associatedSchema,
        @Nullable String associatedPrefix,
        List<String> tablespaces,
        List<String> skippingColumns,
        @Nullable ColumnstoreSettings columnstore,
        @Nullable AdaptiveChunking adaptiveChunking,
        boolean distributed) {
    /** The schema in which TimescaleDB makes chunks unless told otherwise. */
    public static final String DEFAULT_ASSOCIATED_SCHEMA = "_timescaledb_internal";

    public Hypertable {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(associatedSchema, "associatedSchema");
        dimensions = List.copyOf(dimensions);
        chunks = List.copyOf(chunks);
        tablespaces = List.copyOf(tablespaces);
        skippingColumns = List.copyOf(skippingColumns);
        if (dimensions.isEmpty() || !(dimensions.get(0) instanceof TimeDimension)) {
            throw new IllegalArgumentException(name + ": the first dimension of a hypertable is a time dimension");
        }
    }

    /**
     * A chunk interval that follows the data.
     *
     * @param function the function that proposes the next interval
     * @param targetBytes the size that chunks should have
     */
    public record AdaptiveChunking(QualifiedName function, long targetBytes) {
        public AdaptiveChunking {
            Objects.requireNonNull(function, "function");
        }
    }

    /** A hypertable with TimescaleDB's own defaults. */
    public static Hypertable of(QualifiedName name, List<Dimension> dimensions, List<Chunk> chunks) {
        return new Hypertable(
                name, dimensions, chunks, DEFAULT_ASSOCIATED_SCHEMA, null, List.of(), List.of(), null, null, false);
    }

    /** The same hypertable with other chunks. */
    public Hypertable withChunks(List<Chunk> value) {
        return new Hypertable(
                name,
                dimensions,
                value,
                associatedSchema,
                associatedPrefix,
                tablespaces,
                skippingColumns,
                columnstore,
                adaptiveChunking,
                distributed);
    }

    /** The same hypertable with other settings of the columnstore, or without them. */
    public Hypertable withColumnstore(@Nullable ColumnstoreSettings settings) {
        return new Hypertable(
                name,
                dimensions,
                chunks,
                associatedSchema,
                associatedPrefix,
                tablespaces,
                skippingColumns,
                settings,
                adaptiveChunking,
                distributed);
    }

    /** The first dimension, by which chunks are cut in time. */
    public TimeDimension time() {
        return (TimeDimension) dimensions.get(0);
    }
}
