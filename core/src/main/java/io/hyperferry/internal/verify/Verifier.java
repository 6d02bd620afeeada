package io.hyperferry.internal.verify;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.hyperferry.DigestMethod;
import io.hyperferry.Sample;
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
import io.hyperferry.internal.slice.SliceLocation;
import io.hyperferry.internal.slice.SliceLocator;
import io.hyperferry.internal.sql.DigestSql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Compares the rows of the target with what was read on the source, and with what the target's queries find. */
public final class Verifier {
    private final List<TableData> tables;
    private final DigestMethod method;
    private final List<DigestRange> ranges;

    /** The tables of the source with rows outside of their chunks' bounds, as far as its rows were read here. */
    private final Set<QualifiedName> outside = new TreeSet<>();

    /** Compares everything. */
    public Verifier(Step.CopyData step) {
        this(step, everything(step, null));
    }

    /** Compares what chance chooses, and that nothing lies beside it. */
    public Verifier(Step.CopyData step, @Nullable Sample sample) {
        this(step, everything(step, sample));
    }

    /** Compares these ranges. */
    public Verifier(Step.CopyData step, List<DigestRange> ranges) {
        this.tables = step.tables();
        this.method = step.digest();
        this.ranges = List.copyOf(ranges);
    }

    private static List<DigestRange> everything(Step.CopyData step, @Nullable Sample sample) {
        List<DigestRange> ranges = new ArrayList<>();
        for (TableData table : step.tables()) {
            List<DigestRange> covered = DigestRange.covered(table);
            ranges.addAll(sample == null ? covered : chosen(covered, sample));
            ranges.addAll(DigestRange.gaps(table));
        }
        return ranges;
    }

    private static List<DigestRange> chosen(List<DigestRange> covered, Sample sample) {
        List<Integer> numbers = IntStream.range(0, covered.size()).boxed().collect(toList());
        Collections.shuffle(numbers, new Random(sample.seed()));
        return numbers.stream()
                .limit((long) Math.ceil(covered.size() * sample.percent() / 100))
                .sorted()
                .map(covered::get)
                .toList();
    }

    /**
     * Something that is not as expected.
     *
     * @param table the table
     * @param ranges the ranges to replace so that it is as expected; empty when that would not help
     * @param text the human-readable description
     * @param statements what mends it on the target, before ranges are replaced
     * @param rootWithRows the hypertable on the target whose root table has rows, if that is what was found
     */
    public record Finding(
            TableData table,
            List<DigestRange> ranges,
            String text,
            List<String> statements,
            @Nullable QualifiedName rootWithRows) {
        public Finding {
            ranges = List.copyOf(ranges);
            statements = List.copyOf(statements);
        }

        Finding(TableData table, List<DigestRange> ranges, String text) {
            this(table, ranges, text, List.of(), null);
        }
    }

    /**
     * What was found on the target.
     *
     * @param findings what is not as expected
     * @param probes how many conditions were asked for that queries have to answer with all rows of the chunks, by table
     * @param asWhole the tables that are identical as a whole and not range by range, because chunks of the source hold rows outside of their bounds
     */
    public record Result(List<Finding> findings, Map<QualifiedName, Integer> probes, Set<QualifiedName> asWhole) {
        /** The texts of the findings, by table; a table that is missing here is identical. */
        public Map<QualifiedName, List<String>> texts() {
            return findings.stream()
                    .collect(groupingBy(finding -> finding.table().table(), mapping(Finding::text, toList())));
        }

        /** How many conditions were asked for of a table. */
        public int probesOf(TableData table) {
            return probes.getOrDefault(table.table(), 0);
        }
    }

    private record Piece(TableData table, Slice slice) implements ParallelQueries.Subject {
        @Override
        public String subject() {
            return DigestRange.of(table, slice).subject();
        }
    }

    /** The positions of the slices that are compared. */
    public Set<Integer> positions() {
        return ranges.stream().flatMap(it -> it.slices().stream()).collect(toSet());
    }

    /**
     * The digest of every slice that is compared, as the source has it now, by position.
     *
     * @param locator tells where slices are on the source
     */
    public Map<Integer, Digest> digestsOf(ParallelQueries source, SliceLocator locator) throws SQLException {
        Set<Integer> compared = positions();
        List<Piece> pieces = new ArrayList<>();
        for (TableData table : tables) {
            pieces(table).stream()
                    .filter(slice -> compared.contains(slice.position()))
                    .forEach(slice -> pieces.add(new Piece(table, slice)));
        }
        List<SliceLocation.Rows> read = source.ask(
                pieces,
                (connection, piece) ->
                        locator.location(piece.table(), piece.slice()).read(connection, method));
        Map<Integer, Digest> byPosition = new HashMap<>();
        for (int i = 0; i < pieces.size(); i++) {
            byPosition.put(pieces.get(i).slice().position(), read.get(i).digest());
            if (read.get(i).outside() > 0) {
                outside.add(pieces.get(i).table().table());
            }
        }
        return byPosition;
    }

    /** The tables whose rows {@link #digestsOf} read, and found some of them outside of their chunks' bounds. */
    public Set<QualifiedName> outside() {
        return Set.copyOf(outside);
    }

    /** Pages mean nothing without a common snapshot, so all of a table stands for its first slice, and the others have no row. */
    private static List<Slice> pieces(TableData table) {
        return table.slices().stream().anyMatch(it -> it.mode() == Slice.Mode.CTID)
                ? List.of(table.slices().get(0).ofWholeTable())
                : table.slices();
    }

