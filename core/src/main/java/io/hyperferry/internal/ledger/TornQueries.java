package io.hyperferry.internal.ledger;

import io.hyperferry.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What the ledger knows of a table that travels by ranges of its pages, and how its slices are opened again.
 *
 * <p>All methods work in the transaction of the connection that they are given.
 */
public final class TornQueries {
    private TornQueries() {}

    /**
     * How the slices of a table stand.
     *
     * @param open whether one is still to be copied
     * @param done whether one is copied
     * @param disturbed whether one could not be read under the snapshot
     * @param wholeTable whether one takes in all of the table
     */
    public record Standing(boolean open, boolean done, boolean disturbed, boolean wholeTable) {
        /** Whether an interruption left a part of the table, of which the pages mean nothing under another snapshot. */
        public boolean isInterrupted() {
            return open && done && !wholeTable;
        }

        /** Whether the table is not what the first of its slices saw any more. */
        public boolean isRewritten() {
            return disturbed && !wholeTable;
        }
    }

    private record SliceOf(boolean done, boolean snapshot, boolean wholeTable) {}

    /** How the slices of a table stand, once nobody copies any of them; nobody claims one for the rest of the transaction. */
    public static Standing await(Connection target, int first, int last) throws SQLException {
        List<SliceOf> slices = Jdbc.query(
                target,
                """
                SELECT done_at IS NOT NULL AS done, coalesce(reading = 'SNAPSHOT', true) AS snapshot, whole_table
                FROM hyperferry.slice
                WHERE position BETWEEN ? AND ?
                ORDER BY position
                FOR UPDATE""",
                row -> new SliceOf(row.getBoolean("done"), row.getBoolean("snapshot"), row.getBoolean("whole_table")),
                first,
                last);
        return new Standing(
                slices.stream().anyMatch(it -> !it.done()),
                slices.stream().anyMatch(SliceOf::done),
                slices.stream().anyMatch(it -> it.done() && !it.snapshot()),
                slices.stream().anyMatch(SliceOf::wholeTable));
    }

    /** Opens all slices of a table again. */
    public static void open(Connection target, int first, int last) throws SQLException {
        Jdbc.update(target, """
                UPDATE hyperferry.slice
                SET done_at = NULL, attempt = NULL, reading = NULL, as_tuples = NULL, row_count = NULL, digest = NULL,
                    bytes = NULL, elapsed = NULL, worker = NULL
                WHERE position BETWEEN ? AND ?""", first, last);
    }

    /** Opens the first slice of a table for all of its rows; the others are done, with none. */
    public static void openAsWhole(Connection target, int first, int last, int attempt) throws SQLException {
        open(target, first, last);
        Jdbc.update(target, "UPDATE hyperferry.slice SET whole_table = true WHERE position = ?", first);
        Jdbc.update(target, """
                UPDATE hyperferry.slice
                SET done_at = clock_timestamp(), attempt = ?, reading = 'REWRITTEN', as_tuples = false, row_count = 0,
                    digest = 0, bytes = 0, elapsed = '0'
                WHERE position BETWEEN ? AND ?""", attempt, first + 1, last);
    }
}
