package io.hyperferry.internal.verify;

import static java.util.stream.Collectors.groupingBy;

import io.hyperferry.TableData;
import io.hyperferry.catalog.AccessPaths;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.ParallelQueries;
import io.hyperferry.internal.sql.ProbeSql;
import io.hyperferry.internal.sql.RepairSql;
import io.hyperferry.internal.verify.ProbeTask.Answer;
import io.hyperferry.internal.verify.Verifier.Finding;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Finds rows of the target's hypertables that its queries do not find, which no digest can see: those that a lying
 * bloom filter, a least or greatest value, the statistics of a chunk, an index or a partition excludes, and those in
 * the root table.
 *
 * <p>{@link ProbeTask} says what is asked about a group of chunks. Beyond that, three statements are for all tables
 * together, and one for each root table that has pages.
 */
final class Probes {
    private final ParallelQueries target;
    private final DatabaseCatalog catalog;
    private final Map<QualifiedName, AccessPaths> paths;
    private final List<Probed> tables;

    private Probes(
            ParallelQueries target,
            DatabaseCatalog catalog,
            Map<QualifiedName, AccessPaths> paths,
            List<Probed> tables) {
        this.target = target;
        this.catalog = catalog;
        this.paths = paths;
        this.tables = tables;
    }

    private record Probed(TableData table, Hypertable hypertable) implements ParallelQueries.Subject {
        @Override
        public String subject() {
            return String.valueOf(table.table());
        }
    }

    /** All the hypertables, about which one question is asked. */
    private record Relations(List<QualifiedName> names) implements ParallelQueries.Subject {
        static List<Relations> of(List<Probed> tables) {
            return List.of(new Relations(
                    tables.stream().map(one -> one.hypertable().name()).toList()));
        }

        @Override
        public String subject() {
            return names.size() == 1 ? String.valueOf(names.get(0)) : names.get(0) + " and other hypertables";
        }
    }

    /**
     * What was found.
     *
     * @param findings the rows that queries do not find
     * @param probes how many conditions were asked for, by table
     */
    record Result(List<Finding> findings, Map<QualifiedName, Integer> probes) {}

    /**
     * Reads by what the hypertables among these tables are searched.
     *
     * @param catalog the target's catalog
     * @param tables tables that the target has
     */
    static Probes of(ParallelQueries target, DatabaseCatalog catalog, List<TableData> tables) throws SQLException {
        List<Probed> probed = tables.stream()
                .flatMap(table -> hypertable(table, catalog).stream().map(storage -> new Probed(table, storage)))
                .toList();
        if (probed.isEmpty()) {
            return new Probes(target, catalog, Map.of(), probed);
        }
        Map<QualifiedName, AccessPaths> paths = target.ask(
                        Relations.of(probed),
                        (connection, relations) -> AccessPaths.read(connection, relations.names()))
                .get(0);
        return new Probes(target, catalog, paths, probed);
    }

    private static Optional<Hypertable> hypertable(TableData table, DatabaseCatalog catalog) {
        return table.aggregate()
                ? catalog.aggregate(table.table()).map(ContinuousAggregate::storage)
                : catalog.hypertable(table.table());
    }

    /**
     * Probes the chunks in some ranges, and the hypertables' root tables and indexes.
     *
     * @param ranges ranges of the tables, none of which overlap
     */
    Result result(List<DigestRange> ranges) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(rowsInRoots());
        tables.forEach(table -> findings.addAll(unusableIndexes(table)));
        Map<QualifiedName, List<DigestRange>> byTable =
                ranges.stream().collect(groupingBy(range -> range.table().table()));
        List<ProbeGroup> groups = tables.stream()
                .filter(table -> paths.containsKey(table.hypertable().name()))
                .flatMap(
                        table -> ProbeGroup.of(
                                table.table(),
                                table.hypertable(),
                                byTable.getOrDefault(table.table().table(), List.of()))
                                .stream())
                .toList();
        Map<QualifiedName, Integer> probes = new HashMap<>();
        for (Answer answer : target.ask(groups, this::probe)) {
            findings.addAll(answer.findings());
            probes.merge(answer.table(), answer.probes(), Integer::sum);
        }
        return new Result(findings, probes);
    }

    private List<Finding> rowsInRoots() throws SQLException {
        if (tables.isEmpty()) {
            return List.of();
        }
        List<Boolean> pages = target.ask(
                        Relations.of(tables),
                        (connection, roots) -> Jdbc.query(
                                connection, ProbeSql.rootHasPages(roots.names()), row -> row.getBoolean("pages")))
                .get(0);
        List<Probed> suspects = new ArrayList<>();
        for (int i = 0; i < pages.size(); i++) {
            if (pages.get(i)) {
                suspects.add(tables.get(i));
            }
        }
        List<Finding> findings = new ArrayList<>();
        List<Long> rows = target.ask(suspects, (connection, suspect) -> rowsInRoot(connection, suspect.hypertable()));
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i) > 0) {
                Probed suspect = suspects.get(i);
                QualifiedName root = suspect.hypertable().name();
                findings.add(new Finding(
                        suspect.table(),
                        List.of(),
                        rows.get(i) + " rows in the root table, which no query shows (a superuser removes them: BEGIN; "
                                + RepairSql.RESTORING + "; " + RepairSql.deleteFromRoot(root) + "; COMMIT)",
                        List.of(),
                        root));
            }
        }
        return findings;
    }

    private static long rowsInRoot(Connection connection, Hypertable hypertable) throws SQLException {
        try {
            return connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut(
                            ProbeSql.copyRoot(
                                    hypertable.name(), hypertable.time().column()),
                            OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new IllegalStateException("the null stream failed", e);
        }
    }

    private List<Finding> unusableIndexes(Probed table) {
        QualifiedName root = table.hypertable().name();
        @Nullable AccessPaths access = paths.get(root);
        return access == null
                ? List.of()
                : access.unusable().stream()
                        .map(index -> new Finding(
                                table.table(),
                                List.of(),
                                "index " + index + " is not valid, so queries do not use it",
                                List.of(RepairSql.reindex(index, isOfTable(index, root), root)),
                                null))
                        .toList();
    }

    private boolean isOfTable(QualifiedName index, QualifiedName table) {
        return index.schema().equals(table.schema())
                && catalog.indexes().stream()
                        .anyMatch(one -> one.table().equals(table) && one.name().equals(index.name()));
    }

    private Answer probe(Connection connection, ProbeGroup group) throws SQLException {
        QualifiedName root = group.hypertable().name();
        return new ProbeTask(
                        connection,
                        group,
                        Objects.requireNonNull(paths.get(root), "access paths"),
                        catalog.server().timescale())
                .answer();
    }
}
