package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.literal;
import static io.hyperferry.internal.sql.Identifiers.quote;
import static java.util.stream.Collectors.joining;

import io.hyperferry.catalog.AccessPaths.Order;
import io.hyperferry.catalog.AccessPaths.SearchKey;
import io.hyperferry.catalog.QualifiedName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Queries that compare what a table's users find with the rows that its chunks have. Values are parameters of the type
 * of their key, so that the server plans with them as with a literal.
 */
public final class ProbeSql {
    /** The columns for each subject of what {@link #values} returns. */
    public static final int VALUES = 4;

    /** How many rows further a second value is taken, which is in another batch of compressed rows. */
    private static final int SECOND_ROW = 1_500;

    /** Reads rows without their indexes, and without the metadata of compressed tuples. */
    private static final Map<String, String> READING = Map.of(
            "enable_indexscan", "off",
            "enable_indexonlyscan", "off",
            "enable_bitmapscan", "off",
            "jit", "off",
            "plan_cache_mode", "force_custom_plan",
            "timescaledb.enable_columnarindexscan", "off");

    /** Answers as it does for an application, by whatever helps. */
    private static final Map<String, String> ASKING = Map.of(
            "enable_indexscan", "on",
            "enable_indexonlyscan", "on",
            "enable_bitmapscan", "on",
            "enable_seqscan", "on",
            "timescaledb.enable_columnarindexscan", "on",
            "timescaledb.enable_chunk_skipping", "on");

    private ProbeSql() {}

    /**
     * What queries search by: a column with metadata, or several together.
     *
     * @param label the column's name, or the index's, for the report
     * @param keys the keys that a query has conditions for
     * @param predicate the condition of a partial index, or null
     * @param ranges whether a query asks for ranges, too; only for a single key whose type has an order
     */
    public record Subject(
            String label, List<SearchKey> keys, @Nullable String predicate, boolean ranges) {
        public Subject {
            keys = List.copyOf(keys);
        }

        /** The type's order, when least and greatest value mean something: of a single key. */
        @Nullable
        Order order() {
            return keys.size() == 1 && predicate == null ? keys.get(0).order() : null;
        }
    }

    /** How a row is compared with values. */
    public enum Comparison {
        EQUAL("equality"),
        AT_MOST("range"),
        AT_LEAST("range");

        private final String label;

        Comparison(String label) {
            this.label = label;
        }

        /** Its name in a report. */
        public String label() {
            return label;
        }
    }

    /**
     * One condition that rows are counted by.
     *
     * @param values a value a key, as the type's text
     */
    public record Probe(Subject subject, Comparison comparison, List<String> values) {
        public Probe {
            values = List.copyOf(values);
        }
    }

    /** The statement that sets how the rows of chunks are read. It returns one row. */
    public static String reading() {
        return settings(READING);
    }

    /** The statement that sets how an application's queries are answered. It returns one row. */
    public static String asking() {
        return settings(ASKING);
    }

    /** The statement that has queries use indexes wherever they can. It returns one row. */
    public static String byIndex() {
        return settings(Map.of("enable_seqscan", "off"));
    }

    /** Not every version has all settings; to look each up costs the server less than the view of all. */
    private static String settings(Map<String, String> settings) {
        return "SELECT count(set_config(s.name, s.value, true)) FROM (VALUES "
                + settings.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(setting -> "(" + literal(setting.getKey()) + ", " + literal(setting.getValue()) + ")")
                        .collect(joining(", "))
                + ") s(name, value) WHERE pg_catalog.current_setting(s.name, true) IS NOT NULL";
    }

    /** Locks chunks against being dropped or compressed, under a snapshot that is taken afterwards. */
    public static String lock(List<QualifiedName> chunks) {
        return "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SAVEPOINT unlocked; LOCK TABLE ONLY "
                + chunks.stream().map(Identifiers::quote).collect(joining(", ONLY ")) + " IN ACCESS SHARE MODE";
    }

    /** Goes back to where the transaction was before {@link #lock} failed. */
    public static String unlocked() {
        return "ROLLBACK TO SAVEPOINT unlocked";
    }

    /** The rows of chunks, read from these relations themselves. */
    public static String rows(List<QualifiedName> chunks, Collection<String> columns) {
        if (chunks.size() == 1) {
            return quote(chunks.get(0));
        }
        String names = columns.stream().map(Identifiers::quote).collect(joining(", "));
        return chunks.stream()
                .map(chunk -> "SELECT " + names + " FROM " + quote(chunk))
                .collect(joining(" UNION ALL ", "(", ") chunks"));
    }

