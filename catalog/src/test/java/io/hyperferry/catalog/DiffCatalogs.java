package io.hyperferry.catalog;

import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.Dimension.TimeDimension;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A catalog with one thing of every kind, and others like it, for tests that compare catalogs. */
final class DiffCatalogs {
    static final QualifiedName READINGS = QualifiedName.of("public", "readings");
    static final TimeDimension TIME = TimeDimension.of("at", "timestamp with time zone", 1_000);
    static final DimensionRange RANGE = new DimensionRange("at", 0, 1_000);
    static final Column AT = new Column("at", "timestamp with time zone", true, false, true);

    static final ServerInfo SERVER = new ServerInfo(
            "db",
            "1",
            "me",
            false,
            new Version(17, 11, 0),
            new Timescale(new Version(2, 29, 2), "public", "_timescaledb_functions", true, Set.of()),
            null,
            false,
            "UTF8",
            "libc C",
            ServerSettings.DEFAULTS,
            ServerInventory.NOTHING);

    static final DatabaseObject READINGS_TABLE =
            new DatabaseObject("table", "public.readings", READINGS, "alice", Map.of("comment", "c"));
    static final DatabaseObject TRIGGER = new DatabaseObject(
            "trigger", "t on public.readings", READINGS, null, Map.of("definition", "CREATE TRIGGER t"));
    static final DatabaseObject VIEW =
            new DatabaseObject("view", "public.v", QualifiedName.of("public", "v"), "alice", Map.of());

    static final DatabaseCatalog SOURCE = DatabaseCatalog.builder(SERVER)
            .tables(List.of(table(10, List.of(AT), Table.Kind.HYPERTABLE, 5, 6)))
            .hypertables(List.of(hypertable(List.of(TIME), chunk("_hyper_1_1_chunk", 11, RANGE, 0))))
            .sequences(List.of(new Sequence(QualifiedName.of("public", "s"), 7, true, null)))
            .constraints(List.of(new Constraint(READINGS, "c", "CHECK (a > 0)", null)))
            .indexes(List.of(new Index(READINGS, "i", "CREATE INDEX i ON public.readings USING btree (at)")))
            .views(List.of(new View(QualifiedName.of("public", "v"), 12, View.Kind.VIEW, List.of(READINGS))))
            .jobs(List.of(Job.of(1000, QualifiedName.of("public", "job"), READINGS)))
            .storageRelations(List.of(new StorageRelation(QualifiedName.of("public", "c1"), 13)))
            .objects(List.of(
                    DatabaseObject.of("function", "public.f()"),
                    DatabaseObject.of("schema", "app"),
                    READINGS_TABLE,
                    TRIGGER,
                    VIEW))
            .extensions(List.of(new Extension("pgcrypto", "public", "1.3", 0)))
            .settings(List.of(new Setting("bob", "work_mem", "8MB")))
            .largeObjects(1)
            .build();

    private DiffCatalogs() {}

    static List<Difference> differences(DatabaseCatalog target) {
        return CatalogDiff.between(SOURCE, target);
    }

    static DatabaseCatalog hypertables(Hypertable... hypertables) {
        return SOURCE.toBuilder().hypertables(List.of(hypertables)).build();
    }

    static Table table(long oid, List<Column> columns, Table.Kind kind, long rows, long bytes) {
        return new Table(READINGS, oid, kind, columns, rows, bytes);
    }

    static Hypertable hypertable(List<Dimension> dimensions, Chunk... chunks) {
        return Hypertable.of(READINGS, dimensions, List.of(chunks));
    }

    static Chunk chunk(String name, long oid, DimensionRange range, int status) {
        return new Chunk(QualifiedName.of("_timescaledb_internal", name), oid, List.of(range), status, oid, oid);
    }
}
