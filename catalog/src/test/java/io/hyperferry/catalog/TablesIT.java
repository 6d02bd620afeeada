package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TimescaleExtension.class)
class TablesIT {
    @Test
    void columns_come_in_order_with_their_types_and_without_dropped_ones(@Source TestDatabase source) {
        source.execute(
                "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
                "CREATE TABLE columns (id int GENERATED ALWAYS AS IDENTITY, gone text, amount numeric(10,2) NOT NULL,"
                        + " twice numeric GENERATED ALWAYS AS (amount * 2) STORED, p positive, tags text[],"
                        + " note varchar(20) DEFAULT 'x')",
                "ALTER TABLE columns DROP COLUMN gone");

        Table table = Reading.table(source, "columns");

        assertThat(table.columns())
                .containsExactly(
                        new Column("id", "integer", true, false, true),
                        new Column("amount", "numeric(10,2)", true, false, true),
                        new Column("twice", "numeric", false, true, true),
                        new Column("p", "public.positive", false, false, false),
                        new Column("tags", "text[]", false, false, false),
                        new Column("note", "character varying(20)", false, false, true));
        assertThat(table.copiedColumns()).extracting(Column::name).doesNotContain("twice");
        assertThat(table.oid()).isEqualTo(source.count("SELECT 'columns'::regclass::oid"));
    }

    @Test
    void a_partitioned_table_its_partitions_and_a_foreign_table_are_told_apart(@Source TestDatabase source) {
        source.superuser()
                .execute(
                        "CREATE SCHEMA kinds",
                        "CREATE TABLE kinds.p (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                        "CREATE TABLE kinds.p1 PARTITION OF kinds.p FOR VALUES FROM (0) TO (10)",
                        "CREATE FOREIGN DATA WRAPPER nowhere",
                        "CREATE SERVER elsewhere FOREIGN DATA WRAPPER nowhere",
                        "CREATE FOREIGN TABLE kinds.f (id int) SERVER elsewhere",
                        "CREATE UNLOGGED TABLE kinds.u (id int)");

        DatabaseCatalog catalog = Reading.of(source);

        assertThat(catalog.tables().stream().filter(it -> it.name().schema().equals("kinds")))
                .extracting(it -> it.name().name(), Table::kind)
                .containsExactly(
                        tuple("f", Table.Kind.FOREIGN),
                        tuple("p", Table.Kind.PARTITIONED),
                        tuple("p1", Table.Kind.PLAIN),
                        tuple("u", Table.Kind.PLAIN));
        assertThat(catalog.constraints().stream()
                        .filter(it -> it.table().schema().equals("kinds")))
                .as("the primary key of a partition comes with its parent's")
                .extracting(Constraint::name)
                .containsExactly("p_pkey");
    }

    @Test
    void names_that_need_quotes_are_read_exactly_as_they_are(@Source TestDatabase source) {
        List<String> names = List.of(
                "Capitals and spaces",
                "it's \"quoted\"",
                "two\nlines",
                "über 表 🚢",
                "a?b ?| {0} {user_object}",
                "--;",
                "$1");
        source.execute("CREATE SCHEMA \"Odd ?\"\"'{1}\"");
        QualifiedName[] expected = new QualifiedName[names.size()];
        for (int i = 0; i < names.size(); i++) {
            expected[i] = QualifiedName.of("Odd ?\"'{1}", names.get(i));
            String column = '"' + names.get(i).replace("\"", "\"\"") + '"';
            source.execute("CREATE TABLE " + Reading.quoted(expected[i]) + " (" + column
                    + " timestamptz NOT NULL, n serial, UNIQUE (" + column + "))");
            source.execute(
                    "SELECT create_hypertable('" + Reading.quoted(expected[i]).replace("'", "''") + "', '"
                            + names.get(i).replace("'", "''") + "', create_default_indexes => false)");
            source.execute("INSERT INTO " + Reading.quoted(expected[i]) + " VALUES ('2024-01-01')");
        }

        DatabaseCatalog catalog = Reading.of(source);

        assertThat(catalog.hypertables()).extracting(Hypertable::name).contains(expected);
        assertThat(catalog.tables()).extracting(Table::name).contains(expected);
        for (int i = 0; i < expected.length; i++) {
            QualifiedName name = expected[i];
            Hypertable hypertable = catalog.hypertable(name).orElseThrow();
            assertThat(hypertable.time().column()).isEqualTo(names.get(i));
            assertThat(hypertable.chunks()).hasSize(1);
            assertThat(catalog.sequences().stream().filter(it -> name.equals(it.ownedBy())))
                    .extracting(Sequence::lastValue, Sequence::called)
                    .containsExactly(tuple(1L, true));
            assertThat(catalog.constraints().stream().filter(it -> it.table().equals(name)))
                    .hasSize(1);
            assertThat(catalog.indexes().stream().filter(it -> it.table().equals(name)))
                    .hasSize(1);
        }
    }

    @Test
    void what_belongs_to_an_extension_is_not_the_users(@Source TestDatabase source) {
        source.superuser()
                .execute(
                        "CREATE SCHEMA members",
                        "CREATE TABLE members.of_extension (id serial PRIMARY KEY)",
                        "CREATE VIEW members.view_of_extension AS SELECT 1 AS one",
                        "CREATE FUNCTION members.function_of_extension() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                        "CREATE TYPE members.type_of_extension AS ENUM ('a')",
                        // The smallest extension that is on every server is the language; what it owns is up to us.
                        "ALTER EXTENSION plpgsql ADD TABLE members.of_extension",
                        "ALTER EXTENSION plpgsql ADD SEQUENCE members.of_extension_id_seq",
                        "ALTER EXTENSION plpgsql ADD VIEW members.view_of_extension",
                        "ALTER EXTENSION plpgsql ADD FUNCTION members.function_of_extension()",
                        "ALTER EXTENSION plpgsql ADD TYPE members.type_of_extension");

        assertThat(Reading.of(source).toString()).doesNotContain("of_extension").contains("identity=members");
    }

