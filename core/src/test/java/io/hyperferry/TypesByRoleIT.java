package io.hyperferry;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.MigrationReport.TableResult;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresSuperuser;
import io.hyperferry.testkit.RequiresTimescale;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every kind of type in every role that a column can have in the columnstore: queries find as many rows for each stored value on the target as on
 * the source. Types that mean something else on each server have hypertables of their own. The log has the table of types and roles, with what
 * TimescaleDB does not allow.
 */
@ExtendWith(TimescaleExtension.class)
@RequiresCommunity
@RequiresTimescale("2.22+")
class TypesByRoleIT {
    private static final Logger LOG = LoggerFactory.getLogger(TypesByRoleIT.class);

    /** An index of compressed tuples has no more than 32 columns, and each column of an order takes two or more. */
    private static final int MOST_TOGETHER = 7;

    /** What a column is used for. */
    private enum Role {
        SEGMENTBY,
        ORDERBY,
        BLOOM,
        MINMAX,
        SKIPPING,
        HASH;

        /** The statements that give columns of a hypertable this role. */
        List<String> sql(String table, List<String> columns) {
            List<String> sql = new ArrayList<>();
            if (this == SKIPPING) {
                sql.add("SET LOCAL timescaledb.enable_chunk_skipping = on");
                columns.forEach(column -> sql.add("SELECT enable_chunk_skipping('" + table + "', '" + column + "')"));
            } else if (this == HASH) {
                columns.forEach(column ->
                        sql.add("SELECT add_dimension('" + table + "', '" + column + "', number_partitions => 2)"));
            }
            String all = String.join(", ", columns);
            String indexed = columns.stream()
                    .map(column -> name().toLowerCase(Locale.ROOT) + "(" + column + ")")
                    .collect(joining(","));
            sql.add("ALTER TABLE " + table + " SET (timescaledb.compress, timescaledb.compress_segmentby = '"
                    + (this == SEGMENTBY ? all : "") + "', timescaledb.compress_orderby = '"
                    + (this == ORDERBY ? all + ", time" : "time") + "'"
                    + (this == BLOOM || this == MINMAX ? ", timescaledb.compress_index = '" + indexed + "'" : "")
                    + ")");
            return sql;
        }
    }

    /** A type, and values of it. */
    private record Type(String ddl, List<String> values) {
        static Type of(String ddl, String... values) {
            return new Type(ddl, List.of(values));
        }

        /** The type that values are compared as: operators for any enum take no domain. */
        String compared() {
            return ddl.equals("mood_domain") ? "mood" : plain();
        }

        /** The type without a collation, for casts. */
        String plain() {
            return ddl.replaceFirst(" COLLATE .*", "");
        }

        /** The value of row {@code i}. */
        String expression() {
            return IntStream.range(0, values.size())
                    .mapToObj(i -> "WHEN " + i + " THEN " + literal(values.get(i)))
                    .collect(joining(" ", "CASE i % " + values.size() + " ", " END::" + plain()));
        }
    }

    /** A hypertable with some types in one role. */
    private record Kept(String table, Role role, List<Type> types) {
        static Kept of(Role role, List<Type> types, String suffix) {
            return new Kept(role.name().toLowerCase(Locale.ROOT) + "_" + suffix, role, types);
        }

        List<String> columns() {
            return IntStream.range(0, types.size()).mapToObj(i -> "v" + i).toList();
        }

        /** What makes the hypertable, without rows. */
        List<String> definition() {
            List<String> sql = new ArrayList<>();
            sql.add("CREATE TABLE " + table + " (time timestamptz NOT NULL, "
                    + IntStream.range(0, types.size())
                            .mapToObj(i -> "v" + i + " " + types.get(i).ddl())
                            .collect(joining(", "))
                    + ")");
            sql.add("SELECT create_hypertable('" + table
                    + "', 'time', chunk_time_interval => INTERVAL '1 day', create_default_indexes => false)");
            sql.addAll(role.sql(table, columns()));
            return sql;
        }

        /** What makes two compressed chunks. */
        List<String> rows() {
            return List.of(
                    "INSERT INTO " + table + " SELECT TIMESTAMPTZ '2025-01-01 UTC' + i * INTERVAL '1 hour', "
                            + types.stream().map(Type::expression).collect(joining(", "))
                            + " FROM generate_series(0, 47) i",
                    "SELECT compress_chunk(show_chunks('" + table + "'))");
        }