    /**
     * The values to ask for, up to four a subject: the least and the greatest, and two of rows. One row of arrays of
     * texts: an array has a value a key, and is null where there is none. One scan finds the least and greatest values
     * of all subjects whose types have aggregates for them. Another type costs scans of its own, so it is only done
     * where ranges are asked for.
     *
     * @param rows what {@link #rows} returned
     */
    public static String values(List<Subject> subjects, String rows) {
        List<String> expressions = new ArrayList<>();
        boolean aggregates = false;
        for (Subject subject : subjects) {
            Order order = subject.order();
            SearchKey key = subject.keys().get(0);
            boolean aggregated = order != null && order.least() != null && order.greatest() != null;
            if (order == null || (!aggregated && !subject.ranges())) {
                expressions.add("NULL::text[]");
                expressions.add("NULL::text[]");
            } else if (aggregated) {
                expressions.add(aggregate(Objects.requireNonNull(order.least(), "least"), key));
                expressions.add(aggregate(Objects.requireNonNull(order.greatest(), "greatest"), key));
                aggregates = true;
            } else {
                expressions.add(first(key, order.less(), rows));
                expressions.add(first(key, order.greater(), rows));
            }
            expressions.add(tuple(subject, 0, rows));
            expressions.add(tuple(subject, SECOND_ROW, rows));
        }
        return "SELECT " + String.join(",\n  ", expressions) + (aggregates ? "\nFROM " + rows : "");
    }

    private static String aggregate(String function, SearchKey key) {
        String value = function + "(" + key.expression() + ")";
        return "CASE WHEN " + value + " IS NOT NULL THEN ARRAY[" + text(value) + "] END";
    }

    /** An order that no metadata can give: of an expression. */
    private static String first(SearchKey key, String operator, String rows) {
        String value = key.expression();
        return "(SELECT ARRAY[" + text(value) + "] FROM " + rows + " WHERE " + value
                + " IS NOT NULL ORDER BY CASE WHEN " + value + " IS NOT NULL THEN " + value + " END USING " + operator
                + " LIMIT 1)";
    }

    private static String tuple(Subject subject, int offset, String rows) {
        return "(SELECT ARRAY["
                + subject.keys().stream().map(key -> text(key.expression())).collect(joining(", ")) + "] FROM " + rows
                + " WHERE "
                + subject.keys().stream()
                        .map(key -> "(" + key.expression() + ") IS NOT NULL")
                        .collect(joining(" AND "))
                + (subject.predicate() == null ? "" : " AND (" + subject.predicate() + ")")
                + (offset == 0 ? "" : " OFFSET " + offset) + " LIMIT 1)";
    }

    /** What the type's output function makes of a value; a cast to text can be another. */
    private static String text(String value) {
        return "pg_catalog.format('%s', " + value + ")";
    }

    /**
     * The number of rows, then that of each probe, in one scan. Conditions of aggregates cannot be answered by indexes
     * or metadata.
     *
     * @param rows what {@link #rows} returned
     */
    public static String truth(List<Probe> probes, String rows) {
        return "SELECT count(*)"
                + probes.stream()
                        .map(probe -> ",\n  count(*) FILTER (WHERE " + condition(probe) + ")")
                        .collect(joining())
                + "\nFROM " + rows;
    }

    /**
     * The number of rows, then that of each probe, as an application's queries would find them.
     *
     * @param relation the relation that is queried
     * @param range {@code WHERE} for the range of time that is asked about; empty where nothing bounds it
     */
    public static String asked(List<Probe> probes, QualifiedName relation, String range) {
        String from = "(SELECT count(*) FROM " + quote(relation) + range;
        return "SELECT " + from + ")"
                + probes.stream()
                        .map(probe -> ",\n  " + from + (range.isEmpty() ? " WHERE " : " AND ") + condition(probe) + ")")
                        .collect(joining());
    }

    private static String condition(Probe probe) {
        Subject subject = probe.subject();
        List<String> conditions = new ArrayList<>();
        if (subject.predicate() != null) {
            conditions.add("(" + subject.predicate() + ")");
        }
        for (SearchKey key : subject.keys()) {
            conditions.add(
                    key.expression() + " " + operator(key, probe.comparison()) + " CAST(? AS " + key.type() + ")");
        }
        return String.join(" AND ", conditions);
    }

    private static String operator(SearchKey key, Comparison comparison) {
        return switch (comparison) {
            case EQUAL -> Objects.requireNonNull(key.equality(), "equality");
            case AT_MOST -> Objects.requireNonNull(key.order(), "order").atMost();
            case AT_LEAST -> Objects.requireNonNull(key.order(), "order").atLeast();
        };
    }

    /**
     * Whether these tables have pages of their own, besides their chunks. Columns {@code n}, from 1, and {@code pages}.
     */
    public static String rootHasPages(List<QualifiedName> relations) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < relations.size(); i++) {
            rows.add("(" + (i + 1) + ", " + literal(quote(relations.get(i))) + ")");
        }
        return "SELECT n, coalesce(pg_catalog.pg_relation_size(pg_catalog.to_regclass(r)) > 0, false) AS pages FROM (VALUES "
                + String.join(", ", rows) + ") v(n, r) ORDER BY n";
    }

    /** Reads the rows of a hypertable's root table: TimescaleDB plans {@code SELECT … FROM ONLY} as an empty result. */
    public static String copyRoot(QualifiedName relation, String column) {
        return "COPY " + quote(relation) + " (" + quote(column) + ") TO STDOUT";
    }
}
