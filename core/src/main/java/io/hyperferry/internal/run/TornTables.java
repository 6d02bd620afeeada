package io.hyperferry.internal.run;

import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.TornQueries;
import io.hyperferry.internal.ledger.TornQueries.Standing;
import io.hyperferry.internal.sql.CopySql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads tables anew whose slices do not fit together. A range of pages holds the same rows as long as one snapshot is read and the table's file
 * stays the same; under another snapshot, or after {@code VACUUM FULL}, a row can have moved from a range that was read to one that was
 * not, or the other way. Such a table is emptied on the target and its slices are opened again, in one transaction. Nothing refers to it yet:
 * foreign keys come after the rows.
 */
final class TornTables {
    private static final Logger log = LoggerFactory.getLogger(TornTables.class);

    private final Connection target;
    private final int attempt;
    private final List<TableData> byPages;

    TornTables(Connection target, int attempt, List<TableData> tables) {
        this.target = target;
        this.attempt = attempt;
        this.byPages = tables.stream()
                .filter(it -> it.slices().stream().anyMatch(slice -> slice.mode() == Slice.Mode.CTID))
                .toList();
    }

    /** Has tables read anew of which an earlier run, whose snapshot is gone, copied a part. */
    void afterInterruption() throws SQLException {
        for (TableData table : byPages) {
            empty(
                    table,
                    Standing::isInterrupted,
                    () -> TornQueries.open(target, first(table), last(table)),
                    "was interrupted, and is read anew");
        }
    }

    /** Has tables read as a whole, by one slice, that were rewritten on the source since the snapshot. */
    void afterRewriting() throws SQLException {
        for (TableData table : byPages) {
            empty(
                    table,
                    Standing::isRewritten,
                    () -> TornQueries.openAsWhole(target, first(table), last(table), attempt),
                    "was rewritten on the source meanwhile, and is read as a whole");
        }
    }

    private void empty(TableData table, Predicate<Standing> torn, Jdbc.Action opening, String why) throws SQLException {
        Jdbc.transact(target, () -> {
            // A worker of an earlier run may still have one of them.
            if (torn.test(TornQueries.await(target, first(table), last(table)))) {
                Jdbc.execute(target, CopySql.empty(table));
                opening.run();
                log.info("{} {}", table.table(), why);
            }
        });
    }

    private static int first(TableData table) {
        return table.slices().get(0).position();
    }

    private static int last(TableData table) {
        return table.slices().get(table.slices().size() - 1).position();
    }
}