    /**
     * Compares the target: its rows with what is expected, and what its queries find with the rows that it has.
     *
     * @param catalog the target's catalog
     * @param expected the digest of every slice, by position
     */
    public Result compare(ParallelQueries target, DatabaseCatalog catalog, Map<Integer, Digest> expected)
            throws SQLException {
        List<Finding> findings = new ArrayList<>();
        Set<QualifiedName> there = new HashSet<>();
        for (TableData table : tables) {
            lacking(table, catalog)
                    .ifPresentOrElse(
                            text -> findings.add(new Finding(table, List.of(), text)), () -> there.add(table.table()));
        }
        List<DigestRange> asked =
                ranges.stream().filter(it -> there.contains(it.table().table())).toList();
        List<Digest> found = target.ask(
                asked,
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
                                Digest::of));
        Map<QualifiedName, List<Compared>> compared = new LinkedHashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            DigestRange range = asked.get(i);
            Digest ours = range.slices().stream()
                    .map(position -> expected.getOrDefault(position, Digest.EMPTY))
                    .reduce(Digest.EMPTY, Digest::plus);
            compared.computeIfAbsent(range.table().table(), table -> new ArrayList<>())
                    .add(new Compared(range, ours, found.get(i)));
        }
        Set<QualifiedName> asWhole = new HashSet<>();
        for (List<Compared> ofTable : compared.values()) {
            if (ofTable.stream().allMatch(Compared::equal)) {
                continue;
            }
            TableData table = ofTable.get(0).range().table();
            if (isIdenticalAsWhole(table, ofTable, target, catalog)) {
                asWhole.add(table.table());
            } else {
                ofTable.stream().filter(one -> !one.equal()).forEach(one -> findings.add(one.finding()));
            }
        }
        Probes.Result probed = Probes.of(
                        target,
                        catalog,
                        tables.stream()
                                .filter(table -> there.contains(table.table()))
                                .toList())
                .result(asked);
        findings.addAll(probed.findings());
        return new Result(findings, probed.probes(), asWhole);
    }

    /** A range with the digests of both sides. */
    private record Compared(DigestRange range, Digest source, Digest target) {
        boolean equal() {
            return source.equals(target);
        }

        Finding finding() {
            return new Finding(range.table(), List.of(range), describe(range, source, target));
        }
    }

    /**
     * Whether the digests of all ranges together are equal, while those of single ranges are not: then chunks of the source hold rows outside of their
     * bounds, and the target has the same rows in the ranges of their time. Numbers of rows alone do not tell.
     */
    private boolean isIdenticalAsWhole(
            TableData table, List<Compared> compared, ParallelQueries target, DatabaseCatalog catalog)
            throws SQLException {
        Set<Integer> positions =
                compared.stream().flatMap(one -> one.range().slices().stream()).collect(toSet());
        if (method == DigestMethod.COUNT
                || table.time() == null
                || !table.slices().stream().allMatch(slice -> positions.contains(slice.position()))) {
            return false;
        }
        List<DigestRange> beside = compared.stream()
                .filter(one -> one.range().slices().isEmpty() && one.target().rows() > 0)
                .map(Compared::range)
                .toList();
        Digest besides = target
                .ask(
                        beside,
                        (connection, range) -> Jdbc.one(
                                connection,
                                DigestSql.ofRange(table, relation(table, catalog), range.from(), range.to(), method),
                                Digest::of))
                .stream()
                .reduce(Digest.EMPTY, Digest::plus);
        Digest ours = compared.stream().map(Compared::source).reduce(Digest.EMPTY, Digest::plus);
        Digest theirs = compared.stream()
                .filter(one -> !one.range().slices().isEmpty())
                .map(Compared::target)
                .reduce(besides, Digest::plus);
        return ours.equals(theirs);
    }

    /** What holds a table's rows on the target. */
    public static QualifiedName relation(TableData table, DatabaseCatalog catalog) {
        return table.aggregate()
                ? catalog.aggregate(table.table()).orElseThrow().storage().name()
                : table.table();
    }

    /** What the target lacks of a table, so that its rows cannot be compared: the table, or columns of the same types. */
    public static Optional<String> lacking(TableData table, DatabaseCatalog catalog) {
        Optional<List<Column>> there = table.aggregate()
                ? catalog.aggregate(table.table()).map(ContinuousAggregate::columns)
                : catalog.table(table.table()).map(Table::columns);
        if (there.isEmpty()) {
            return Optional.of("the target has no such " + (table.aggregate() ? "continuous aggregate" : "table"));
        }
        Map<String, Column> columns = there.get().stream().collect(toMap(Column::name, column -> column));
        return table.comparedColumns().stream()
                .flatMap(column -> lacking(column, columns.get(column.name())).stream())
                .findFirst();
    }

    private static Optional<String> lacking(Column column, @Nullable Column other) {
        if (other == null) {
            return Optional.of("the target's table has no column " + column.name());
        }
        return column.type().equals(other.type())
                ? Optional.empty()
                : Optional.of("column " + column.name() + " has the type " + other.type() + " on the target, and "
                        + column.type() + " on the source");
    }

    private static String describe(DigestRange range, Digest source, Digest target) {
        return range.describe()
                + (source.rows() == target.rows()
                        ? ": " + source.rows() + " rows on both sides, not all of them the same"
                        : ": " + source.rows() + " rows on the source, " + target.rows() + " on the target");
    }
}
