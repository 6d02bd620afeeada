package io.hyperferry.internal.ledger;

import static java.util.stream.Collectors.groupingBy;

import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.plan.PlanJson;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger knows of rows that a catch-up copied. The plan stays what it is: its slices keep their rows here and get new digests. Slices and
 * tables that are not in the plan have ledger tables of their own.
 *
 * <p>All methods work in the transaction of the connection that they are given.
 */
public final class CaughtUpQueries {
    private CaughtUpQueries() {}

    /**
     * A slice that is not in the plan: of a new chunk, or of a new table.
     *
     * @param relation its table, or the view of its continuous aggregate, as the plan's slices name theirs
     * @param slice the slice
     * @param digest the digest of the rows that the target got
     */
    public record Besides(String relation, Slice slice, Digest digest) {}

    /** The slices that are not in the plan, by table, oldest first. */
    public static Map<String, List<Besides>> besides(Connection target) throws SQLException {
        return Jdbc.query(target, """
                        SELECT position, relation, chunk_schema, chunk_name, time_from, time_to, whole_chunk, row_count, digest
                        FROM hyperferry.caught_up
                        ORDER BY time_from, position""", row -> new Besides(row.getString("relation"), slice(row), Digest.of(row)))
                .stream()
                .collect(groupingBy(Besides::relation));
    }

    private static Slice slice(ResultSet row) throws SQLException {
        @Nullable String chunk = row.getString("chunk_name");
        return new Slice(
                row.getInt("position"),
                chunk == null ? Slice.Mode.WHOLE : Slice.Mode.ROWS,
                chunk == null ? null : new QualifiedName(row.getString("chunk_schema"), chunk),
                row.getLong("time_from"),
                row.getLong("time_to"),
                row.getBoolean("whole_chunk"),
                row.getLong("row_count"),
                0);
    }

    /** The tables that are not in the plan, without slices. */
    public static List<TableData> tables(Connection target) throws SQLException {
        return Jdbc.query(
                target,
                "SELECT data FROM hyperferry.caught_up_table ORDER BY relation",
                row -> PlanJson.readTable(row.getString("data")));
    }

    /** Notes a table that is not in the plan, with a slice that has no row if it is a plain table. */
    public static void noteTable(Connection target, TableData table, int position) throws SQLException {
        Jdbc.update(target, """
                INSERT INTO hyperferry.caught_up_table (relation, data) VALUES (?, ?)
                ON CONFLICT (relation) DO UPDATE SET data = excluded.data""", table.table().toString(), PlanJson.writeAny(table.withSlices(List.of())));
        Jdbc.update(
                target,
                "DELETE FROM hyperferry.caught_up WHERE relation = ?",
                table.table().toString());
        if (table.time() == null) {
            note(target, new Besides(table.table().toString(), ofWholeTable(position), Digest.EMPTY));
        }
    }

    /** A position that no slice has. */
    public static int nextPosition(Connection target) throws SQLException {
        return Jdbc.one(
                target,
                "SELECT greatest((SELECT max(position) FROM hyperferry.slice), (SELECT max(position) FROM hyperferry.caught_up), 0) + 1",
                row -> row.getInt(1));
    }

    /** Forgets a table that is not in the plan. */
    public static void forgetTable(Connection target, TableData later) throws SQLException {
        String relation = later.table().toString();
        Jdbc.update(target, "DELETE FROM hyperferry.caught_up WHERE relation = ?", relation);
        Jdbc.update(target, "DELETE FROM hyperferry.caught_up_table WHERE relation = ?", relation);
    }

    /** Notes that the target has no row of a table of the plan any more. */
    public static void forgetRows(Connection target, TableData planned) throws SQLException {
        for (Slice slice : planned.slices()) {
            notePlanned(target, slice.position(), Digest.EMPTY);
        }
        Jdbc.update(
                target,
                "DELETE FROM hyperferry.caught_up WHERE relation = ?",
                planned.table().toString());
    }

    private static Slice ofWholeTable(int position) {
        return new Slice(position, Slice.Mode.WHOLE, null, Long.MIN_VALUE, Long.MAX_VALUE, false, 0, 0);
    }

    /**
     * What a plan copies, with the tables and slices that are not in the plan.
     *
     * @param later the tables that are not in the plan
     */
    public static Step.CopyData with(Step.CopyData step, List<TableData> later, Map<String, List<Besides>> besides) {
        List<TableData> tables = Stream.concat(step.tables().stream(), later.stream())
                .map(it -> it.withSlices(Stream.concat(
                                it.slices().stream(),
                                besides.getOrDefault(it.table().toString(), List.of()).stream()
                                        .map(Besides::slice))
                        .toList()))
                .toList();
        return new Step.CopyData(tables, step.digest(), step.settings(), step.compressions(), step.maxUncompressed());
    }

    /** Notes the digest that a slice of the plan has now. */
    public static void notePlanned(Connection target, int position, Digest digest) throws SQLException {
        Jdbc.update(
                target,
                "UPDATE hyperferry.slice SET row_count = ?, digest = ? WHERE position = ?",
                digest.rows(),
                digest.sum(),
                position);
    }

    /** Notes a slice that is not in the plan, and the digest that it has now. */
    public static void note(Connection target, Besides besides) throws SQLException {
        Slice slice = besides.slice();
        @Nullable QualifiedName chunk = slice.chunk();
        Jdbc.update(
                target,
                """
                INSERT INTO hyperferry.caught_up
                    (position, relation, chunk_schema, chunk_name, time_from, time_to, whole_chunk, row_count, digest)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (position) DO UPDATE
                SET row_count = excluded.row_count, digest = excluded.digest, done_at = clock_timestamp()""",
                slice.position(),
                besides.relation(),
                chunk == null ? null : chunk.schema(),
                chunk == null ? null : chunk.name(),
                slice.from(),
                slice.to(),
                slice.wholeChunk(),
                besides.digest().rows(),
                besides.digest().sum());
    }

    /** Forgets a slice that is not in the plan, and of which nothing is left. */
    public static void forget(Connection target, int position) throws SQLException {
        Jdbc.update(target, "DELETE FROM hyperferry.caught_up WHERE position = ?", position);
    }
}
