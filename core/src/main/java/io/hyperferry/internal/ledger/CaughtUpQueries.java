package io.hyperferry.internal.ledger;

import static java.util.stream.Collectors.groupingBy;

import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What the ledger knows of rows that a catch-up copied. The plan stays what it is: its slices keep their rows here and get new digests, and the
 * slices of chunks that are not in the plan have a table of their own.
 *
 * <p>All methods work in the transaction of the connection that they are given.
 */
public final class CaughtUpQueries {
    private CaughtUpQueries() {}

    /**
     * A slice of a chunk that is not in the plan.
     *
     * @param relation its table, or the view of its continuous aggregate, as the plan's slices name theirs
     * @param slice the slice
     * @param digest the digest of the rows that the target got
     */
    public record Besides(String relation, Slice slice, Digest digest) {}

    /** The slices that are not in the plan, by table, oldest first. */
    public static Map<String, List<Besides>> besides(Connection target) throws SQLException {
        return Jdbc.query(
                        target,
                        """
                        SELECT position, relation, chunk_schema, chunk_name, time_from, time_to, whole_chunk, row_count, digest
                        FROM hyperferry.caught_up
                        ORDER BY time_from, position""",
                        row -> new Besides(
                                row.getString("relation"),
                                new Slice(
                                        row.getInt("position"),
                                        Slice.Mode.ROWS,
                                        new QualifiedName(row.getString("chunk_schema"), row.getString("chunk_name")),
                                        row.getLong("time_from"),
                                        row.getLong("time_to"),
                                        row.getBoolean("whole_chunk"),
                                        row.getLong("row_count"),
                                        0),
                                Digest.of(row)))
                .stream()
                .collect(groupingBy(Besides::relation));
    }

    /** What a plan copies, with the slices that its tables have besides the plan's. */
    public static Step.CopyData with(Step.CopyData step, Map<String, List<Besides>> besides) {
        List<TableData> tables = step.tables().stream()
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
        QualifiedName chunk = Objects.requireNonNull(slice.chunk(), "chunk");
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
                chunk.schema(),
                chunk.name(),
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
