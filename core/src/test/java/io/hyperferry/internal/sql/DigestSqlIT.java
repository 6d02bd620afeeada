package io.hyperferry.internal.sql;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.DigestMethod;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CatalogReader;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Table;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.Sessions;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Digests tell apart whatever SELECT shows differently, and nothing else, on whatever server it is. */
@ExtendWith(TimescaleExtension.class)
class DigestSqlIT {
    private static final List<String> TYPES = List.of(
            "DROP SCHEMA IF EXISTS kinds CASCADE",
            "CREATE SCHEMA kinds",
            "CREATE TYPE kinds.mood AS ENUM ('good', 'bad')",
            "CREATE TYPE kinds.pair AS (a numeric, b kinds.mood)",
            "CREATE TYPE kinds.floats AS RANGE (subtype = float8)",
            "CREATE COLLATION kinds.blind (provider = icu, locale = 'und-u-ks-level1', deterministic = false)",
            "CREATE DOMAIN kinds.d_numeric AS numeric",
            "CREATE DOMAIN kinds.d_char AS bpchar",
            // A cast that loses everything must not be asked.
            "CREATE FUNCTION kinds.lose(kinds.mood) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'x' $$",
            "CREATE CAST (kinds.mood AS text) WITH FUNCTION kinds.lose(kinds.mood)");

