package io.hyperferry.catalog;

import io.hyperferry.catalog.internal.CompressedRelationQueries;
import io.hyperferry.catalog.internal.Features;
import io.hyperferry.catalog.internal.Queries;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jooq.exception.DataAccessException;

/** Tells where the compressed rows of a chunk are at the moment. Immutable and thread-safe. */
public final class CompressedChunks {
    private final Features features;

    private CompressedChunks(Features features) {
        this.features = features;
    }

    /**
     * For the database of this connection.
     *
     * @throws CatalogException when a query fails
     */
    public static CompressedChunks of(Connection connection) {
        Objects.requireNonNull(connection, "connection");
        try {
            return new CompressedChunks(Features.of(new Queries(connection, Set.of())));
        } catch (DataAccessException e) {
            throw new CatalogException("the catalog could not be read: " + e.getMessage(), e);
        }
    }

    /**
     * The relation of a chunk's compressed rows.
     *
     * @param connection a connection to the same database
     * @param chunk the chunk's name
     * @return empty when the chunk is not compressed, or when its tuples cannot be read as they are: because they are not in order, because the
     *     chunk is not a heap or has a column that was added with a default, or because the role may not read them
     * @throws SQLException when the query fails
     */
    public Optional<CompressedRelation> find(Connection connection, QualifiedName chunk) throws SQLException {
        return CompressedRelationQueries.ofChunk(connection, chunk, features);
    }

    /**
     * What compressing a chunk made of it.
     *
     * @param connection a connection to the same database
     * @param chunk the chunk's name
     * @return empty when the chunk is not compressed
     * @throws SQLException when the query fails
     */
    public Optional<CompressionSizes> sizes(Connection connection, QualifiedName chunk) throws SQLException {
        return CompressedRelationQueries.sizes(connection, chunk, features);
    }

    /**
     * A condition that holds where a chunk is partly compressed in the snapshot of the statement that has it: only then are the rows that are
     * not compressed among those that queries show.
     *
     * @param chunk the chunk's name
     * @return SQL, for a {@code WHERE} of a query on the chunk
     */
    public String partlyCompressed(QualifiedName chunk) {
        return CompressedRelationQueries.partlyCompressed(chunk, features);
    }
}
