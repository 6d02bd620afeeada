package io.hyperferry.catalog;

import io.hyperferry.catalog.internal.ChunkBoundsQueries;
import io.hyperferry.catalog.internal.Features;
import io.hyperferry.catalog.internal.Queries;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jooq.exception.DataAccessException;

/**
 * Reads the bounds that chunks have at the moment: a chunk that is merged or split keeps its name and gets other bounds. Immutable and
 * thread-safe.
 */
public final class ChunkBounds {
    private final Features features;

    private ChunkBounds(Features features) {
        this.features = features;
    }

    /**
     * For the database of this connection.
     *
     * @throws CatalogException when a query fails
     */
    public static ChunkBounds of(Connection connection) {
        Objects.requireNonNull(connection, "connection");
        try {
            return new ChunkBounds(Features.of(new Queries(connection, Set.of())));
        } catch (DataAccessException e) {
            throw new CatalogException("the catalog could not be read: " + e.getMessage(), e);
        }
    }

    /**
     * The bounds of a chunk, one range a dimension, in the order of the hypertable's dimensions.
     *
     * @param connection a connection to the same database
     * @param chunk the chunk's name
     * @return empty when no chunk has this name
     * @throws SQLException when the query fails
     */
    public List<DimensionRange> of(Connection connection, QualifiedName chunk) throws SQLException {
        return ChunkBoundsQueries.ofChunk(connection, chunk, features);
    }

    /**
     * The chunks of a hypertable that share values with all of some ranges, in the order of their OIDs. Chunks whose rows lie in object storage
     * are not among them.
     *
     * @param connection a connection to the same database
     * @param hypertable the hypertable's name
     * @param ranges ranges of some of its dimensions
     * @throws SQLException when the query fails
     */
    public List<QualifiedName> overlapping(Connection connection, QualifiedName hypertable, List<DimensionRange> ranges)
            throws SQLException {
        return ChunkBoundsQueries.overlapping(connection, hypertable, ranges, features);
    }
}