    /** Of each type values that differ in their text, many of which are equal to one another, or have the same hash. */
    private static final List<Entry<String, List<String>>> VALUES = List.of(
            Map.entry("bool", List.of("t", "f")),
            Map.entry("int8", List.of("0", "1", "-1", "4294967295", "4294967296", "-4294967297")),
            Map.entry("int4", List.of("0", "1", "-1", "2147483647")),
            Map.entry("int2", List.of("0", "1", "-1")),
            Map.entry(
                    "numeric",
                    List.of(
                            "0",
                            "0.0",
                            "1",
                            "1.0",
                            "1.00",
                            "NaN",
                            "Infinity",
                            "-Infinity",
                            "1e20",
                            "100000000000000000001")),
            Map.entry("numeric(9,2)", List.of("1.00", "1.01")),
            Map.entry(
                    "float8",
                    List.of("0", "-0", "NaN", "Infinity", "-Infinity", "0.1", "0.10000000000000002", "5e-324")),
            Map.entry("float4", List.of("0", "-0", "NaN", "Infinity", "-Infinity", "0.1", "0.10000001")),
            Map.entry("money", List.of("1.00", "1.01", "-1.00")),
            Map.entry(
                    "text",
                    List.of("", " ", "a", "A", "a ", " a", "a\t", "á", "a\u0301", "NULL", "\"\"", "\\N", "(a)", "a,b")),
            Map.entry("text COLLATE kinds.blind", List.of("", "a", "A", "á", "a\u0301", "a ")),
            Map.entry("varchar(9)", List.of("", "a", "a ")),
            Map.entry("char(9)", List.of("a", "A", "b")),
            Map.entry("bpchar", List.of("a", "a ", "a  ")),
            Map.entry("\"char\"", List.of("", "a", "b")),
            Map.entry("name", List.of("a", "A", "a ")),
            Map.entry("bytea", List.of("", "\\x00", "\\x0000", "\\xff")),
            Map.entry(
                    "date",
                    List.of("2024-01-01", "2024-01-02", "infinity", "-infinity", "0044-03-15 BC", "0044-03-15")),
            Map.entry("time", List.of("00:00", "24:00", "00:00:00.000001")),
            Map.entry("timetz", List.of("12:00+00", "13:00+01", "12:00+01")),
            // PostgreSQL's own hash of the second one is that of the first.
            Map.entry(
                    "timestamp",
                    List.of(
                            "2024-01-01",
                            "2023-12-31 22:48:25.032705",
                            "2024-01-01 00:00:00.000001",
                            "2000-01-01",
                            "1999-12-31 23:59:59.999999",
                            "1970-01-01",
                            "4000-01-01 BC",
                            "294276-12-31 23:59:59.999999",
                            "infinity",
                            "-infinity")),
            Map.entry(
                    "timestamptz",
                    List.of(
                            "2024-01-01+00",
                            "2023-12-31 22:48:25.032705+00",
                            "2024-01-01 00:00:00.000001+00",
                            "2024-01-01+01",
                            "2000-01-01+00",
                            "1999-12-31 23:59:59.999999+00",
                            "1970-01-01+00",
                            "4000-01-01 00:00+00 BC",
                            "294276-12-31 23:59:59.999999+00",
                            "infinity",
                            "-infinity")),
            Map.entry(
                    "interval",
                    List.of("1 day", "24 hours", "1 month", "30 days", "1 year", "365 days", "-1 day +24 hours", "0")),
            Map.entry("uuid", List.of("00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002")),
            Map.entry("json", List.of("{}", "{ }", "{\"a\":1,\"a\":1}", "{\"a\":1}", "1.0", "1", "null")),
            Map.entry("jsonb", List.of("1.0", "1", "1.00", "{\"a\":1.0}", "{\"a\":1}", "null", "\"null\"", "[]", "{}")),
            Map.entry("xml", List.of("<a/>", "<a></a>", "<a />", "<a>1</a>", "x")),
            Map.entry("jsonpath", List.of("$.a", "$.b", "strict $.a")),
            Map.entry("inet", List.of("10.0.0.1", "10.0.0.1/8", "::1", "::ffff:10.0.0.1")),
            Map.entry("cidr", List.of("10.0.0.0/8", "10.0.0.0/9")),
            Map.entry("macaddr8", List.of("00:00:00:00:00:00:00:01", "00:00:00:00:00:00:01:00")),
            Map.entry("bit(3)", List.of("101", "100")),
            Map.entry("bit varying", List.of("", "0", "00", "1", "10")),
            Map.entry("point", List.of("(0,0)", "(-0,0)", "(0,-0)", "(1,2)", "(1,2.0000001)", "(NaN,0)")),
            Map.entry("lseg", List.of("[(0,0),(1,1)]", "[(1,1),(0,0)]")),
            Map.entry("box", List.of("(1,1),(0,0)", "(2,0.5),(0,0)")),
            Map.entry("path", List.of("((0,0),(1,1))", "[(0,0),(1,1)]")),
            Map.entry("polygon", List.of("((0,0),(1,1))", "((1,1),(0,0))")),
            Map.entry("circle", List.of("<(0,0),1>", "<(1,1),1>")),
            Map.entry("tsvector", List.of("a b", "a:1 b:2", "a:1A b:2", "")),
            Map.entry("tsquery", List.of("a & b", "b & a", "a | b")),
            Map.entry("pg_lsn", List.of("0/1", "1/0")),
            Map.entry("regclass", List.of("pg_class", "pg_type")),
            Map.entry("int4range", List.of("[1,2)", "[1,3)", "empty", "(,)")),
            Map.entry("numrange", List.of("[1,2)", "[1.0,2)", "[1,2]", "[1,2.0)")),
            Map.entry("kinds.floats", List.of("[0,1)", "[-0,1)")),
            Map.entry("nummultirange", List.of("{[1,2)}", "{[1.0,2)}", "{}")),
            Map.entry("int[]", List.of("{1,2}", "[0:1]={1,2}", "{{1,2}}", "{}", "{NULL}", "{1,2,NULL}")),
            Map.entry("numeric[]", List.of("{1}", "{1.0}")),
            Map.entry("float8[]", List.of("{0}", "{-0}", "{NaN}")),
            Map.entry("money[]", List.of("{1.00}", "{1.01}")),
            Map.entry("interval[]", List.of("{1 day}", "{24:00:00}")),
            Map.entry(
                    "text[]", List.of("{NULL}", "{\"NULL\"}", "{\"\"}", "{}", "{\"a,b\"}", "{a,b}", "{\"a \"}", "{a}")),
            Map.entry("jsonb[]", List.of("{1}", "{1.0}")),
            Map.entry("bpchar[]", List.of("{a}", "{\"a \"}")),
            Map.entry("kinds.mood", List.of("good", "bad")),
            Map.entry("kinds.mood[]", List.of("{good}", "{bad}", "[2:2]={good}")),
            Map.entry("kinds.pair", List.of("(1,good)", "(1.0,good)", "(1,bad)", "(1,)", "(,)")),
            Map.entry("kinds.pair[]", List.of("{\"(1,good)\"}", "{\"(1.0,good)\"}", "{NULL}", "{\"(,)\"}")),
            Map.entry("kinds.d_numeric", List.of("1", "1.0")),
            Map.entry("kinds.d_char", List.of("a", "a ")),
            Map.entry("citext", List.of("a", "A", "a ")),
            Map.entry("hstore", List.of("a=>1", "a=>2", "a=>NULL", "a=>\"NULL\"", "")),
            Map.entry("ltree", List.of("a", "a.b", "A")));

    private static final List<DigestMethod> METHODS = List.of(DigestMethod.RECORD_HASH, DigestMethod.TEXT_HASH);