    @Test
    void nothing_of_an_ignored_schema_is_read(@Source TestDatabase source) {
        source.execute(
                "CREATE SCHEMA ignored",
                "CREATE TYPE ignored.secret_type AS ENUM ('a')",
                "CREATE TABLE ignored.secret_table (id serial PRIMARY KEY)",
                "CREATE TABLE ignored.secret_ht (at timestamptz NOT NULL)",
                "SELECT create_hypertable('ignored.secret_ht', 'at', associated_schema_name => 'ignored')",
                "INSERT INTO ignored.secret_ht VALUES ('2024-01-01')",
                "CREATE VIEW ignored.secret_view AS SELECT 1 AS one",
                "CREATE FUNCTION ignored.secret_function() RETURNS int LANGUAGE sql AS 'SELECT 1'");

        assertThat(Reading.of(source).toString()).contains("ignored", "secret_ht");
        assertThat(Reading.with(source, CatalogReader.create().ignoringSchema("ignored"))
                        .toString())
                .doesNotContain("ignored")
                .doesNotContain("secret");
        assertThat(CatalogReader.create().ignoringSchema("ignored"))
                .as("a reader never changes")
                .isNotSameAs(CatalogReader.create());
    }

    @Test
    void constraints_and_indexes_have_their_definitions_and_what_they_refer_to(@Source TestDatabase source) {
        source.execute(
                "CREATE SCHEMA bound",
                "CREATE TABLE bound.parent (id int PRIMARY KEY)",
                "CREATE TABLE bound.child (id int NOT NULL REFERENCES bound.parent ON DELETE CASCADE, n int,"
                        + " CONSTRAINT positive CHECK (n > 0), UNIQUE (n))",
                "CREATE INDEX plain ON bound.child (id) WHERE n > 5",
                "CREATE MATERIALIZED VIEW bound.m AS SELECT 1 AS one",
                "CREATE INDEX on_m ON bound.m (one)");

        DatabaseCatalog catalog = Reading.of(source);

        QualifiedName child = Reading.name("bound.child");
        assertThat(catalog.constraints().stream().filter(it -> it.table().equals(child)))
                .containsExactly(
                        new Constraint(
                                child,
                                "child_id_fkey",
                                "FOREIGN KEY (id) REFERENCES bound.parent(id) ON DELETE CASCADE",
                                Reading.name("bound.parent")),
                        new Constraint(child, "child_n_key", "UNIQUE (n)", null),
                        new Constraint(child, "positive", "CHECK ((n > 0))", null));
        assertThat(catalog.indexes().stream().filter(it -> it.table().schema().equals("bound")))
                .extracting(it -> it.table().name(), Index::name)
                .containsExactly(
                        tuple("child", "child_n_key"),
                        tuple("child", "plain"),
                        tuple("m", "on_m"),
                        tuple("parent", "parent_pkey"));
        assertThat(catalog.indexes())
                .contains(
                        new Index(child, "plain", "CREATE INDEX plain ON bound.child USING btree (id) WHERE (n > 5)"));
    }

    @Test
    void schemas_functions_and_types_are_other_objects_and_large_objects_are_counted(@Source TestDatabase source) {
        long before = Reading.of(source).largeObjects();
        source.execute(
                "CREATE SCHEMA others",
                "CREATE TYPE others.mood AS ENUM ('good')",
                "CREATE TYPE others.pair AS (a int, b int)",
                "CREATE DOMAIN others.d AS text",
                "CREATE FUNCTION others.f(a int, others.mood) RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "CREATE PROCEDURE others.p() LANGUAGE sql AS 'SELECT 1'",
                "SELECT lo_create(0), lo_create(0)");

        DatabaseCatalog catalog = Reading.of(source);

        assertThat(catalog.objects())
                .extracting(DatabaseObject::title)
                .contains(
                        "schema others",
                        "type others.mood",
                        "type others.pair",
                        "type others.d",
                        "function others.f(integer, others.mood)",
                        "procedure others.p()");
        assertThat(catalog.largeObjects()).isEqualTo(before + 2);
        assertThat(catalog.isEmpty()).isFalse();
    }

    @Test
    void a_plain_table_has_an_estimate_and_a_size_once_it_was_analyzed(@Source TestDatabase source) {
        source.execute("CREATE TABLE sized AS SELECT generate_series(1, 10000) AS n");
        assertThat(Reading.table(source, "sized").bytes())
                .isEqualTo(source.count("SELECT pg_table_size('sized')"))
                .isPositive();
        source.execute("ANALYZE sized");
        assertThat(Reading.table(source, "sized").estimatedRows()).isEqualTo(10_000);
    }

    @Test
    void pages_are_those_of_a_heap_of_rows(@Source TestDatabase source) {
        source.execute(
                "CREATE TABLE paged AS SELECT generate_series(1, 10000) AS n",
                "CREATE TABLE parted (n int) PARTITION BY LIST (n)",
                "CREATE TABLE pageless (n int)");

        assertThat(Reading.table(source, "paged").pages())
                .isEqualTo(source.count("SELECT pg_relation_size('paged') / current_setting('block_size')::bigint"))
                .isPositive();
        assertThat(Reading.table(source, "parted").pages()).isZero();
        assertThat(Reading.table(source, "pageless").pages()).isZero();
    }
}
