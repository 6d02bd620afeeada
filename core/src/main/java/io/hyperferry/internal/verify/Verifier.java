package io.hyperferry.internal.verify;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import io.hyperferry.DigestMethod;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Table;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.ParallelQueries;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.sql.DigestSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares the rows of the target with what was read on the source. */
public final class Verifier {
    private final List<TableData> tables;
    private final DigestMethod method;

    public Verifier(Step.CopyData step) {
        this.tables = step.tables();
        this.method = step.digest();
    }

    private record Piece(TableData table, Slice slice) {}

    private record Mismatch(QualifiedName table, String text) {}

    /** The digest of every slice as the source has it now, by position. */
    public Map<Integer, Digest> digestsOf(ParallelQueries source) throws SQLException {
        List<Piece> pieces = new ArrayList<>();
        for (TableData table : tables) {
            pieces(table).forEach(slice -> pieces.add(new Piece(table, slice)));
        }
        List<Digest> digests = source.ask(
                pieces,
                (connection, piece) -> Jdbc.one(
                        connection, DigestSql.ofSlice(piece.table(), piece.slice(), method), Verifier::digest));
        Map<Integer, Digest> byPosition = new HashMap<>();
        for (int i = 0; i < pieces.size(); i++) {
            byPosition.put(pieces.get(i).slice().position(), digests.get(i));
        }
        return byPosition;
    }

    /** Pages mean nothing without a common snapshot, so all of a table stands for its first slice, and the others have no row. */
    private static List<Slice> pieces(TableData table) {
        return table.slices().stream().anyMatch(it -> it.mode() == Slice.Mode.CTID)
                ? List.of(table.slices().get(0).ofWholeTable())
                : table.slices();
    }

    /**
     * What of the target is not as expected, by table; a table that is missing here is identical.
     *
     * @param catalog the target's catalog
     * @param expected the digest of every slice, by position
     */
    public Map<QualifiedName, List<String>> mismatches(
            ParallelQueries target, DatabaseCatalog catalog, Map<Integer, Digest> expected) throws SQLException {
        List<DigestRange> ranges = new ArrayList<>();
        List<Mismatch> mismatches = new ArrayList<>();
        for (TableData table : tables) {
            Optional<String> lacking = lacking(table, catalog);
            if (lacking.isPresent()) {
                mismatches.add(new Mismatch(table.table(), lacking.get()));
                continue;
            }
            ranges.addAll(DigestRange.covered(table));
            ranges.addAll(DigestRange.gaps(table));
        }
        List<Digest> found = target.ask(
                ranges,
                (connection, range) -> range.slices().isEmpty()
                        ? Jdbc.one(
                                connection,
                                DigestSql.countOfRange(
                                        range.table(), relation(range.table(), catalog), range.from(), range.to()),
                                row -> new Digest(row.getLong("row_count"), Digest.EMPTY.sum()))
                        : Jdbc.one(
                                connection,
                                DigestSql.ofRange(
                                        range.table(),
                                        relation(range.table(), catalog),
                                        range.from(),
                                        range.to(),
                                        method),
                                Verifier::digest));
        for (int i = 0; i < ranges.size(); i++) {
            DigestRange range = ranges.get(i);
            Digest ours = range.slices().stream()
                    .map(position -> expected.getOrDefault(position, Digest.EMPTY))
                    .reduce(Digest.EMPTY, Digest::plus);
            if (!ours.equals(found.get(i))) {
                mismatches.add(new Mismatch(range.table().table(), describe(range, ours, found.get(i))));
            }
        }
        return mismatches.stream().collect(groupingBy(Mismatch::table, mapping(Mismatch::text, toList())));
    }

    /** What holds a table's rows on the target. */
    private static QualifiedName relation(TableData table, DatabaseCatalog catalog) {
        return table.aggregate()
                ? catalog.aggregate(table.table()).orElseThrow().storage().name()
                : table.table();
    }

    /** What the target lacks of a table, so that its rows cannot be asked for. */
    private static Optional<String> lacking(TableData table, DatabaseCatalog catalog) {
        Optional<List<Column>> there = table.aggregate()
                ? catalog.aggregate(table.table()).map(ContinuousAggregate::columns)
                : catalog.table(table.table()).map(Table::columns);
        if (there.isEmpty()) {
            return Optional.of("the target has no such " + (table.aggregate() ? "continuous aggregate" : "table"));
        }
        Set<String> columns = there.get().stream().map(Column::name).collect(toSet());
        return table.columns().stream()
                .map(Column::name)
                .filter(it -> !columns.contains(it))
                .findFirst()
                .map(it -> "the target's table has no column " + it);
    }

    private static Digest digest(ResultSet row) throws SQLException {
        return new Digest(row.getLong("row_count"), row.getBigDecimal("digest"));
    }

    private static String describe(DigestRange range, Digest source, Digest target) {
        return range.describe()
                + (source.rows() == target.rows()
                        ? ": " + source.rows() + " rows on both sides, not all of them the same"
                        : ": " + source.rows() + " rows on the source, " + target.rows() + " on the target");
    }
}
