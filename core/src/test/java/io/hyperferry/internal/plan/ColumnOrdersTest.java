package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.Problem;
import io.hyperferry.Step.ColumnOrder;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.DatabaseObject;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Table;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ColumnOrdersTest {
    private static final Table PARENT = table("parent", 1, List.of(), "id", "name");

    static Table table(String name, long oid, List<QualifiedName> parents, String... columns) {
        return new Table(
                QualifiedName.of("public", name),
                oid,
                Table.Kind.PLAIN,
                Stream.of(columns).map(column -> Column.of(column, "integer")).toList(),
                0,
                0,
                parents,
                0);
    }

    @Test
    void a_table_in_the_order_of_inherits_needs_no_helper() {
        Table child = table("child", 2, List.of(PARENT.name()), "id", "name", "extra");

        assertThat(ColumnOrders.of(catalog(PARENT, child))).isEmpty();
    }

    @Test
    void an_attached_table_gets_a_helper_with_its_leading_columns_only() {
        Table child = table("child", 2, List.of(PARENT.name()), "extra", "id", "name", "last");

        assertThat(ColumnOrders.of(catalog(PARENT, child)))
                .singleElement()
                .satisfies(order -> assertThat(order.before())
                        .containsExactly(
                                "CREATE TABLE \"public\".\"hyperferry_columns_of_2\" (\"extra\" integer) USING heap"))
                .satisfies(order -> assertThat(order.after())
                        .containsExactly(
                                "ALTER TABLE ONLY \"public\".\"child\" NO INHERIT \"public\".\"hyperferry_columns_of_2\"",
                                "DROP TABLE \"public\".\"hyperferry_columns_of_2\""));
        assertThat(ColumnOrders.problems(catalog(PARENT, child))).isEmpty();
    }

    @Test
    void a_grandchild_is_compared_with_the_order_that_its_parents_keep() {
        Table child = table("child", 2, List.of(PARENT.name()), "extra", "id", "name");
        Table grandchild = table("grandchild", 3, List.of(child.name()), "extra", "id", "name", "more");

        assertThat(ColumnOrders.of(catalog(PARENT, child, grandchild)))
                .extracting(ColumnOrder::table)
                .containsExactly(child.name());
    }

    @Test
    void the_helper_has_the_collation_and_the_storage_of_the_columns() {
        Table child = table("child", 2, List.of(PARENT.name()), "a.b", "id", "name");
        DatabaseCatalog catalog = catalog(PARENT, child).toBuilder()
                .objects(List.of(new DatabaseObject(
                        "column",
                        "public.child.\"a.b\"",
                        child.name(),
                        null,
                        Map.of("collation", "pg_catalog.\"C\"", "storage", "external"))))
                .build();

        assertThat(ColumnOrders.of(catalog).get(0).before())
                .containsExactly(
                        "CREATE TABLE \"public\".\"hyperferry_columns_of_2\" (\"a.b\" integer COLLATE pg_catalog.\"C\")"
                                + " USING heap",
                        "ALTER TABLE \"public\".\"hyperferry_columns_of_2\" ALTER COLUMN \"a.b\" SET STORAGE external");
    }

    @Test
    void partitions_keep_their_order_by_themselves() {
        Table root = new Table(QualifiedName.of("public", "root"), 5, Table.Kind.PARTITIONED, PARENT.columns(), 0, 0);
        Table partition = table("partition", 6, List.of(root.name()), "name", "id");

        assertThat(ColumnOrders.of(catalog(root, partition))).isEmpty();
    }

    @Test
    void a_generated_column_among_the_leading_ones_is_a_warning_that_names_the_table() {
        Table child = new Table(
                QualifiedName.of("public", "child"),
                2,
                Table.Kind.PLAIN,
                List.of(
                        new Column("twice", "integer", false, true, true),
                        Column.of("id", "integer"),
                        Column.of("name", "integer")),
                0,
                0,
                List.of(PARENT.name()),
                0);

        assertThat(ColumnOrders.of(catalog(PARENT, child))).isEmpty();
        assertThat(ColumnOrders.problems(catalog(PARENT, child)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(Problem.Code.COLUMN_ORDER_DIFFERS))
                .satisfies(problem -> assertThat(problem.object()).isEqualTo("public.child"))
                .satisfies(problem ->
                        assertThat(problem.message()).contains("(id, name, twice instead of twice, id, name)"));
    }

    private static DatabaseCatalog catalog(Table... tables) {
        return DatabaseCatalog.empty(TestCatalogs.server("source")).toBuilder()
                .tables(List.of(tables))
                .build();
    }
}
