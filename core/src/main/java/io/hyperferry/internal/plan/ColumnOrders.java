package io.hyperferry.internal.plan;

import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.Step.ColumnOrder;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.DatabaseObject;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Table;
import io.hyperferry.internal.sql.InheritanceSql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds inheriting tables whose columns {@code CREATE TABLE … INHERITS} would put in another order, and keeps the order of the source. Pure
 * functions.
 *
 * <p>PostgreSQL puts the columns of the parents first. A table that was attached with {@code ALTER TABLE … INHERIT}, or whose parent got a column
 * later, has another order. A helper as its first parent, with its columns in their order, gives it this order again; when the helper is detached,
 * each column is as local or inherited as on the source. The helper needs the leading columns only, up to where the order is the natural one.
 */
final class ColumnOrders {
    private static final String HELPER = "hyperferry_columns_of_";

    private final Map<QualifiedName, Table> tables;
    private final Map<QualifiedName, Integer> leading = new HashMap<>();

    private ColumnOrders(DatabaseCatalog kept) {
        tables = kept.tables().stream().collect(Collectors.toMap(Table::name, Function.identity()));
    }

    /** The tables whose order is kept by a helper, in the order of the catalog. */
    static List<ColumnOrder> of(DatabaseCatalog kept) {
        ColumnOrders orders = new ColumnOrders(kept);
        List<ColumnOrder> kinds = new ArrayList<>();
        for (Table table : kept.tables()) {
            List<Column> columns = table.columns().subList(0, orders.leading(table));
            if (!columns.isEmpty() && isExpressible(columns)) {
                QualifiedName helper = QualifiedName.of(table.name().schema(), HELPER + table.oid());
                kinds.add(new ColumnOrder(
                        table.name(),
                        helper,
                        InheritanceSql.createHelper(helper, columns, facts(kept, table)),
                        InheritanceSql.dropHelper(helper, table.name())));
            }
        }
        return kinds;
    }

    /** A warning for each table whose order cannot be kept. */
    static List<Problem> problems(DatabaseCatalog kept) {
        ColumnOrders orders = new ColumnOrders(kept);
        return kept.tables().stream()
                .filter(table -> !isExpressible(table.columns().subList(0, orders.leading(table))))
                .map(table -> Problem.warning(
                        Code.COLUMN_ORDER_DIFFERS,
                        table.name().toString(),
                        "it inherits, and the target puts its columns in another order ("
                                + String.join(", ", orders.onTarget(table)) + " instead of "
                                + String.join(", ", names(table))
                                + "): a generated column keeps the order of the source from being restored.",
                        "Name the columns in every INSERT and SELECT *, or create the table again on the source with the columns"
                                + " of its parents first. Verification reports the difference."))
                .toList();
    }

    /** PostgreSQL requires that a column is generated in all parents or in none, and with one expression. */
    private static boolean isExpressible(List<Column> columns) {
        return columns.stream().noneMatch(Column::generated);
    }

    /** How many leading columns a helper needs; 0 when the natural order is the source's. */
    private int leading(Table table) {
        @Nullable Integer known = leading.get(table.name());
        if (known != null) {
            return known;
        }
        int count = 0;
        if (!table.parents().isEmpty() && table.parents().stream().allMatch(this::isInherited)) {
            while (!natural(table, count).equals(names(table))) {
                count++;
            }
        }
        leading.put(table.name(), count);
        return count;
    }

    /** Partitions are created alone and attached, so they keep their order. */
    private boolean isInherited(QualifiedName parent) {
        @Nullable Table table = tables.get(parent);
        return table != null && table.kind() != Table.Kind.PARTITIONED;
    }

    /** The order after {@code CREATE TABLE … INHERITS}, with the first so many columns in a helper. */
    private List<String> natural(Table table, int count) {
        Set<String> order = new LinkedHashSet<>(names(table).subList(0, count));
        for (QualifiedName parent : table.parents()) {
            @Nullable Table above = tables.get(parent);
            if (above != null) {
                order.addAll(onTarget(above));
            }
        }
        order.addAll(names(table));
        return List.copyOf(order);
    }

    private List<String> onTarget(Table table) {
        return isExpressible(table.columns().subList(0, leading(table))) ? names(table) : natural(table, 0);
    }

    private static List<String> names(Table table) {
        return table.columns().stream().map(Column::name).toList();
    }

    private static Map<String, Map<String, String>> facts(DatabaseCatalog kept, Table table) {
        List<DatabaseObject> own = kept.objects().stream()
                .filter(object -> object.kind().equals("column") && table.name().equals(object.relation()))
                .toList();
        Map<String, Map<String, String>> facts = new HashMap<>();
        for (Column column : table.columns()) {
            own.stream()
                    .filter(object -> object.identity().endsWith("." + column.name())
                            || object.identity().endsWith(".\"" + column.name().replace("\"", "\"\"") + '"'))
                    .findFirst()
                    .ifPresent(object -> facts.put(column.name(), object.facts()));
        }
        return facts;
    }
}
