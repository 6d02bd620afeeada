package io.hyperferry;

import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.ContinuousAggregate.Invalidation;
import io.hyperferry.catalog.ContinuousAggregate.State;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Dimension;
import io.hyperferry.catalog.Dimension.HashDimension;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.Index;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Sequence;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.ServerInventory;
import io.hyperferry.catalog.ServerSettings;
import io.hyperferry.catalog.Table;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import io.hyperferry.catalog.Version;
import io.hyperferry.catalog.View;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Catalogs built from records, without a database. */
public final class TestCatalogs {
    /** 2026-01-01 UTC in TimescaleDB's internal unit. */
    public static final long NEW_YEAR = 1_767_225_600_000_000L;

    /** A day in that unit. */
    public static final long DAY = 86_400_000_000L;

    private TestCatalogs() {}

    /** A server with TimescaleDB's Community edition. */
    public static ServerInfo server(String database) {
        return server(database, true);
    }

    /** A server with TimescaleDB. */
    public static ServerInfo server(String database, boolean community) {
        return server(database, community, false);
    }

    /** A server with TimescaleDB, and a role that may be a superuser. */
    public static ServerInfo server(String database, boolean community, boolean superuser) {
        Version version = Version.parse("2.29.2");
        return new ServerInfo(
                database,
                database + "-system",
                "app",
                superuser,
                Version.parse("17.5"),
                new Timescale(
                        version,
                        "public",
                        "_timescaledb_functions",
                        community,
                        EnumSet.complementOf(EnumSet.of(TimescaleFeature.ADAPTIVE_CHUNKING))),
                version,
                false,
                "UTF8",
                "libc C",
                ServerSettings.DEFAULTS,
                ServerInventory.NOTHING);
    }

    /** An empty target. */
    public static DatabaseCatalog target() {
        return DatabaseCatalog.empty(server("target"));
    }

    /** Daily readings over three days, hourly events in integer time over two hash partitions, and the sensors' table. */
    public static DatabaseCatalog source() {
        QualifiedName readings = QualifiedName.of("public", "readings");
        QualifiedName events = QualifiedName.of("app \"x\"", "Events");
        QualifiedName sensors = QualifiedName.of("public", "sensors");
        TimeDimension time = TimeDimension.of("time", "timestamp with time zone", DAY);
        List<Chunk> days = new ArrayList<>();
        for (int day = 0; day < 3; day++) {
            long from = NEW_YEAR + day * DAY;
            days.add(chunk("_hyper_1_" + (day + 1) + "_chunk", List.of(new DimensionRange("time", from, from + DAY))));
        }
        List<Dimension> byHash = List.of(
                new TimeDimension("at", "bigint", 3_600_000, null, QualifiedName.of("app \"x\"", "now_ms")),
                new HashDimension("device's", "text", 2, null));
        List<Chunk> hours = List.of(
                chunk(
                        "_hyper_2_4_chunk",
                        List.of(
                                new DimensionRange("at", 0, 3_600_000),
                                new DimensionRange("device's", Long.MIN_VALUE, 1_073_741_823))),
                chunk(
                        "_hyper_2_5_chunk",
                        List.of(
                                new DimensionRange("at", 0, 3_600_000),
                                new DimensionRange("device's", 1_073_741_823, Long.MAX_VALUE))));
        return DatabaseCatalog.empty(server("metrics")).toBuilder()
                .tables(List.of(
                        new Table(
                                events,
                                30,
                                Table.Kind.HYPERTABLE,
                                columns("at", "bigint", "device's", "text"),
                                2_000,
                                16_384),
                        new Table(readings, 10, Table.Kind.HYPERTABLE, readingColumns(), 3_000, 24_576),
                        new Table(sensors, 20, Table.Kind.PLAIN, columns("id", "integer", "name", "text"), 20, 8_192)))
                .hypertables(
                        List.of(Hypertable.of(events, byHash, hours), Hypertable.of(readings, List.of(time), days)))
                .sequences(List.of(new Sequence(QualifiedName.of("public", "sensors_id_seq"), 20, true, sensors)))
                .build();
    }

    /** That source with readings by hour, of which two days are materialized, and readings by day on top of them, never refreshed. */
    public static DatabaseCatalog withAggregates() {
        DatabaseCatalog source = source();
        ContinuousAggregate hourly = aggregate(
                "hourly",
                QualifiedName.of("public", "readings"),
                3_600_000_000L,
                List.of(chunk(
                        "_hyper_3_9_chunk",
                        List.of(new DimensionRange("bucket", NEW_YEAR - 8 * DAY, NEW_YEAR + 2 * DAY)))),
                new State(
                        NEW_YEAR + 2 * DAY,
                        NEW_YEAR + 2 * DAY,
                        List.of(
                                new Invalidation(NEW_YEAR - 8 * DAY, NEW_YEAR - 1),
                                new Invalidation(NEW_YEAR + DAY, NEW_YEAR + DAY + 3_599_999_999L),
                                new Invalidation(NEW_YEAR + 2 * DAY, Long.MAX_VALUE)),
                        List.of(new Invalidation(NEW_YEAR, NEW_YEAR + 3 * DAY - 1))));
        ContinuousAggregate daily = aggregate("daily \"x\"", hourly.name(), DAY, List.of(), State.NEW);
        return source.toBuilder()
                .views(List.of(
                        new View(daily.name(), 51, View.Kind.CONTINUOUS_AGGREGATE, List.of(hourly.name())),
                        new View(hourly.name(), 50, View.Kind.CONTINUOUS_AGGREGATE, List.of(hourly.source()))))
                .aggregates(List.of(hourly, daily))
                .build();
    }

    private static ContinuousAggregate aggregate(
            String name, QualifiedName source, long bucketWidth, List<Chunk> chunks, State state) {
        QualifiedName view = QualifiedName.of("public", name);
        return new ContinuousAggregate(
                view,
                source,
                "app",
                " SELECT 1 AS bucket FROM " + source,
                true,
                true,
                Hypertable.of(
                        QualifiedName.of("_timescaledb_internal", "_materialized_hypertable_3"),
                        List.of(TimeDimension.of("bucket", "timestamp with time zone", 10 * DAY)),
                        chunks),
                columns("bucket", "timestamp with time zone", "n", "bigint"),
                List.of(new Index(
                        view,
                        "mine",
                        "CREATE INDEX mine ON public.\"" + name.replace("\"", "\"\"") + "\" USING btree (n)")),
                bucketWidth,
                false,
                state);
    }

    private static List<Column> readingColumns() {
        return List.of(
                new Column("time", "timestamp with time zone", true, false, true),
                Column.of("level", "numeric(5,2)"),
                new Column("note", "text[]", false, false, false),
                new Column("doubled", "numeric", false, true, true));
    }

    private static List<Column> columns(String... namesAndTypes) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            columns.add(Column.of(namesAndTypes[i], namesAndTypes[i + 1]));
        }
        return columns;
    }

    /** A chunk of a thousand rows. */
    public static Chunk chunk(String name, List<DimensionRange> ranges) {
        return new Chunk(QualifiedName.of("_timescaledb_internal", name), 100, ranges, 0, 1_000, 8_192);
    }
}
