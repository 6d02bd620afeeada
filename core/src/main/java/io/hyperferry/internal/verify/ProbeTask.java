package io.hyperferry.internal.verify;

import io.hyperferry.catalog.AccessPaths;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.sql.ProbeSql;
import io.hyperferry.internal.sql.ProbeSql.Comparison;
import io.hyperferry.internal.sql.ProbeSql.Probe;
import io.hyperferry.internal.sql.ProbeSql.Subject;
import io.hyperferry.internal.sql.RepairSql;
import io.hyperferry.internal.verify.Verifier.Finding;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Probes a group of chunks in a transaction of its own. Some values of each column that has metadata or is a key of an
 * index are read from the chunks' own relations, and rows are counted by these values there. Queries on the hypertable
 * then have to count the same.
 *
 * <p>A group costs at most five statements for each {@value #SUBJECTS} columns and as many indexes: one that locks the
 * chunks against being dropped or compressed meanwhile, one for the values, one for the counts in the chunks, and two
 * for the counts of queries, as the server likes and by index. Those for values and for the counts in the chunks read
 * all of the chunks' rows, of these columns alone; the others read what their conditions make the server read. A type
 * whose order has no aggregates, such as uuid before PostgreSQL 18, costs two scans more of a column with a least and
 * greatest value in the metadata.
 */
final class ProbeTask {
    /**
     * With up to eight probes for a column and four for an index, the server's limit of 1,664 result columns is far.
     */
    private static final int SUBJECTS = 100;

    private static final String UNDEFINED_TABLE = "42P01";
    private static final String UNDEFINED_SCHEMA = "3F000";
    private static final String DATA_EXCEPTION = "22";

    private final Connection connection;
    private final ProbeGroup group;
    private final AccessPaths paths;
    private final @Nullable Timescale timescale;
    private final String rows;

    ProbeTask(Connection connection, ProbeGroup group, AccessPaths paths, @Nullable Timescale timescale) {
        this.connection = connection;
        this.group = group;
        this.paths = paths;
        this.timescale = timescale;
        this.rows = ProbeSql.rows(group.names(), paths.columns().keySet());
    }

    /**
     * What was found in a group.
     *
     * @param table the table
     * @param probes how many conditions were asked for
     */
    record Answer(QualifiedName table, int probes, List<Finding> findings) {}

    Answer answer() throws SQLException {
        QualifiedName table = group.table().table();
        if (!lock()) {
            // A chunk that was dropped after the catalog was read has no rows to find.
            return new Answer(table, 0, List.of());
        }
        try {
            return ask();
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith(DATA_EXCEPTION)) {
                // The server's message would name the value.
                throw new SQLException(
                        "the target rejects a value of " + table + " (" + group.describe() + ")", e.getSQLState());
            }
            throw e;
        }
    }

    private boolean lock() throws SQLException {
        try {
            Jdbc.execute(connection, ProbeSql.lock(group.names()));
            return true;
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState()) || UNDEFINED_SCHEMA.equals(e.getSQLState())) {
                Jdbc.execute(connection, ProbeSql.unlocked());
                return false;
            }
            throw e;
        }
    }

    private Answer ask() throws SQLException {
        List<Subject> byMetadata = group.byMetadata(paths);
        List<Subject> byIndex = group.byIndex(paths);
        List<Finding> findings = new ArrayList<>();
        int probes = 0;
        int from = 0;
        // All rows are counted once, also where there is nothing to search by.
        do {
            List<Probe> natural = probes(part(byMetadata, from));
            List<Probe> forced = probes(part(byIndex, from));
            List<Probe> all = Stream.concat(natural.stream(), forced.stream()).toList();
            List<Long> truth = counts(ProbeSql.reading(), ProbeSql.truth(all, rows), all);
            List<Long> found = new ArrayList<>(counts(ProbeSql.asking(), asked(natural), natural));
            if (!forced.isEmpty()) {
                List<Long> byIndexes = counts(ProbeSql.byIndex(), asked(forced), forced);
                found.addAll(byIndexes.subList(1, byIndexes.size()));
            }
            if (from == 0 && !truth.get(0).equals(found.get(0))) {
                findings.add(finding("queries", found.get(0), truth.get(0), "", Stream.empty()));
            }
            findings.addAll(findings(all, found.subList(1, found.size()), truth.subList(1, truth.size())));
            probes += all.size() + 1;
            from += SUBJECTS;
        } while (from < Math.max(byMetadata.size(), byIndex.size()));
        return new Answer(group.table().table(), probes, findings);
    }

    private static List<Subject> part(List<Subject> subjects, int from) {
        return subjects.subList(Math.min(from, subjects.size()), Math.min(from + SUBJECTS, subjects.size()));
    }

    private String asked(List<Probe> probes) {
        return ProbeSql.asked(probes, group.asked(), group.condition());
    }

    /** Each value of a subject by equality; the least, the greatest, and one that is neither if it can be, by range. */
    private List<Probe> probes(List<Subject> subjects) throws SQLException {
        if (subjects.isEmpty()) {
            return List.of();
        }
        List<List<List<String>>> values = values(subjects);
        Set<Probe> probes = new LinkedHashSet<>();
        for (int i = 0; i < subjects.size(); i++) {
            Subject subject = subjects.get(i);
            List<List<String>> some = values.get(i);
            some.forEach(value -> probes.add(new Probe(subject, Comparison.EQUAL, value)));
            if (subject.ranges() && some.size() > 1) {
                // In the order in which values are read: the least and the greatest come first.
                probes.add(new Probe(subject, Comparison.AT_MOST, some.get(0)));
                probes.add(new Probe(subject, Comparison.AT_LEAST, some.get(1)));
                probes.add(new Probe(subject, Comparison.AT_MOST, some.get(some.size() - 1)));
                probes.add(new Probe(subject, Comparison.AT_LEAST, some.get(some.size() - 1)));
            }
        }
        return List.copyOf(probes);
    }

    /** The values of each subject, without those that are not there. */
    private List<List<List<String>>> values(List<Subject> subjects) throws SQLException {
        return first(ProbeSql.reading(), ProbeSql.values(subjects, rows), List.of(), row -> {
            List<List<List<String>>> values = new ArrayList<>();
            for (int i = 0; i < subjects.size(); i++) {
                List<List<String>> some = new ArrayList<>();
                for (int column = 1; column <= ProbeSql.VALUES; column++) {
                    @Nullable Array value = row.getArray(i * ProbeSql.VALUES + column);
                    if (value != null) {
                        some.add(List.of((String[]) value.getArray()));
                    }
                }
                values.add(some);
            }
            return values;
        });
    }

    private List<Long> counts(String settings, String sql, List<Probe> probes) throws SQLException {
        List<String> values =
                probes.stream().flatMap(probe -> probe.values().stream()).toList();
        return first(settings, sql, values, row -> {
            List<Long> counts = new ArrayList<>();
            for (int i = 0; i <= probes.size(); i++) {
                counts.add(row.getLong(i + 1));
            }
            return counts;
        });
    }

    /** The first row of a query, after settings that are in the same round trip. */
    private <T> T first(String settings, String sql, List<String> values, Jdbc.RowReader<T> reader)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(settings + ";\n" + sql)) {
            for (int i = 0; i < values.size(); i++) {
                // Of no type, so that the server takes it for one of the key's.
                statement.setObject(i + 1, values.get(i), Types.OTHER);
            }
            statement.execute();
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return reader.read(row);
            }
        }
    }

    /** One finding for each subject and kind of condition: the value of which queries miss the most rows. */
    private List<Finding> findings(List<Probe> probes, List<Long> found, List<Long> truth) {
        Map<String, Finding> findings = new LinkedHashMap<>();
        Map<String, Long> worst = new LinkedHashMap<>();
        for (int i = 0; i < probes.size(); i++) {
            long missed = Math.abs(truth.get(i) - found.get(i));
            Subject subject = probes.get(i).subject();
            String queries = "queries by " + subject.label();
            String kind = " (" + probes.get(i).comparison().label() + ")";
            if (missed > worst.getOrDefault(queries + kind, 0L)) {
                worst.put(queries + kind, missed);
                findings.put(
                        queries + kind, finding(queries, found.get(i), truth.get(i), kind, resetSkipping(subject)));
            }
        }
        return List.copyOf(findings.values());
    }

    /** Compressing a chunk finds its ranges; those of another chunk are made with the chunk, or by enabling chunk skipping. */
    private Stream<String> resetSkipping(Subject subject) {
        @Nullable Timescale server = timescale;
        return server == null || group.indexed().isEmpty()
                ? Stream.empty()
                : group.hypertable().skippingColumns().stream()
                        .filter(column -> subject.label().equals(ProbeGroup.label(column)))
                        .map(column ->
                                RepairSql.resetSkipping(group.hypertable().name(), column, server));
    }

    private Finding finding(String subject, long found, long truth, String kind, Stream<String> statements) {
        return new Finding(
                group.table(),
                group.ranges(),
                subject + " find " + found + " of " + truth + " rows in " + group.describe() + kind,
                Stream.concat(group.indexed().stream().map(RepairSql::reindexTable), statements)
                        .toList(),
                null);
    }
}