    private static final List<String> EXCHANGES = List.of(
            "UPDATE kinds.t t SET a = o.a FROM kinds.t o WHERE t.n IN (%1$d, %2$d) AND o.n = %1$d + %2$d - t.n",
            "UPDATE kinds.t t SET d = o.d FROM kinds.t o WHERE t.n IN (%1$d, %2$d) AND o.n = %1$d + %2$d - t.n",
            "UPDATE kinds.t SET a = b, b = a WHERE n = %1$d",
            "UPDATE kinds.t SET c = d, d = c WHERE n = %1$d",
            "UPDATE kinds.t t SET f = o.f FROM kinds.t o WHERE t.n IN (%1$d, %2$d) AND o.n = %1$d + %2$d - t.n",
            "UPDATE kinds.t SET f = g, g = f WHERE n = %1$d");

    private static final List<String> SETTINGS = List.of(
            "extra_float_digits = 0",
            "DateStyle = 'German, DMY'",
            "IntervalStyle = 'sql_standard'",
            "TimeZone = 'Asia/Kathmandu'",
            "bytea_output = 'escape'",
            "quote_all_identifiers = on",
            "search_path = pg_catalog, kinds, public");

    @Test
    void whatever_differs_in_its_text_has_another_hash_and_the_same_on_every_server(
            @Source TestDatabase source, @Target TestDatabase target) throws SQLException {
        // Types have other OIDs there, and sessions other settings.
        target.execute("CREATE TYPE earlier AS ENUM ('a', 'b', 'c')", "CREATE DOMAIN earlier_domain AS int");
        for (String setting : SETTINGS) {
            target.execute("ALTER DATABASE \"" + target.name() + "\" SET " + setting);
        }
        List<Entry<String, List<String>>> ours = fill(source);
        List<Entry<String, List<String>>> theirs = fill(target);
        assertThat(ours).isEqualTo(theirs).hasSizeGreaterThan(60);

        for (DigestMethod method : METHODS) {
            Hashes here = hashes(source, ours, method);
            assertThat(here.alike()).isEmpty();
            assertThat(here.all())
                    .hasSizeGreaterThan(200)
                    .isEqualTo(hashes(target, theirs, method).all());
        }
    }

    private record Hashes(List<String> all, List<String> alike) {}

    /** A column for each type that the server has, and a row for each value. */
    private static List<Entry<String, List<String>>> fill(TestDatabase database) throws SQLException {
        List<String> statements = new ArrayList<>(TYPES);
        for (String extension : List.of("citext", "hstore", "ltree")) {
            if (database.count("SELECT count(*) FROM pg_available_extensions WHERE name = '" + extension + "'") > 0) {
                statements.add("CREATE EXTENSION IF NOT EXISTS " + extension);
            }
        }
        statements.add("CREATE TABLE kinds.t (n int)");
        statements.add("INSERT INTO kinds.t VALUES (0)");
        execute(database, statements);
        List<Entry<String, List<String>>> types = new ArrayList<>();
        for (Entry<String, List<String>> type : VALUES) {
            String name = type.getKey().replaceAll("\\(.*| COLLATE.*", "");
            if (database.value("SELECT to_regtype('" + name + "')") != null) {
                types.add(type);
            }
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            values.add(
                    "ALTER TABLE kinds.t ADD COLUMN c" + i + " " + types.get(i).getKey());
            for (String value : types.get(i).getValue()) {
                values.add("INSERT INTO kinds.t (n, c" + i + ") SELECT max(n) + 1, E'"
                        + value.replace("\\", "\\\\").replace("'", "''") + "' FROM kinds.t");
            }
        }
        execute(database, values);
        return types;
    }

    private static Hashes hashes(TestDatabase database, List<Entry<String, List<String>>> types, DigestMethod method)
            throws SQLException {
        List<Column> columns = columns(database);
        List<String> all = new ArrayList<>();
        List<String> alike = new ArrayList<>();
        int last = 0;
        for (int i = 0; i < types.size(); i++) {
            int first = last + 1;
            last += types.get(i).getValue().size();
            List<String> hashes = settled(
                    database,
                    "SELECT " + DigestSql.hash(List.of(columns.get(i + 1)), method)
                            + " FROM kinds.t WHERE n = 0 OR n BETWEEN " + first + " AND " + last + " ORDER BY n");
            all.addAll(hashes);
            if (hashes.stream().distinct().count() != types.get(i).getValue().size() + 1) {
                alike.add(types.get(i).getKey() + ": " + hashes);
            }
        }
        return new Hashes(all, alike);
    }

    private static void execute(TestDatabase database, List<String> statements) throws SQLException {
        try (Connection connection = database.connect()) {
            for (String statement : statements) {
                Jdbc.execute(connection, statement);
            }
        }
    }

