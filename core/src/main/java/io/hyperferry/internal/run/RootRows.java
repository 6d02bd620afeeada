package io.hyperferry.internal.run;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.hyperferry.RepairReport.Repair;
import io.hyperferry.TableData;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.sql.RepairSql;
import io.hyperferry.internal.verify.Verifier.Finding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows in the root tables of the target's hypertables. No query shows them, and only a superuser in restoring mode can
 * remove them. They are removed only from a table that has all of the source's rows where queries find them: what is
 * removed then is on the source, or was never there.
 */
final class RootRows {
    private final DatabaseCatalog target;

    RootRows(DatabaseCatalog target) {
        this.target = target;
    }

    /**
     * Removes the rows in root tables of which nothing else was found.
     *
     * @param findings what was found after all else was repaired
     * @param to the target
     */
    List<Repair> remove(List<Finding> findings, Connection to) throws SQLException {
        List<Repair> removed = new ArrayList<>();
        Map<QualifiedName, List<Finding>> byTable =
                findings.stream().collect(groupingBy(finding -> finding.table().table(), LinkedHashMap::new, toList()));
        for (Map.Entry<QualifiedName, List<Finding>> table : byTable.entrySet()) {
            QualifiedName root = table.getValue().get(0).rootWithRows();
            if (root != null
                    && table.getValue().size() == 1
                    && isWhole(table.getValue().get(0))
                    && mayRemove(table.getValue().get(0).table(), to)) {
                removed.add(new Repair(table.getKey(), List.of("root table"), List.of(), remove(root, to), 0));
            }
        }
        return removed;
    }

    /** Rows outside of the range of time that is migrated are the target's own. */
    private static boolean isWhole(Finding finding) {
        return finding.table().from() == Long.MIN_VALUE && finding.table().to() == Long.MAX_VALUE;
    }

    private boolean mayRemove(TableData table, Connection to) throws SQLException {
        return Jdbc.one(to, RepairSql.mayRestore(target.server()), row -> row.getBoolean("restoring"))
                && Obstacles.mayBeQuiet(to, target)
                && Obstacles.read("repair", to, target, true)
                        .problems(List.of(table), target)
                        .isEmpty();
    }

    private static long remove(QualifiedName root, Connection to) throws SQLException {
        return Jdbc.inTransaction(to, () -> {
            Jdbc.execute(to, RepairSql.QUIET);
            Jdbc.execute(to, RepairSql.RESTORING);
            return (long) Jdbc.update(to, RepairSql.deleteFromRoot(root));
        });
    }
}
