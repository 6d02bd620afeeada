package io.hyperferry;

import io.hyperferry.testkit.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A database as its users see it: the definition of each object and all rows as text, read by SQL that shares nothing with the library. Names and
 * numbers that TimescaleDB makes up (of chunks, jobs and materialization hypertables) are left out.
 *
 * @param facts the definitions: an object and what is stated of it, to the statement
 * @param rows the rows of tables, aggregates and materialized views by name, a map of column to value each
 */
record DatabaseFacts(SortedMap<Fact, String> facts, SortedMap<String, List<Map<String, String>>> rows) {
    private static final String NULL = "(null)";

    /**
     * What a statement is about.
     *
     * @param object the object's name, for example {@code public.devices}
     * @param detail the part of it, for example {@code column name}
     */
    record Fact(String object, String detail) implements Comparable<Fact> {
        @Override
        public int compareTo(Fact other) {
            int byObject = object.compareTo(other.object);
            return byObject != 0 ? byObject : detail.compareTo(other.detail);
        }

        @Override
        public String toString() {
            return object + " (" + detail + ")";
        }
    }

    /** A fact of which two databases differ, and what each states; null where it states nothing. */
    record Difference(
            Fact fact, @Nullable String source, @Nullable String target) {
        @Override
        public String toString() {
            return fact + ": source " + shortened(source) + ", target " + shortened(target);
        }

        private static String shortened(@Nullable String value) {
            return value == null ? "has none" : value.length() > 300 ? value.substring(0, 300) + "…" : value;
        }
    }

    /** Reads a database. */
    static DatabaseFacts of(TestDatabase database, boolean owners) throws SQLException, IOException {
        SortedMap<Fact, String> facts = new TreeMap<>();
        SortedMap<String, List<Map<String, String>>> rows = new TreeMap<>();
        boolean community = database.server().community();
        try (Connection connection = database.superuser().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET timezone = 'UTC'; SET datestyle = 'ISO'; SET intervalstyle = 'postgres';"
                    + " SET bytea_output = 'hex'; SET extra_float_digits = 1; SET search_path = ''");
            connection.setAutoCommit(false);
            for (String sql : FactQueries.all(community, owners)) {
                try (ResultSet result = statement.executeQuery(sql)) {
                    while (result.next()) {
                        put(facts, result.getString(1), result.getString(2), result.getString(3));
                    }
                } catch (SQLException e) {
                    throw new SQLException(e.getMessage() + " in " + sql, e);
                }
            }
            sequences(statement, facts);
            for (String table : names(statement, FactQueries.WITH_ROWS)) {
                rows.put(table, read(statement, table));
            }
            connection.rollback();
        }
        return new DatabaseFacts(facts, rows);
    }

    private static void put(SortedMap<Fact, String> facts, String object, String detail, @Nullable String value) {
        // Several of a kind, such as two jobs with one procedure, are one statement.
        facts.merge(
                new Fact(object, detail),
                value == null ? NULL : value,
                (one, other) -> one.compareTo(other) < 0 ? one + " and " + other : other + " and " + one);
    }

    private static void sequences(Statement statement, SortedMap<Fact, String> facts) throws SQLException {
        for (String sequence : names(statement, FactQueries.SEQUENCES)) {
            try (ResultSet state = statement.executeQuery("SELECT last_value, is_called FROM " + sequence)) {
                state.next();
                put(facts, sequence, "value", state.getString(1) + " " + state.getString(2));
            }
        }
    }

    private static List<String> names(Statement statement, String sql) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                names.add(result.getString(1));
            }
        }
        return names;
    }

    private static List<Map<String, String>> read(Statement statement, String table) throws SQLException {
        List<Map<String, String>> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery("SELECT * FROM " + table)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                Map<String, String> row = new TreeMap<>();
                for (int i = 1; i <= columns; i++) {
                    @Nullable String value = result.getString(i);
                    row.put(result.getMetaData().getColumnName(i), value == null ? NULL : value);
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /** Everything of which the target differs from this, the source. */
    List<Difference> differences(DatabaseFacts target) {
        List<Difference> differences = new ArrayList<>();
        TreeSet<Fact> all = new TreeSet<>(facts.keySet());
        all.addAll(target.facts.keySet());
        for (Fact fact : all) {
            Fact relation = new Fact(fact.object(), "relation");
            if (!fact.equals(relation) && facts.containsKey(relation) != target.facts.containsKey(relation)) {
                // All of it is missing, which the relation's own difference states.
                continue;
            }
            @Nullable String ours = facts.get(fact);
            @Nullable String theirs = target.facts.get(fact);
            if (ours == null ? theirs != null : !ours.equals(theirs)) {
                differences.add(new Difference(fact, ours, theirs));
            }
        }
        TreeSet<String> tables = new TreeSet<>(rows.keySet());
        tables.addAll(target.rows.keySet());
        for (String table : tables) {
            Map<String, Integer> ours = counted(rows.get(table), null);
            Map<String, Integer> theirs = counted(target.rows.get(table), null);
            if (!ours.equals(theirs)) {
                differences.add(new Difference(new Fact(table, "rows"), without(ours, theirs), without(theirs, ours)));
            }
        }
        return differences;
    }

    /**
     * The rows that were in this, the target, before and on the source, and are fewer afterwards.
     *
     * @param source the source, as it is all the time
     * @param after the target afterwards
     */
    List<String> lost(DatabaseFacts source, DatabaseFacts after) {
        List<String> lost = new ArrayList<>();
        for (String table : rows.keySet()) {
            List<Map<String, String>> before = rows.getOrDefault(table, List.of());
            List<Map<String, String>> ours = source.rows.getOrDefault(table, List.of());
            List<Map<String, String>> now = after.rows.getOrDefault(table, List.of());
            if (before.isEmpty() || ours.isEmpty()) {
                continue;
            }
            TreeSet<String> columns = new TreeSet<>(before.get(0).keySet());
            columns.retainAll(ours.get(0).keySet());
            if (!now.isEmpty()) {
                columns.retainAll(now.get(0).keySet());
            }
            Map<String, Integer> wanted = counted(ours, columns);
            Map<String, Integer> found = counted(now, columns);
            counted(before, columns).forEach((row, times) -> {
                int least = Math.min(times, wanted.getOrDefault(row, 0));
                if (found.getOrDefault(row, 0) < least) {
                    lost.add(table + ": " + row + " was there " + least + " times on both sides, and is now "
                            + found.getOrDefault(row, 0) + " times");
                }
            });
        }
        return lost;
    }

    private static Map<String, Integer> counted(
            @Nullable List<Map<String, String>> rows, @Nullable TreeSet<String> columns) {
        Map<String, Integer> counted = new HashMap<>();
        if (rows != null) {
            for (Map<String, String> row : rows) {
                String text = row.entrySet().stream()
                        .filter(entry -> columns == null || columns.contains(entry.getKey()))
                        .map(Object::toString)
                        .collect(Collectors.joining(", "));
                counted.merge(text, 1, Integer::sum);
            }
        }
        return counted;
    }

    private static String without(Map<String, Integer> rows, Map<String, Integer> others) {
        List<String> more = new ArrayList<>();
        rows.forEach((row, times) -> {
            if (times > others.getOrDefault(row, 0)) {
                more.add((times - others.getOrDefault(row, 0)) + " × {" + row + "}");
            }
        });
        more.sort(null);
        return more.size() + " rows that the other has not: " + String.join(" ", more);
    }
}
