package io.hyperferry.catalog;

import static io.hyperferry.catalog.DiffCatalogs.AT;
import static io.hyperferry.catalog.DiffCatalogs.RANGE;
import static io.hyperferry.catalog.DiffCatalogs.READINGS;
import static io.hyperferry.catalog.DiffCatalogs.READINGS_TABLE;
import static io.hyperferry.catalog.DiffCatalogs.SERVER;
import static io.hyperferry.catalog.DiffCatalogs.SOURCE;
import static io.hyperferry.catalog.DiffCatalogs.TIME;
import static io.hyperferry.catalog.DiffCatalogs.TRIGGER;
import static io.hyperferry.catalog.DiffCatalogs.VIEW;
import static io.hyperferry.catalog.DiffCatalogs.chunk;
import static io.hyperferry.catalog.DiffCatalogs.differences;
import static io.hyperferry.catalog.DiffCatalogs.hypertable;
import static io.hyperferry.catalog.DiffCatalogs.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.CatalogDiff.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogDiffTest {
    @Test
    void equal_catalogs_have_no_difference() {
        assertThat(CatalogDiff.between(SOURCE, SOURCE)).isEmpty();
        assertThat(CatalogDiff.between(DatabaseCatalog.empty(SERVER), DatabaseCatalog.empty(SERVER)))
                .isEmpty();
    }

    @Test
    void what_must_differ_between_two_servers_is_no_difference() {
        ServerInfo other = new ServerInfo(
                "other",
                "2",
                "you",
                true,
                new Version(18, 1, 0),
                null,
                new Version(2, 31, 0),
                false,
                "LATIN1",
                "icu de",
                new ServerSettings(200, 1, 1),
                ServerInventory.NOTHING);
        DatabaseCatalog target = SOURCE.toBuilder()
                .server(other)
                .tables(List.of(table(90, List.of(AT), Table.Kind.HYPERTABLE, 500, 600)))
                .hypertables(List.of(hypertable(List.of(TIME), chunk("_hyper_9_9_chunk", 91, RANGE, 8 | 2))))
                .views(List.of(new View(QualifiedName.of("public", "v"), 92, View.Kind.VIEW, List.of(READINGS))))
                .jobs(List.of(Job.of(1042, QualifiedName.of("public", "job"), READINGS)))
                .storageRelations(List.of())
                .extensions(List.of(
                        new Extension("pgcrypto", "public", "1.4", 5),
                        new Extension("pg_stat_statements", "public", "1.11", 0)))
                .roles(List.of(new RoleUse("bob", Set.of(RoleUse.Use.SETTING))))
                .largeObjects(2)
                .build();

        assertThat(CatalogDiff.between(SOURCE, target)).isEmpty();
    }

    @Test
    void another_order_of_the_columns_is_found_and_told_apart_from_a_missing_column() {
        Column more = Column.of("more", "text");
        Column last = Column.of("last", "text");
        assertThat(CatalogDiff.between(tables(List.of(AT, more, last)), tables(List.of(last, AT))))
                .extracting(Difference::object, Difference::aspect, Difference::source, Difference::target)
                .containsExactly(
                        tuple("column public.readings.more", "", "text", "(missing)"),
                        tuple("table public.readings", "order of columns", "at, last", "last, at"));
    }

    @Test
    void a_column_that_is_missing_or_of_another_type_or_nullability_or_generated_is_found() {
        Column more = Column.of("more", "text");
        assertThat(differences(tables(List.of(AT, more))))
                .containsExactly(new Difference(Kind.TABLE, "column public.readings.more", "", "(missing)", "text"));
        assertThat(differences(tables(List.of())))
                .containsExactly(new Difference(
                        Kind.TABLE, "column public.readings.at", "", "timestamp with time zone not null", "(missing)"));
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
        DatabaseCatalog none = SOURCE.toBuilder()
                .tables(List.of())
                .hypertables(List.of())
                .constraints(List.of())
                .indexes(List.of())
                .objects(List.of(DatabaseObject.of("function", "public.f()"), DatabaseObject.of("schema", "app"), VIEW))
                .build();
        assertThat(CatalogDiff.between(SOURCE, none))
                .as("one difference, with nothing of what belongs to the table")
                .containsExactly(new Difference(Kind.TABLE, "table public.readings", "", "HYPERTABLE", "(missing)"));
        assertThat(CatalogDiff.between(none, SOURCE))
                .containsExactly(new Difference(Kind.TABLE, "table public.readings", "", "(missing)", "HYPERTABLE"));
        assertThat(differences(SOURCE.toBuilder()
                        .tables(List.of(table(10, List.of(AT), Table.Kind.PLAIN, 5, 6)))
                        .hypertables(List.of())
                        .build()))
                .containsExactly(new Difference(Kind.TABLE, "table public.readings", "", "HYPERTABLE", "PLAIN"));
    }

    @Test
    void other_constraints_indexes_views_and_objects_are_found() {
        DatabaseCatalog target = SOURCE.toBuilder()
                .constraints(List.of(new Constraint(READINGS, "c", "CHECK (a > 1)", null)))
                .indexes(List.of(new Index(READINGS, "i", "CREATE INDEX i ON public.readings USING brin (at)")))
                .views(List.of(new View(QualifiedName.of("public", "v"), 12, View.Kind.MATERIALIZED_VIEW, List.of())))
                .jobs(List.of())
                .storageRelations(List.of())
                .objects(List.of(DatabaseObject.of("schema", "app"), READINGS_TABLE, TRIGGER, VIEW))
                .build();

        assertThat(CatalogDiff.between(SOURCE, target))
                .extracting(Difference::toString)
                .containsExactly(
                        "constraint c on public.readings: source CHECK (a > 0), target CHECK (a > 1)",
                        "index i on public.readings: source CREATE INDEX i ON public.readings USING btree (at),"
                                + " target CREATE INDEX i ON public.readings USING brin (at)",
                        "view public.v: source VIEW, target MATERIALIZED_VIEW",
                        "job public.job of public.readings: source present, target (missing)",
                        "function public.f(): source present, target (missing)");
    }

    @Test
    void a_sequence_that_stands_elsewhere_or_whose_value_was_not_handed_out_is_found() {
        assertThat(differences(sequence(8, true, true)))
                .containsExactly(new Difference(Kind.SEQUENCE, "sequence public.s", "", "7, called", "8, called"));
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

    @Test
    void every_fact_of_an_object_is_compared_and_reported_by_what_it_is_about() {
        DatabaseObject other = new DatabaseObject(
                "table",
                "public.readings",
                READINGS,
                "bob",
                Map.of("granted to carol", "SELECT", "persistence", "unlogged"));
        assertThat(differences(objects(other, TRIGGER, VIEW)))
                .containsExactly(
                        new Difference(Kind.TABLE, "table public.readings", "persistence", "(none)", "unlogged"),
                        new Difference(Kind.OWNER, "table public.readings", "owner", "alice", "bob"),
                        new Difference(Kind.PRIVILEGE, "table public.readings", "granted to carol", "(none)", "SELECT"),
                        new Difference(Kind.COMMENT, "table public.readings", "comment", "c", "(none)"));
    }

    @Test
    void an_object_that_is_missing_is_one_difference_however_much_is_known_of_it() {
        assertThat(differences(objects(READINGS_TABLE, VIEW)))
                .containsExactly(
                        new Difference(Kind.OTHER, "trigger t on public.readings", "", "present", "(missing)"));
        assertThat(differences(SOURCE.toBuilder()
                        .extensions(List.of())
                        .settings(List.of())
                        .build()))
                .extracting(Difference::toString)
                .containsExactly(
                        "extension pgcrypto: source in schema public, target (missing)",
                        "setting work_mem of role bob: source 8MB, target (missing)");
    }

    @Test
    void an_index_that_is_missing_with_its_constraint_is_not_told_twice() {
        DatabaseCatalog with = SOURCE.toBuilder()
                .constraints(List.of(new Constraint(READINGS, "pk", "PRIMARY KEY (at)", null)))
                .indexes(List.of(new Index(READINGS, "pk", "CREATE UNIQUE INDEX pk")))
                .build();
        DatabaseCatalog without =
                with.toBuilder().constraints(List.of()).indexes(List.of()).build();

        assertThat(CatalogDiff.between(with, without))
                .extracting(Difference::object)
                .containsExactly("constraint pk on public.readings");
        assertThat(CatalogDiff.between(without, with)).hasSize(1);
    }

    @Test
    void a_view_that_only_another_postgresql_writes_otherwise_is_equal_and_another_column_is_not() {
        ServerInfo old = SERVER.withPostgres(new Version(15, 8, 0)).withTimescale(null);
        DatabaseCatalog source =
                objects(view("SELECT readings.at, readings.\"A b\"\n FROM public.readings")).toBuilder()
                        .server(old)
                        .build();

        assertThat(CatalogDiff.between(source, objects(view("SELECT at, \"A b\"\n FROM public.readings"))))
                .isEmpty();
        assertThat(CatalogDiff.between(source, objects(view("SELECT at, \"A c\"\n FROM public.readings"))))
                .extracting(Difference::kind, Difference::aspect)
                .containsExactly(tuple(Kind.VIEW, "definition"));
        assertThat(CatalogDiff.between(
                        objects(view("SELECT readings.at FROM public.readings")),
                        objects(view("SELECT at FROM public.readings"))))
                .as("of the same PostgreSQL")
                .hasSize(1);
    }

    @Test
    void a_difference_has_the_name_without_the_word_for_the_kind_however_many_words_it_has() {
        assertThat(List.of(
                        name("table public.readings"),
                        name("materialized view public.m"),
                        name("text search configuration public.t"),
                        name("operator class public.o using btree"),
                        name("operator public.+(a, b)"),
                        name("columnstore of public.readings")))
                .containsExactly(
                        "public.readings",
                        "public.m",
                        "public.t",
                        "public.o using btree",
                        "public.+(a, b)",
                        "public.readings");
    }

    @Test
    void the_text_has_one_line_for_each_difference_in_order_and_none_for_none() {
        assertThat(CatalogDiff.toText(List.of())).isEmpty();
        assertThat(CatalogDiff.toText(List.of(
                        new Difference(Kind.VIEW, "view b", "definition", "1\n2", "3"),
                        new Difference(Kind.TABLE, "table a", "", "PLAIN", "(missing)"))))
                .isEqualTo("""
                        table a: source PLAIN, target (missing)
                        view b, definition: source 1\\n2, target 3
                        """);
        assertThat(CatalogDiff.IGNORED).isNotEmpty().allMatch(it -> !it.isBlank());
    }

    private static String name(String object) {
        return new Difference(Kind.OTHER, object, "", "", "").name();
    }

    private static DatabaseObject view(String definition) {
        return new DatabaseObject(
                "view", "public.v", QualifiedName.of("public", "v"), "alice", Map.of("definition", definition));
    }

    private static DatabaseCatalog objects(DatabaseObject... more) {
        List<DatabaseObject> objects = new ArrayList<>(
                List.of(DatabaseObject.of("function", "public.f()"), DatabaseObject.of("schema", "app")));
        objects.addAll(List.of(more));
        return SOURCE.toBuilder().objects(objects).build();
    }

    private static DatabaseCatalog tables(List<Column> columns) {
        return SOURCE.toBuilder()
                .tables(List.of(table(10, columns, Table.Kind.HYPERTABLE, 5, 6)))
                .build();
    }

    private static DatabaseCatalog sequence(long value, boolean called, boolean readable) {
        return SOURCE.toBuilder()
                .sequences(List.of(new Sequence(QualifiedName.of("public", "s"), value, called, null, readable)))
                .build();
    }
}
