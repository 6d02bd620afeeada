package io.hyperferry.catalog;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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
 * @param aggregates what makes some of the views continuous aggregates; what an aggregate reads comes before it
 * @param jobs policies and user-defined actions, ordered by id
 * @param storageRelations relations of chunks that stand in a user's schema, ordered by name
 * @param objects everything in the database that belongs to no extension, ordered by kind and identity
 * @param extensions the installed extensions, TimescaleDB excepted, ordered by name
 * @param collations those collations of the server, not of the database itself, that objects name, ordered by name
 * @param settings what sessions of this database begin with, ordered by role and name
 * @param roles the roles that the objects refer to, ordered by name
 * @param largeObjects the number of large objects
 * @param semantics what the order and the hashes of values depend on, apart from the values
 */
public record DatabaseCatalog(
        ServerInfo server,
        List<Table> tables,
        List<Hypertable> hypertables,
        List<Sequence> sequences,
        List<Constraint> constraints,
        List<Index> indexes,
        List<View> views,
        List<ContinuousAggregate> aggregates,
        List<Job> jobs,
        List<StorageRelation> storageRelations,
        List<DatabaseObject> objects,
        List<Extension> extensions,
        List<String> collations,
        List<Setting> settings,
        List<RoleUse> roles,
        long largeObjects,
        ValueSemantics semantics) {
    /** Kinds of objects that every database has. */
    private static final Set<String> GIVEN = Set.of("database", "schema public");

    public DatabaseCatalog {
        Objects.requireNonNull(server, "server");
        tables = List.copyOf(tables);
        hypertables = List.copyOf(hypertables);
        sequences = List.copyOf(sequences);
        constraints = List.copyOf(constraints);
        indexes = List.copyOf(indexes);
        views = List.copyOf(views);
        aggregates = List.copyOf(aggregates);
        jobs = List.copyOf(jobs);
        storageRelations = List.copyOf(storageRelations);
        objects = List.copyOf(objects);
        extensions = List.copyOf(extensions);
        collations = List.copyOf(collations);
        settings = List.copyOf(settings);
        roles = List.copyOf(roles);
        Objects.requireNonNull(semantics, "semantics");
    }

    /** A catalog with nothing in it, to start from in a test. */
    public static DatabaseCatalog empty(ServerInfo server) {
        return new Builder(server).build();
    }

    /** Starts a catalog of a database on this server, with nothing in it. */
    public static Builder builder(ServerInfo server) {
        return new Builder(server);
    }

    /** Starts another catalog from this one. */
    public Builder toBuilder() {
        return new Builder(server)
                .tables(tables)
                .hypertables(hypertables)
                .sequences(sequences)
                .constraints(constraints)
                .indexes(indexes)
                .views(views)
                .aggregates(aggregates)
                .jobs(jobs)
                .storageRelations(storageRelations)
                .objects(objects)
                .extensions(extensions)
                .collations(collations)
                .settings(settings)
                .roles(roles)
                .largeObjects(largeObjects)
                .semantics(semantics);
    }

    /** Collects what a catalog holds; each method replaces what was there. Not thread-safe. */
    public static final class Builder {
        private ServerInfo server;
        private List<Table> tables = List.of();
        private List<Hypertable> hypertables = List.of();
        private List<Sequence> sequences = List.of();
        private List<Constraint> constraints = List.of();
        private List<Index> indexes = List.of();
        private List<View> views = List.of();
        private List<ContinuousAggregate> aggregates = List.of();
        private List<Job> jobs = List.of();
        private List<StorageRelation> storageRelations = List.of();
        private List<DatabaseObject> objects = List.of();
        private List<Extension> extensions = List.of();
        private List<String> collations = List.of();
        private List<Setting> settings = List.of();
        private List<RoleUse> roles = List.of();
        private long largeObjects;
        private ValueSemantics semantics;

        private Builder(ServerInfo server) {
            this.server = Objects.requireNonNull(server, "server");
            this.semantics = ValueSemantics.of(server);
        }

        /** The server and the database. */
        public Builder server(ServerInfo value) {
            server = Objects.requireNonNull(value, "server");
            return this;
        }

        /** The tables. */
        public Builder tables(List<Table> value) {
            tables = List.copyOf(value);
            return this;
        }

        /** What makes some of the tables hypertables. */
        public Builder hypertables(List<Hypertable> value) {
            hypertables = List.copyOf(value);
            return this;
        }

        /** The sequences. */
        public Builder sequences(List<Sequence> value) {
            sequences = List.copyOf(value);
            return this;
        }

        /** The tables' constraints. */
        public Builder constraints(List<Constraint> value) {
            constraints = List.copyOf(value);
            return this;
        }

        /** The tables' indexes. */
        public Builder indexes(List<Index> value) {
            indexes = List.copyOf(value);
            return this;
        }

        /** Views, materialized views and continuous aggregates. */
        public Builder views(List<View> value) {
            views = List.copyOf(value);
            return this;
        }

        /** What makes some of the views continuous aggregates; what an aggregate reads comes before it. */
        public Builder aggregates(List<ContinuousAggregate> value) {
            aggregates = List.copyOf(value);
            return this;
        }

        /** Policies and user-defined actions. */
        public Builder jobs(List<Job> value) {
            jobs = List.copyOf(value);
            return this;
        }

        /** Relations of chunks that stand in a user's schema. */
        public Builder storageRelations(List<StorageRelation> value) {
            storageRelations = List.copyOf(value);
            return this;
        }

        /** Everything that belongs to no extension. */
        public Builder objects(List<DatabaseObject> value) {
            objects = List.copyOf(value);
            return this;
        }

        /** The installed extensions. */
        public Builder extensions(List<Extension> value) {
            extensions = List.copyOf(value);
            return this;
        }

        /** The server's collations that objects name. */
        public Builder collations(List<String> value) {
            collations = List.copyOf(value);
            return this;
        }

        /** What sessions of this database begin with. */
        public Builder settings(List<Setting> value) {
            settings = List.copyOf(value);
            return this;
        }

        /** The roles that objects refer to. */
        public Builder roles(List<RoleUse> value) {
            roles = List.copyOf(value);
            return this;
        }

        /** The number of large objects. */
        public Builder largeObjects(long value) {
            largeObjects = value;
            return this;
        }

        /** What the order and the hashes of values depend on; by default those of no column on anything but the values. */
        public Builder semantics(ValueSemantics value) {
            semantics = Objects.requireNonNull(value, "semantics");
            return this;
        }

        /** The catalog with what was collected. */
        public DatabaseCatalog build() {
            return new DatabaseCatalog(
                    server,
                    tables,
                    hypertables,
                    sequences,
                    constraints,
                    indexes,
                    views,
                    aggregates,
                    jobs,
                    storageRelations,
                    objects,
                    extensions,
                    collations,
                    settings,
                    roles,
                    largeObjects,
                    semantics);
        }
    }

    /** The hypertable of that name, if it is one. */
    public Optional<Hypertable> hypertable(QualifiedName name) {
        return hypertables.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    /** The continuous aggregate whose view has that name. */
    public Optional<ContinuousAggregate> aggregate(QualifiedName name) {
        return aggregates.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    /** The table of that name. */
    public Optional<Table> table(QualifiedName name) {
        return tables.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    /** Whether an application could find anything in this database. */
    public boolean isEmpty() {
        return tables.isEmpty()
                && views.isEmpty()
                && sequences.isEmpty()
                && addedObjects().isEmpty();
    }

    /** The objects without those that every database has, and without the schemas of extensions. */
    public List<DatabaseObject> addedObjects() {
        return objects.stream()
                .filter(it -> !GIVEN.contains(it.kind()) && !GIVEN.contains(it.title()) && !isOfExtension(it))
                .toList();
    }

    /** A schema that an extension was put into. */
    private boolean isOfExtension(DatabaseObject object) {
        return Stream.concat(extensions.stream().map(Extension::schema), timescale().map(Timescale::schema).stream())
                .anyMatch(it -> object.kind().equals("schema") && object.title().equals("schema " + it));
    }

    /** TimescaleDB in this database. */
    public Optional<Timescale> timescale() {
        @Nullable Timescale timescale = server.timescale();
        return Optional.ofNullable(timescale);
    }
}
