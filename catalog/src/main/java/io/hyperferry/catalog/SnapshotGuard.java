package io.hyperferry.catalog;

import io.hyperferry.catalog.internal.Features;
import io.hyperferry.catalog.internal.GuardQueries;
import io.hyperferry.catalog.internal.Queries;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import org.jooq.exception.DataAccessException;

/**
 * Tells whether a relation still is what a snapshot saw. Immutable and thread-safe.
 *
 * <p>A snapshot protects rows, not the files that hold them: after {@code TRUNCATE}, and after TimescaleDB compressed, decompressed or
 * dropped a chunk, a reader with an older snapshot finds too few rows or too many. So a reader locks the relation first, then asks
 * here, and reads under the snapshot only when nothing happened.
 */
public final class SnapshotGuard {
    private final boolean timescale;
    private final Features features;

    private SnapshotGuard(boolean timescale, Features features) {
        this.timescale = timescale;
        this.features = features;
    }

    /**
     * A guard for the database of this connection.
     *
     * @throws CatalogException when a query fails
     */
    public static SnapshotGuard of(Connection connection) {
        Objects.requireNonNull(connection, "connection");
        try {
            Queries queries = new Queries(connection, Set.of());
            return new SnapshotGuard(GuardQueries.hasTimescale(queries), Features.of(queries));
        } catch (DataAccessException e) {
            throw new CatalogException("the catalog could not be read: " + e.getMessage(), e);
        }
    }

    /**
     * Whether the relation exists in this transaction's snapshot and is still the same there and now: the same relation with the same
     * file, and, if it is a chunk, the same status.
     *
     * @param connection a connection whose transaction has its snapshot and a lock on the relation
     * @throws SQLException when the query fails
     */
    public boolean unchanged(Connection connection, QualifiedName relation) throws SQLException {
        return GuardQueries.unchanged(connection, relation, timescale, features);
    }
}
