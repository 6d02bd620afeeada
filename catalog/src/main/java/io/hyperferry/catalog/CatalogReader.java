package io.hyperferry.catalog;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.hyperferry.catalog.internal.AggregateQueries;
import io.hyperferry.catalog.internal.ConstraintQueries;
import io.hyperferry.catalog.internal.DamageQueries;
import io.hyperferry.catalog.internal.ExtensionQueries;
import io.hyperferry.catalog.internal.Features;
import io.hyperferry.catalog.internal.HypertableQueries;
import io.hyperferry.catalog.internal.InventoryQueries;
import io.hyperferry.catalog.internal.JobQueries;
import io.hyperferry.catalog.internal.ObjectQueries;
import io.hyperferry.catalog.internal.Queries;
import io.hyperferry.catalog.internal.Roles;
import io.hyperferry.catalog.internal.SemanticsQueries;
import io.hyperferry.catalog.internal.SequenceQueries;
import io.hyperferry.catalog.internal.ServerQueries;
import io.hyperferry.catalog.internal.SettingQueries;
import io.hyperferry.catalog.internal.TableQueries;
import io.hyperferry.catalog.internal.ViewQueries;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a database into one {@link DatabaseCatalog}. An immutable value; thread-safe.
 *
 * <p>It works from TimescaleDB 2.11 on and finds out what a server has by looking, and needs no right beyond connecting: PostgreSQL
 * and TimescaleDB let everybody read their catalogs. Only where a sequence stands is for those who may select from it; of the others the
 * catalog says that it could not be read. It changes nothing and takes no lock that outlives the reading transaction.
 *
 * <pre>{@code
 * DatabaseCatalog catalog = CatalogReader.create().read(connection);
 * catalog.hypertables().forEach(it -> System.out.println(it.name() + " has " + it.chunks().size() + " chunks"));
 * }</pre>
 */
public final class CatalogReader {
    /**
     * Names are spelled with their schema, and with quotes only where they need them, and values as everywhere else, whatever a session prefers. Compiling
     * these queries takes the server longer than running them.
     */
    private static final Map<String, String> SETTINGS = Map.of(
            "jit", "off",
            "search_path", "",
            "quote_all_identifiers", "off",
            "DateStyle", "ISO, YMD",
            "IntervalStyle", "postgres",
            "TimeZone", "UTC",
            "extra_float_digits", "1",
            "bytea_output", "hex");

    private final Set<String> ignoredSchemas;
    private final Map<String, String> roleNames;

    private CatalogReader(Set<String> ignoredSchemas, Map<String, String> roleNames) {
        this.ignoredSchemas = Set.copyOf(ignoredSchemas);
        this.roleNames = Map.copyOf(roleNames);
    }

    /** A reader of everything that an application could see. */
    public static CatalogReader create() {
        return new CatalogReader(Set.of(), Map.of());
    }

    /** A reader that passes over one more schema and all that is in it. */
    public CatalogReader ignoringSchema(String schema) {
        Objects.requireNonNull(schema, "schema");
        Set<String> more = new TreeSet<>(ignoredSchemas);
        more.add(schema);
        return new CatalogReader(more, roleNames);
    }

    /**
     * A reader that names roles otherwise than the database does, wherever it finds them: as owners, in privileges, policies, settings and
     * user mappings. So a source can be described as its target should look. Roles of the server as such keep their names.
     *
     * @param names the names to give, by the names that the roles have in the database; other roles keep theirs
     */
    public CatalogReader mappingRoles(Map<String, String> names) {
        return new CatalogReader(ignoredSchemas, names);
    }

    /**
     * Reads the database of this connection.
     *
     * <p>With autocommit off, it reads in the caller's transaction and leaves that open. With autocommit on, it reads in a
     * read-only transaction of its own. The search path and
     * the settings that change how names and values are spelled, and whether queries are compiled, are set for the reading and put back.
     *
     * @throws CatalogException when a query fails; the connection's transaction is then aborted, as after any error
     */
    public DatabaseCatalog read(Connection connection) {
        Objects.requireNonNull(connection, "connection");
        try {
            return connection.getAutoCommit() ? readInOwnTransaction(connection) : readAll(connection);
        } catch (SQLException | DataAccessException | IllegalStateException | IllegalArgumentException e) {
            throw new CatalogException("the catalog could not be read: " + cause(e), e);
        }
    }