        /** What adds rows to the first chunk after it was compressed. */
        String more() {
            return "INSERT INTO " + table + " SELECT TIMESTAMPTZ '2025-01-01 00:30 UTC' + i * INTERVAL '1 hour', "
                    + types.stream().map(Type::expression).collect(joining(", ")) + " FROM generate_series(0, 11) i";
        }

        /** How many rows each value of each type has by equality, and by a range. */
        String counts() {
            return IntStream.range(0, types.size())
                    .mapToObj(i -> {
                        Type type = types.get(i);
                        String column =
                                type.compared().equals(type.plain()) ? "v" + i : "v" + i + "::" + type.compared();
                        return type.values().stream()
                                .map(value -> literal(value) + "::" + type.compared())
                                .map(value ->
                                        "SELECT " + literal(type.ddl()) + ", (SELECT count(*) FROM " + table + " WHERE "
                                                + column + " = " + value + "), (SELECT count(*) FROM " + table
                                                + " WHERE " + column
                                                + " BETWEEN " + value + " AND " + value + ")")
                                .collect(joining(" UNION ALL "));
                    })
                    .collect(joining(" UNION ALL "));
        }
    }

    private static final String[] TYPES = {
        "CREATE TYPE filler AS ENUM ('q1', 'q2', 'q3')",
        "DROP TYPE filler",
        "CREATE TYPE mood AS ENUM ('up', 'down', 'broken', 'unknown')",
        "ALTER TYPE mood ADD VALUE 'maint' BEFORE 'broken'",
        "CREATE DOMAIN mood_domain AS mood",
        "CREATE TYPE mood_pair AS (n int, m mood)",
        "CREATE TYPE mood_range AS RANGE (subtype = mood)",
        "CREATE TYPE pair AS (n int, t text)",
        "CREATE DOMAIN name_domain AS text CHECK (VALUE <> '')",
        "CREATE TYPE text_range AS RANGE (subtype = text, collation = \"en-x-icu\")",
        "CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        "CREATE EXTENSION IF NOT EXISTS citext"
    };

    private static final List<Type> ALL = List.of(
            Type.of("smallint", "-5", "0", "7", "300"),
            Type.of("integer", "-5", "0", "7", "70000"),
            Type.of("bigint", "-5", "0", "7", "70000000000"),
            Type.of("real", "-1.5", "0", "1e10", "NaN"),
            Type.of("double precision", "-1.5", "0", "1e100", "Infinity"),
            Type.of("numeric", "-1.50", "0", "1.5", "99999999999999999999.5"),
            Type.of("money", "1.50", "-3", "1000"),
            Type.of("oid", "1", "2", "4000000000"),
            Type.of("boolean", "true", "false"),
            Type.of("text", "B", "Z", "a", "b", "ä"),
            Type.of("text COLLATE \"C\"", "B", "Z", "a", "b", "ä"),
            Type.of("text COLLATE \"en-x-icu\"", "B", "Z", "a", "b", "ä"),
            Type.of("text COLLATE \"blind\"", "B", "Z", "a", "c", "ä"),
            Type.of("varchar(9)", "B", "Z", "a", "b"),
            Type.of("char(3)", "B", "Z", "a", "b"),
            Type.of("name", "B", "Z", "a", "b"),
            Type.of("\"char\"", "B", "Z", "a", "b"),
            Type.of("citext", "B", "Z", "a", "c"),
            Type.of("bytea", "\\x00", "\\xff", "\\x6162"),
            Type.of("uuid", "00000000-0000-0000-0000-000000000001", "ffffffff-0000-0000-0000-000000000001"),
            Type.of("inet", "10.0.0.1", "10.0.0.0/8", "::1"),
            Type.of("cidr", "10.0.0.0/8", "10.1.0.0/16"),
            Type.of("macaddr", "08:00:2b:01:02:03", "18:00:2b:01:02:03"),
            Type.of("macaddr8", "08:00:2b:01:02:03:04:05", "18:00:2b:01:02:03:04:05"),
            Type.of("bit(4)", "0000", "1010", "1111"),
            Type.of("varbit", "0", "1010", "111111111"),
            Type.of("jsonb", "{\"a\": \"B\"}", "{\"a\": \"b\"}", "[1, 2.0]", "\"Z\""),
            Type.of("date", "2025-01-01", "1999-12-31", "infinity"),
            Type.of("time", "00:00", "12:30:00.5"),
            Type.of("time with time zone", "00:00+00", "12:30+02"),
            Type.of("timestamp", "2025-01-01 00:00", "1999-12-31 23:59:59.999999"),
            Type.of("timestamp with time zone", "2025-01-01 00:00+00", "1999-12-31 23:59:59.999999+02"),
            Type.of("interval", "1 day", "25 hours", "1 mon -3 days"),
            Type.of("pg_lsn", "0/1", "FF/1"),
            Type.of("int4range", "[1,5)", "empty", "(,3)"),
            Type.of("numrange", "[1.0,5)", "empty", "(,3]"),
            Type.of("tstzrange", "[2025-01-01 00:00+00,)", "empty"),
            Type.of("int4multirange", "{[1,5),[7,9)}", "{}"),
            Type.of("tsvector", "'a' 'b'", "'B':1"),
            Type.of("integer[]", "{1,2}", "{}", "{3,NULL}"),
            Type.of("text[]", "{B,a}", "{Z}", "{b,NULL}"),
            Type.of("date[]", "{2025-01-01}", "{1999-12-31,2000-01-01}"),
            Type.of("name_domain", "B", "Z", "a", "b"),
            Type.of("pair", "(1,B)", "(1,a)", "(2,Z)"),
            Type.of("text_range", "[a,c]", "[a,)"),
            Type.of("regclass", "pg_class", "pg_type"),
            Type.of("mood", "up", "down", "maint", "broken"),
            Type.of("mood[]", "{up}", "{down,maint}", "{broken,NULL}"),
            Type.of("mood_domain", "up", "down", "maint", "broken"),
            Type.of("mood_pair", "(1,up)", "(1,down)", "(2,maint)"),
            Type.of("mood_range", "[up,down]", "[down,broken)", "[maint,)"),
            Type.of("mood_multirange", "{[up,down]}", "{[down,broken)}"));

