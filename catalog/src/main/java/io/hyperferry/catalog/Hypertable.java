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
 * @param columnstore whether the columnstore (compression) is enabled
 */
public record Hypertable(
        QualifiedName name,
        List<Dimension> dimensions,
        List<Chunk> chunks,
        String associatedSchema,
        @Nullable String associatedPrefix,
        boolean columnstore) {
    /** The schema in which TimescaleDB makes chunks unless told otherwise. */
    public static final String DEFAULT_ASSOCIATED_SCHEMA = "_timescaledb_internal";

    public Hypertable {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(associatedSchema, "associatedSchema");
        dimensions = List.copyOf(dimensions);
        chunks = List.copyOf(chunks);
        if (dimensions.isEmpty() || !(dimensions.get(0) instanceof TimeDimension)) {
            throw new IllegalArgumentException(name + ": the first dimension of a hypertable is a time dimension");
        }
    }

    /** A hypertable with TimescaleDB's own defaults. */
    public static Hypertable of(QualifiedName name, List<Dimension> dimensions, List<Chunk> chunks) {
        return new Hypertable(name, dimensions, chunks, DEFAULT_ASSOCIATED_SCHEMA, null, false);
    }

    /** The first dimension, by which chunks are cut in time. */
    public TimeDimension time() {
        return (TimeDimension) dimensions.get(0);
    }
}