    private static List<Column> columns(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            return CatalogReader.create()
                    .read(connection)
                    .table(QualifiedName.of("kinds", "t"))
                    .map(Table::columns)
                    .orElseThrow();
        }
    }

    private static List<String> settled(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect()) {
            return Jdbc.inTransaction(connection, () -> {
                Jdbc.execute(connection, Sessions.SETTLE);
                Jdbc.execute(connection, Sessions.SETTLE_DIGESTS);
                return Jdbc.query(connection, sql, row -> row.getString(1));
            });
        }
    }

    @Test
    void values_that_rows_or_columns_exchange_change_the_digest(@Source TestDatabase source) throws SQLException {
        source.execute(
                "DROP SCHEMA IF EXISTS kinds CASCADE",
                "CREATE SCHEMA kinds",
                "CREATE TABLE kinds.t (n int8, a int8, b int8, c text, d text, f float8, g float8)",
                "INSERT INTO kinds.t SELECT i, nullif(i * 7, 70), i * 11, 'c' || i, CASE WHEN i % 9 <> 0 THEN 'd' || i END,"
                        + " (i % 8)::float8 - 4, CASE WHEN i % 10 <> 0 THEN i / 3.0 + 0.5 END FROM generate_series(1, 100) i");
        QualifiedName name = QualifiedName.of("kinds", "t");
        TableData data = new TableData(name, columns(source), null, List.of());
        for (DigestMethod method : METHODS) {
            assertThat(unnoticed(source, DigestSql.ofRange(data, name, 0, 0, method)))
                    .isEmpty();
        }
    }

    /** The exchanges that do not change a digest; each is undone. */
    private static List<String> unnoticed(TestDatabase source, String digest) throws SQLException {
        List<String> unnoticed = new ArrayList<>();
        try (Connection connection = source.connect()) {
            String before = Jdbc.one(connection, digest, row -> row.getString("digest"));
            for (int row = 1; row < 100; row++) {
                for (String exchange : EXCHANGES) {
                    String sql = String.format(Locale.ROOT, exchange, row, row + 1);
                    Jdbc.execute(connection, sql);
                    if (Jdbc.one(connection, digest, it -> it.getString("digest"))
                            .equals(before)) {
                        unnoticed.add(sql);
                    }
                    Jdbc.execute(connection, sql);
                }
            }
            String after = Jdbc.one(connection, digest, row -> row.getString("digest"));
            assertThat(after).isEqualTo(before);
        }
        return unnoticed;
    }

    private static String digest(TestDatabase database, DigestMethod method) throws SQLException {
        QualifiedName name = QualifiedName.of("kinds", "t");
        TableData data = new TableData(name, columns(database), null, List.of());
        return settled(database, "SELECT digest FROM (" + DigestSql.ofRange(data, name, 0, 0, method) + ") x")
                .get(0);
    }

    @Test
    void a_table_may_have_as_many_columns_as_a_table_can_have(@Source TestDatabase source) throws SQLException {
        String columns = IntStream.range(0, 1599)
                .mapToObj(it -> "c" + it + " timestamptz")
                .collect(joining(", "));
        source.execute(
                "DROP SCHEMA IF EXISTS kinds CASCADE",
                "CREATE SCHEMA kinds",
                "CREATE TABLE kinds.t (n int8, " + columns + ")",
                "INSERT INTO kinds.t (n, c7, c1598) VALUES (1, '2024-01-01', '2024-01-02')");
        String before = digest(source, DigestMethod.RECORD_HASH);
        source.execute("UPDATE kinds.t SET c1598 = '2024-01-03'");

        assertThat(digest(source, DigestMethod.RECORD_HASH)).isNotEqualTo(before);
    }

    @Test
    void what_select_does_not_show_makes_no_difference(@Source TestDatabase source) throws SQLException {
        source.execute(
                "DROP SCHEMA IF EXISTS kinds CASCADE",
                "CREATE SCHEMA kinds",
                "CREATE TABLE kinds.t (f float8, r real, a int[], s text STORAGE EXTERNAL)",
                "INSERT INTO kinds.t VALUES ('NaN', 'NaN', '{1,2}', repeat('x', 9000))");
        String before = digest(source, DigestMethod.RECORD_HASH);
        // Another NaN, and an array that still has room for a null that it had.
        source.execute(
                "UPDATE kinds.t SET f = -f, r = -r, a = '{NULL,2}', s = repeat('x', 9000) || ''",
                "UPDATE kinds.t SET a[1] = 1");

        assertThat(source.value("SELECT float8send(f) = float8send('NaN') FROM kinds.t"))
                .isEqualTo("f");
        assertThat(source.value("SELECT array_send(a) = array_send('{1,2}'::int[]) FROM kinds.t"))
                .isEqualTo("f");
        assertThat(digest(source, DigestMethod.RECORD_HASH)).isEqualTo(before);
    }
}