    /** Each needs a hypertable of its own. */
    private static final List<Type> HASHED = ALL.stream()
            .filter(type -> List.of("integer", "text", "text COLLATE \"blind\"", "date[]", "citext", "mood", "mood[]")
                    .contains(type.ddl()))
            .toList();

    /** Types whose values mean the same on each server like the source: they share a hypertable. */
    private static boolean isPortable(Type type) {
        return !type.ddl().contains("mood")
                && !type.ddl().equals("citext")
                && !type.ddl().equals("regclass");
    }

    @Test
    @RequiresSuperuser("extensions with types of their own")
    void queries_find_the_same_rows_for_each_value_on_source_and_target(
            @Source TestDatabase source, @Target TestDatabase target, @TempDir Path directory) throws SQLException {
        TestDatabase from = source.createSibling("types");
        TestDatabase to = target.createSibling("types");
        from.execute(TYPES);
        Map<String, String> refused = new TreeMap<>();
        List<Kept> tables = create(from, refused);
        Migration migration = Migrations.between(from, to).parallelism(2).pgTools(Migrations.tools(from));

        MigrationReport report = migration.run();

        StringBuilder text = new StringBuilder();
        List<String> unequal = new ArrayList<>();
        for (Kept table : tables) {
            List<List<String>> expected = counts(from, table);
            List<List<String>> found = counts(to, table);
            if (!found.equals(expected)) {
                unequal.add(table.table() + ": " + expected + ", on the target " + found);
            }
            text.append(String.format(
                    Locale.ROOT,
                    "%n%-9s | %-7s | %s | %s",
                    table.role(),
                    found.equals(expected) ? "equal" : "UNEQUAL",
                    table.types().stream().map(Type::ddl).collect(joining(", ")),
                    outcome(report, table.table())));
        }
        refused.forEach((combination, reason) ->
                text.append(String.format(Locale.ROOT, "%nnot allowed: %s: %s", combination, reason)));
        LOG.info("types by role:{}", text);
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(unequal).isEmpty();
        assertThat(tables)
                .filteredOn(table -> table.types().size() > 1 && table.role() != Role.SKIPPING)
                .allSatisfy(table -> assertThat(outcome(report, table.table()))
                        .as(table.table())
                        .matches(outcome -> outcome.equals("tuples")
                                || (!from.server().image().equals(to.server().image())
                                        && outcome.contains("the collation icu"))));

        TestDatabase imported = target.createSibling("types");
        // A server with other versions of collations refuses their tuples.
        CompressedMode mode =
                from.server().image().equals(to.server().image()) ? CompressedMode.AS_IS : CompressedMode.ROWS;
        Path files = directory.resolve("export");
        Migration.from(from.url())
                .exportTo(files)
                .compressed(mode)
                .pgTools(Migrations.tools(from))
                .run();
        assertThat(Migration.fromExport(files).to(imported.url()).run().identical())
                .isTrue();
        assertEqualCounts("export and import", tables, from, imported);

        List<Kept> changing =
                tables.stream().filter(TypesByRoleIT::canBeCompressedAgain).toList();
        for (Kept table : changing) {
            from.execute("SET timescaledb.enable_chunk_skipping = on", table.more());
        }
        assertThat(migration.catchUp(3).still()).isTrue();
        assertEqualCounts("catch-up", tables, from, to);

        for (Kept table : changing) {
            to.execute("DELETE FROM " + table.table() + " WHERE time >= '2025-01-02 00:00+00'");
        }
        RepairReport repaired = migration.repair();
        assertThat(repaired.identical()).as(repaired.toText()).isTrue();
        assertEqualCounts("repair", tables, from, to);
    }

