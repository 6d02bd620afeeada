package io.hyperferry.catalog;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one database says about itself, as it was at one moment. Immutable, and equal to another catalog that says the same.
 *
 * @param server the server and the database
 * @param tables the tables an application sees, ordered by name
 * @param hypertables what makes some of them hypertables, ordered by name
 * @param sequences the sequences, ordered by name
 * @param constraints the tables' constraints, ordered by table and name
 * @param indexes the tables' indexes, ordered by table and name
 * @param views views, materialized views and continuous aggregates, ordered by name
 * @param jobs policies and user-defined actions, ordered by id
 * @param storageRelations relations of chunks that stand in a user's schema, ordered by name
 * @param otherObjects functions, types and whatever else belongs to no extension, as {@code kind schema.name}, ordered
 * @param largeObjects the number of large objects
 */
public record DatabaseCatalog(
        ServerInfo server,
        List<Table> tables,
        List<Hypertable> hypertables,
        List<Sequence> sequences,
        List<Constraint> constraints,
        List<Index> indexes,
        List<View> views,
        List<Job> jobs,
        List<StorageRelation> storageRelations,
        List<String> otherObjects,
        long largeObjects) {
    public DatabaseCatalog {
        Objects.requireNonNull(server, "server");
        tables = List.copyOf(tables);
        hypertables = List.copyOf(hypertables);
        sequences = List.copyOf(sequences);
        constraints = List.copyOf(constraints);
        indexes = List.copyOf(indexes);
        views = List.copyOf(views);
        jobs = List.copyOf(jobs);
        storageRelations = List.copyOf(storageRelations);
        otherObjects = List.copyOf(otherObjects);
    }

    /** A catalog with nothing in it, to start from in a test. */
    public static DatabaseCatalog empty(ServerInfo server) {
        return new DatabaseCatalog(
                server, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
                List.of(), 0);
    }

    /** The same catalog with other tables and hypertables. */
    public DatabaseCatalog withTables(List<Table> tables, List<Hypertable> hypertables) {
        return new DatabaseCatalog(
                server,
                tables,
                hypertables,
                sequences,
                constraints,
                indexes,
                views,
                jobs,
                storageRelations,
                otherObjects,
                largeObjects);
    }

    /** The same catalog with other sequences. */
    public DatabaseCatalog withSequences(List<Sequence> sequences) {
        return new DatabaseCatalog(
                server,
                tables,
                hypertables,
                sequences,
                constraints,
                indexes,
                views,
                jobs,
                storageRelations,
                otherObjects,
                largeObjects);
    }

    /** The hypertable of that name, if it is one. */
    public Optional<Hypertable> hypertable(QualifiedName name) {
        return hypertables.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    /** The table of that name. */
    public Optional<Table> table(QualifiedName name) {
        return tables.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    /** Whether an application could find anything in this database. */
    public boolean isEmpty() {
        return tables.isEmpty() && views.isEmpty() && sequences.isEmpty() && otherObjects.isEmpty();
    }

    /** TimescaleDB in this database. */
    public Optional<Timescale> timescale() {
        @Nullable Timescale timescale = server.timescale();
        return Optional.ofNullable(timescale);
    }
}