    /** The first failure: what it led to, such as an aborted transaction, can hide it. */
    private static @Nullable String cause(Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    /**
     * The hypertables in which continuous aggregates keep their rows, by the names of the aggregates' views; every server names them by itself.
     *
     * @throws CatalogException when the query fails
     */
    public static Map<QualifiedName, QualifiedName> aggregateStorages(Connection connection) {
        Objects.requireNonNull(connection, "connection");
        try {
            return ViewQueries.aggregateStorages(new Queries(connection, Set.of()));
        } catch (DataAccessException e) {
            throw new CatalogException("the continuous aggregates could not be read: " + e.getMessage(), e);
        }
    }

    /**
     * What contradicts in TimescaleDB's catalog, or between it and what is there. To be asked for before a catalog that may be damaged is read, or any row of its
     * hypertables: reads catalogs alone.
     *
     * @throws CatalogException when a query fails
     */
    public List<CatalogDamage> damages(Connection connection) {
        Objects.requireNonNull(connection, "connection");
        try {
            return DamageQueries.read(new Queries(connection, ignoredSchemas));
        } catch (DataAccessException e) {
            throw new CatalogException("the catalog could not be checked: " + cause(e), e);
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
        Map<String, String> before = new HashMap<>();
        SETTINGS.keySet().forEach(name -> before.put(name, queries.text("SELECT current_setting(?)", name)));
        set(queries, SETTINGS);
        DatabaseCatalog catalog;
        try {
            catalog = readWith(queries);
        } catch (DataAccessException e) {
            throw e; // the transaction is aborted: its end puts the settings back, and nothing else can
        } catch (RuntimeException e) {
            set(queries, before);
            throw e;
        }
        set(queries, before);
        return catalog;
    }

    private static void set(Queries queries, Map<String, String> settings) {
        settings.forEach((name, value) -> queries.text("SELECT set_config(?, ?, true)", name, value));
    }

    private DatabaseCatalog readWith(Queries queries) {
        Roles roles = new Roles(roleNames);
        ServerInfo server = ServerQueries.read(queries);
        Timescale timescale = server.timescale();
        List<Hypertable> hypertables = List.of();
        List<Job> jobs = List.of();
        List<StorageRelation> storage = List.of();
        Map<QualifiedName, Long> views = Map.of();
        Map<QualifiedName, QualifiedName> storages = Map.of();
        List<ContinuousAggregate> aggregates = List.of();
        Map<Long, List<Column>> columns = TableQueries.columns(queries, timescale != null);
        if (timescale != null) {
            Features features = Features.of(queries);
            storages = ViewQueries.aggregateStorages(queries);
            Set<QualifiedName> ofAggregates = Set.copyOf(storages.values());
            List<Hypertable> all = HypertableQueries.read(queries, features);
            hypertables =
                    all.stream().filter(it -> !ofAggregates.contains(it.name())).toList();
            aggregates = AggregateQueries.read(
                    queries, features, all.stream().collect(toMap(Hypertable::name, it -> it)), columns, roles);
            storage = HypertableQueries.storageRelations(queries, features);
            jobs = JobQueries.read(queries, features, roles);
            views = ViewQueries.continuousAggregates(queries);
        }
        Set<QualifiedName> chunks = storage.stream().map(StorageRelation::name).collect(toSet());
        return DatabaseCatalog.builder(server)
                .tables(TableQueries.read(queries, hypertables, chunks, columns))
                .hypertables(hypertables)
                .sequences(SequenceQueries.read(queries))
                .constraints(ConstraintQueries.constraints(queries, chunks))
                .indexes(ConstraintQueries.indexes(queries, chunks))
                .views(ViewQueries.read(queries, views))
                .aggregates(aggregates)
                .jobs(jobs)
                .storageRelations(storage)
                .objects(ObjectQueries.objects(queries, storage, timescale != null, roles))
                .extensions(ExtensionQueries.read(queries))
                .collations(InventoryQueries.collationsUsed(queries))
                .settings(SettingQueries.read(queries, roles))
                .roles(roles.uses())
                .largeObjects(ObjectQueries.largeObjects(queries))
                .semantics(SemanticsQueries.read(queries, timescale != null, storages))
                .build();
    }
}