    /** TimescaleDB cannot compress a chunk with segments by name once more: no btree opfamily for type "cstring". */
    private static boolean canBeCompressedAgain(Kept table) {
        return table.role() != Role.SEGMENTBY
                || table.types().stream().noneMatch(type -> type.ddl().equals("name"));
    }

    private static void assertEqualCounts(String verb, List<Kept> tables, TestDatabase from, TestDatabase to)
            throws SQLException {
        for (Kept table : tables) {
            assertThat(counts(to, table)).as("%s: %s", verb, table.table()).isEqualTo(counts(from, table));
        }
        LOG.info("{}: the same counts on both sides in {} hypertables", verb, tables.size());
    }

    /** What queries find, also by the ranges with which they skip chunks. */
    private static List<List<String>> counts(TestDatabase database, Kept table) throws SQLException {
        List<List<String>> counts = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET timescaledb.enable_chunk_skipping = on");
            try (ResultSet rows = statement.executeQuery(table.counts())) {
                while (rows.next()) {
                    counts.add(List.of(rows.getString(1), rows.getString(2), rows.getString(3)));
                }
            }
        }
        return counts;
    }

    /** Creates the hypertables; what TimescaleDB does not allow is tried before. */
    private static List<Kept> create(TestDatabase from, Map<String, String> refused) throws SQLException {
        List<Kept> tables = new ArrayList<>();
        try (Connection connection = from.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (Role role : Role.values()) {
                List<Type> allowed = new ArrayList<>();
                for (Type type : ALL) {
                    try {
                        execute(statement, Kept.of(role, List.of(type), "tried").definition());
                        allowed.add(type);
                    } catch (SQLException e) {
                        refused.put(
                                role + " " + type.ddl(),
                                String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse(""));
                    }
                    connection.rollback();
                }
                List<List<Type>> groups = new ArrayList<>();
                if (role == Role.HASH) {
                    allowed.stream().filter(HASHED::contains).forEach(type -> groups.add(List.of(type)));
                } else {
                    List<Type> portable =
                            allowed.stream().filter(TypesByRoleIT::isPortable).toList();
                    for (int i = 0; i < portable.size(); i += MOST_TOGETHER) {
                        groups.add(portable.subList(i, Math.min(i + MOST_TOGETHER, portable.size())));
                    }
                    allowed.stream().filter(type -> !isPortable(type)).forEach(type -> groups.add(List.of(type)));
                }
                for (List<Type> group : groups) {
                    Kept table = Kept.of(role, group, String.valueOf(tables.size()));
                    try {
                        execute(statement, table.definition());
                        execute(statement, table.rows());
                    } catch (SQLException e) {
                        // TimescaleDB's own check of a hash dimension ignores the column's collation.
                        assertThat(group).as(e.getMessage()).hasSize(1);
                        refused.put(role + " " + group.get(0).ddl() + " with rows", String.valueOf(e.getMessage()));
                        connection.rollback();
                        continue;
                    }
                    connection.commit();
                    tables.add(table);
                }
            }
        }
        return tables;
    }

    private static void execute(Statement statement, List<String> sql) throws SQLException {
        for (String each : sql) {
            statement.execute(each);
        }
    }

    private static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    private static String outcome(MigrationReport report, String name) {
        TableResult table = report.tables().stream()
                .filter(found -> found.table().name().equals(name))
                .findFirst()
                .orElseThrow();
        return table.asTuples() == table.slices() ? "tuples" : "rows: " + String.join("; ", table.refusals());
    }
}
