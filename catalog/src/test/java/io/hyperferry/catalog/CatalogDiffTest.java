package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.CatalogDiff.Kind;
import io.hyperferry.catalog.Dimension.HashDimension;
import io.hyperferry.catalog.Dimension.TimeDimension;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogDiffTest {
    private static final QualifiedName READINGS = QualifiedName.of("public", "readings");
    private static final TimeDimension TIME = TimeDimension.of("at", "timestamp with time zone", 1_000);
    private static final DimensionRange RANGE = new DimensionRange("at", 0, 1_000);
    private static final Column AT = new Column("at", "timestamp with time zone", true, false, true);

    private static final ServerInfo SERVER = new ServerInfo(
            "db",
            "1",
            "me",
            false,
            new Version(17, 11, 0),
            new Timescale(new Version(2, 29, 2), "public", "_timescaledb_functions", true),
            null,
            false,
            100,
            "UTF8");

    private static final DatabaseCatalog SOURCE = new DatabaseCatalog(
            SERVER,
            List.of(table(10, List.of(AT), Table.Kind.HYPERTABLE, 5, 6)),
            List.of(hypertable(List.of(TIME), chunk("_hyper_1_1_chunk", 11, RANGE, 0))),
            List.of(new Sequence(QualifiedName.of("public", "s"), 7, true, null)),
            List.of(new Constraint(READINGS, "c", "CHECK (a > 0)", null)),
            List.of(new Index(READINGS, "i", "CREATE INDEX i ON public.readings USING btree (at)")),
            List.of(new View(QualifiedName.of("public", "v"), 12, View.Kind.VIEW, List.of(READINGS))),
            List.of(new Job(1000, QualifiedName.of("public", "job"), READINGS)),
            List.of(new StorageRelation(QualifiedName.of("public", "c1"), 13)),
            List.of("function public.f()", "schema app"),
            1);

    @Test
    void equal_catalogs_have_no_difference() {
        assertThat(CatalogDiff.between(SOURCE, SOURCE)).isEmpty();
        assertThat(CatalogDiff.between(DatabaseCatalog.empty(SERVER), DatabaseCatalog.empty(SERVER)))
                .isEmpty();
    }

    @Test
    void what_must_differ_between_two_servers_is_no_difference() {
        ServerInfo other = new ServerInfo(
                "other", "2", "you", true, new Version(18, 1, 0), null, new Version(2, 31, 0), false, 200, "UTF8");
        DatabaseCatalog target = new DatabaseCatalog(
                other,
                List.of(table(90, List.of(AT), Table.Kind.HYPERTABLE, 500, 600)),
                List.of(hypertable(List.of(TIME), chunk("_hyper_9_9_chunk", 91, RANGE, 1))),
                SOURCE.sequences(),
                SOURCE.constraints(),
                SOURCE.indexes(),
                List.of(new View(QualifiedName.of("public", "v"), 92, View.Kind.VIEW, List.of(READINGS))),
                List.of(new Job(1042, QualifiedName.of("public", "job"), READINGS)),
                List.of(),
                SOURCE.otherObjects(),
                1);

        assertThat(CatalogDiff.between(SOURCE, target)).isEmpty();
    }

    @Test
    void a_column_that_is_missing_or_of_another_type_or_nullability_or_generated_is_found() {
        Column more = Column.of("more", "text");
        assertThat(differences(tables(List.of(AT, more))))
                .containsExactly(new Difference(Kind.TABLE, "column public.readings.more", "(missing)", "text"));
        assertThat(differences(tables(List.of())))
                .containsExactly(new Difference(
                        Kind.TABLE, "column public.readings.at", "timestamp with time zone not null", "(missing)"));
        assertThat(differences(tables(List.of(new Column("at", "date", true, false, true)))))
                .extracting(Difference::target)
                .containsExactly("date not null");
        assertThat(differences(tables(List.of(new Column("at", AT.type(), false, false, true)))))
                .extracting(Difference::target)
                .containsExactly("timestamp with time zone");
        assertThat(differences(tables(List.of(new Column("at", AT.type(), true, true, true)))))
                .extracting(Difference::target)
                .containsExactly("timestamp with time zone not null generated");
    }

    @Test
    void a_table_that_is_missing_or_of_another_kind_is_found_on_either_side() {
        DatabaseCatalog none = SOURCE.withTables(List.of(), SOURCE.hypertables());
        assertThat(CatalogDiff.between(SOURCE, none))
                .extracting(Difference::target)
                .containsOnly("(missing)");
        assertThat(CatalogDiff.between(none, SOURCE))
                .extracting(Difference::source)
                .containsOnly("(missing)");
        assertThat(differences(SOURCE.withTables(
                        List.of(table(10, List.of(AT), Table.Kind.PLAIN, 5, 6)), SOURCE.hypertables())))
                .containsExactly(new Difference(Kind.TABLE, "table public.readings", "HYPERTABLE", "PLAIN"));
    }

    @Test
    void another_interval_or_one_more_dimension_or_another_chunk_storage_is_found() {
        Chunk chunk = chunk("c", 1, RANGE, 0);
        assertThat(differences(
                        hypertables(hypertable(List.of(TimeDimension.of("at", TIME.columnType(), 2_000)), chunk))))
                .extracting(Difference::kind, Difference::object)
                .containsExactly(tuple(Kind.HYPERTABLE, "dimension public.readings.at"));
        assertThat(differences(
                        hypertables(hypertable(List.of(TIME, new HashDimension("device", "integer", 4, null)), chunk))))
                .extracting(Difference::object)
                .containsExactly("dimension public.readings.device");
        assertThat(differences(hypertables(new Hypertable(READINGS, List.of(TIME), List.of(chunk), "app", "p", false))))
                .containsExactly(new Difference(
                        Kind.HYPERTABLE,
                        "chunk storage of public.readings",
                        "_timescaledb_internal, prefix default",
                        "app, prefix p"));
        assertThat(differences(hypertables())).extracting(Difference::kind).contains(Kind.HYPERTABLE, Kind.CHUNK);
    }

    @Test
    void other_bounds_of_a_chunk_are_found_as_one_too_few_and_one_too_many() {
        assertThat(differences(
                        hypertables(hypertable(List.of(TIME), chunk("c", 1, new DimensionRange("at", 0, 2_000), 0)))))
                .containsExactly(
                        new Difference(Kind.CHUNK, "chunk of public.readings at [0, 1000)", "present", "(missing)"),
                        new Difference(Kind.CHUNK, "chunk of public.readings at [0, 2000)", "(missing)", "present"));
    }

    @Test
    void other_constraints_indexes_views_and_objects_are_found() {
        DatabaseCatalog target = new DatabaseCatalog(
                SERVER,
                SOURCE.tables(),
                SOURCE.hypertables(),
                SOURCE.sequences(),
                List.of(new Constraint(READINGS, "c", "CHECK (a > 1)", null)),
                List.of(new Index(READINGS, "i", "CREATE INDEX i ON public.readings USING brin (at)")),
                List.of(new View(QualifiedName.of("public", "v"), 12, View.Kind.MATERIALIZED_VIEW, List.of())),
                List.of(),
                List.of(),
                List.of("schema app"),
                1);

        assertThat(CatalogDiff.between(SOURCE, target))
                .extracting(Difference::toString)
                .containsExactly(
                        "constraint c on public.readings: source CHECK (a > 0), target CHECK (a > 1)",
                        "index i on public.readings: source CREATE INDEX i ON public.readings USING btree (at),"
                                + " target CREATE INDEX i ON public.readings USING brin (at)",
                        "view public.v: source VIEW, target MATERIALIZED_VIEW",
                        "function public.f(): source present, target (missing)");
    }

    @Test
    void a_sequence_that_stands_elsewhere_or_whose_value_was_not_handed_out_is_found() {
        assertThat(differences(sequence(8, true, true)))
                .containsExactly(new Difference(Kind.SEQUENCE, "sequence public.s", "7, called", "8, called"));
        assertThat(differences(sequence(7, false, true)))
                .extracting(Difference::target)
                .containsExactly("7, not called");
    }

    @Test
    void a_sequence_that_nobody_could_read_is_never_called_equal() {
        DatabaseCatalog unreadable = sequence(1, false, false);

        assertThat(differences(unreadable)).hasSize(1);
        assertThat(CatalogDiff.between(unreadable, unreadable)).hasSize(1);
    }

    private static List<Difference> differences(DatabaseCatalog target) {
        return CatalogDiff.between(SOURCE, target);
    }

    private static DatabaseCatalog tables(List<Column> columns) {
        return SOURCE.withTables(List.of(table(10, columns, Table.Kind.HYPERTABLE, 5, 6)), SOURCE.hypertables());
    }

    private static DatabaseCatalog hypertables(Hypertable... hypertables) {
        return SOURCE.withTables(SOURCE.tables(), List.of(hypertables));
    }

    private static DatabaseCatalog sequence(long value, boolean called, boolean readable) {
        return SOURCE.withSequences(
                List.of(new Sequence(QualifiedName.of("public", "s"), value, called, null, readable)));
    }

    private static Table table(long oid, List<Column> columns, Table.Kind kind, long rows, long bytes) {
        return new Table(READINGS, oid, kind, columns, rows, bytes);
    }

    private static Hypertable hypertable(List<Dimension> dimensions, Chunk... chunks) {
        return Hypertable.of(READINGS, dimensions, List.of(chunks));
    }

    private static Chunk chunk(String name, long oid, DimensionRange range, int status) {
        return new Chunk(QualifiedName.of("_timescaledb_internal", name), oid, List.of(range), status, oid, oid);
    }
}
