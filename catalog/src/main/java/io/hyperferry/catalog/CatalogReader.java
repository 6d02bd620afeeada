package io.hyperferry.catalog;

import static java.util.stream.Collectors.toSet;

import io.hyperferry.catalog.internal.ConstraintQueries;
import io.hyperferry.catalog.internal.Features;
import io.hyperferry.catalog.internal.HypertableQueries;
import io.hyperferry.catalog.internal.JobQueries;
import io.hyperferry.catalog.internal.ObjectQueries;
import io.hyperferry.catalog.internal.Queries;
import io.hyperferry.catalog.internal.SequenceQueries;
import io.hyperferry.catalog.internal.ServerQueries;
import io.hyperferry.catalog.internal.TableQueries;
import io.hyperferry.catalog.internal.ViewQueries;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.exception.DataAccessException;

/**
 * Reads a database into one {@link DatabaseCatalog}. An immutable value; thread-safe.
 *
 * <p>It works from TimescaleDB 2.11 on and finds out what a server has by looking, and needs no right beyond connecting: PostgreSQL
 * and TimescaleDB let everybody read their catalogs. Only where a sequence stands is for those who may select from it; of the others the
 * catalog says that it could not be read. It changes nothing and takes no lock that outlives the reading transaction.
 *
 * {@snippet :
 * DatabaseCatalog catalog = CatalogReader.create().read(connection);
 * catalog.hypertables().forEach(it -> System.out.println(it.name() + " has " + it.chunks().size() + " chunks"));
 * }
 */
public final class CatalogReader {
    private final Set<String> ignoredSchemas;

    private CatalogReader(Set<String> ignoredSchemas) {
        this.ignoredSchemas = Set.copyOf(ignoredSchemas);
    }

    /** A reader of everything that an application could see. */
    public static CatalogReader create() {
        return new CatalogReader(Set.of());
    }

    /** A reader that passes over one more schema and all that is in it. */
    public CatalogReader ignoringSchema(String schema) {
        Objects.requireNonNull(schema, "schema");
        Set<String> more = new TreeSet<>(ignoredSchemas);
        more.add(schema);
        return new CatalogReader(more);
    }

    /**
     * Reads the database of this connection.
     *
     * <p>With autocommit off, it reads in the caller's transaction and leaves that open. With autocommit on, it reads in a
     * read-only transaction of its own. The search path is set for the reading and put back.
     *
     * @throws CatalogException when a query fails; the connection's transaction is then aborted, as after any error
     */
    public DatabaseCatalog read(Connection connection) {
        Objects.requireNonNull(connection, "connection");
        try {
            return connection.getAutoCommit() ? readInOwnTransaction(connection) : readAll(connection);
        } catch (SQLException | DataAccessException | IllegalStateException | IllegalArgumentException e) {
            throw new CatalogException("the catalog could not be read: " + e.getMessage(), e);
        }
    }

    private DatabaseCatalog readInOwnTransaction(Connection connection) throws SQLException {
        int isolation = connection.getTransactionIsolation();
        boolean readOnly = connection.isReadOnly();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        DatabaseCatalog catalog;
        try {
            catalog = readAll(connection);
        } catch (RuntimeException e) {
            try {
                giveBack(connection, isolation, readOnly);
            } catch (SQLException lost) {
                e.addSuppressed(lost); // a broken connection must not hide why it broke
            }
            throw e;
        }
        giveBack(connection, isolation, readOnly);
        return catalog;
    }

    private static void giveBack(Connection connection, int isolation, boolean readOnly) throws SQLException {
        connection.rollback();
        connection.setAutoCommit(true);
        connection.setReadOnly(readOnly);
        connection.setTransactionIsolation(isolation);
    }

    private DatabaseCatalog readAll(Connection connection) {
        Queries queries = new Queries(connection, ignoredSchemas);
        String searchPath = queries.text("SELECT current_setting('search_path')");
        // Names and types are spelled with their schema only where the search path does not find them.
        queries.text("SELECT set_config('search_path', '', true)");
        DatabaseCatalog catalog;
        try {
            catalog = readWith(queries);
        } catch (DataAccessException e) {
            throw e; // the transaction is aborted: its end puts the search path back, and nothing else can
        } catch (RuntimeException e) {
            queries.text("SELECT set_config('search_path', ?, true)", searchPath);
            throw e;
        }
        queries.text("SELECT set_config('search_path', ?, true)", searchPath);
        return catalog;
    }

    private static DatabaseCatalog readWith(Queries queries) {
        ServerInfo server = ServerQueries.read(queries);
        Timescale timescale = server.timescale();
        List<Hypertable> hypertables = List.of();
        List<Job> jobs = List.of();
        List<StorageRelation> storage = List.of();
        Map<QualifiedName, Long> aggregates = Map.of();
        if (timescale != null) {
            Features features = Features.of(queries);
            hypertables = HypertableQueries.read(queries, features);
            storage = HypertableQueries.storageRelations(queries, features);
            jobs = JobQueries.read(queries, features);
            aggregates = ViewQueries.continuousAggregates(queries);
        }
        Set<QualifiedName> chunks = storage.stream().map(StorageRelation::name).collect(toSet());
        return new DatabaseCatalog(
                server,
                TableQueries.read(queries, hypertables, chunks),
                hypertables,
                SequenceQueries.read(queries),
                ConstraintQueries.constraints(queries, chunks),
                ConstraintQueries.indexes(queries, chunks),
                ViewQueries.read(queries, aggregates),
                jobs,
                storage,
                ObjectQueries.otherObjects(queries),
                ObjectQueries.largeObjects(queries));
    }
}
