package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The server is asked to hash a value of each type, and the catalog has to have known the answer. */
@ExtendWith(TimescaleExtension.class)
class HashableTypesIT {
    private static final List<String> PREPARE = List.of(
            "CREATE EXTENSION IF NOT EXISTS hstore",
            "CREATE EXTENSION IF NOT EXISTS citext",
            "CREATE SCHEMA kinds",
            "CREATE TYPE kinds.mood AS ENUM ('good', 'bad')",
            "CREATE TYPE kinds.pair AS (a int, b text)",
            "CREATE TYPE kinds.drawn AS (p point)",
            "CREATE TYPE kinds.floats AS RANGE (subtype = float8)",
            "CREATE DOMAIN kinds.d_int AS int CHECK (VALUE > 0)",
            "CREATE DOMAIN kinds.d_d_text AS text",
            "CREATE DOMAIN kinds.d_json AS json",
            "CREATE DOMAIN kinds.d_array AS int[]",
            "CREATE DOMAIN kinds.d_points AS point[]",
            "CREATE DOMAIN kinds.d_range AS int4range",
            "CREATE DOMAIN kinds.d_multirange AS int4multirange",
            "CREATE DOMAIN kinds.d_pair AS kinds.pair");

    /** A value for each type; the type's text form has to be accepted by it. */
    private static final Map<String, String> VALUES = new TreeMap<>(Map.ofEntries(
            Map.entry("boolean", "t"),
            Map.entry("smallint", "1"),
            Map.entry("integer", "1"),
            Map.entry("bigint", "1"),
            Map.entry("real", "1.5"),
            Map.entry("double precision", "1.5"),
            Map.entry("numeric(10,2)", "1.5"),
            Map.entry("money", "1.50"),
            Map.entry("text", "x"),
            Map.entry("character varying(5)", "x"),
            Map.entry("character(5)", "x"),
            Map.entry("\"char\"", "x"),
            Map.entry("name", "x"),
            Map.entry("bytea", "\\x01"),
            Map.entry("date", "2024-01-01"),
            Map.entry("time", "01:02"),
            Map.entry("timetz", "01:02+03"),
            Map.entry("timestamp", "2024-01-01"),
            Map.entry("timestamptz", "2024-01-01"),
            Map.entry("interval", "1 day"),
            Map.entry("uuid", "00000000-0000-0000-0000-000000000001"),
            Map.entry("json", "{}"),
            Map.entry("jsonb", "{}"),
            Map.entry("xml", "<a/>"),
            Map.entry("jsonpath", "$.a"),
            Map.entry("inet", "10.0.0.1"),
            Map.entry("cidr", "10.0.0.0/8"),
            Map.entry("macaddr", "00:00:00:00:00:01"),
            Map.entry("macaddr8", "00:00:00:00:00:00:00:01"),
            Map.entry("bit(3)", "101"),
            Map.entry("bit varying", "101"),
            Map.entry("point", "(1,2)"),
            Map.entry("box", "(1,2),(0,0)"),
            Map.entry("polygon", "((0,0),(1,1))"),
            Map.entry("circle", "<(0,0),1>"),
            Map.entry("tsvector", "a b"),
            Map.entry("tsquery", "a & b"),
            Map.entry("oid", "1"),
            Map.entry("regclass", "pg_class"),
            Map.entry("regtype", "integer"),
            Map.entry("xid", "1"),
            Map.entry("xid8", "1"),
            Map.entry("cid", "1"),
            Map.entry("tid", "(0,1)"),
            Map.entry("pg_lsn", "0/1"),
            Map.entry("txid_snapshot", "1:2:"),
            Map.entry("aclitem", "=r/postgres"),
            Map.entry("oidvector", "1 2"),
            Map.entry("int2vector", "1 2"),
            Map.entry("hstore", "a=>b"),
            Map.entry("citext", "x"),
            Map.entry("int4range", "[1,2)"),
            Map.entry("tstzrange", "[2024-01-01,2024-01-02)"),
            Map.entry("nummultirange", "{[1,2)}"),
            Map.entry("int[]", "{1,2}"),
            Map.entry("varchar[]", "{x}"),
            Map.entry("point[]", "{}"),
            Map.entry("int4range[]", "{}"),
            Map.entry("kinds.mood", "good"),
            Map.entry("kinds.mood[]", "{good}"),
            Map.entry("kinds.pair", "(1,x)"),
            Map.entry("kinds.pair[]", "{}"),
            Map.entry("kinds.drawn", "(\"(1,2)\")"),
            Map.entry("kinds.floats", "[1,2)"),
            Map.entry("kinds.d_int", "1"),
            Map.entry("kinds.d_d_text", "x"),
            Map.entry("kinds.d_json", "{}"),
            Map.entry("kinds.d_array", "{1}"),
            Map.entry("kinds.d_points", "{}"),
            Map.entry("kinds.d_range", "[1,2)"),
            Map.entry("kinds.d_range[]", "{}"),
            Map.entry("kinds.d_multirange", "{[1,2)}"),
            Map.entry("kinds.d_pair", "(1,x)")));

    /** What holds OIDs means something else on another server, and what has no binary form cannot be copied in it. */
    private static final List<String> NOT_BINARY = List.of("aclitem", "regclass", "regtype", "tsquery");

    /** Composites can be hashed when all their fields can; the catalog leaves them to their text, and so what holds OIDs. */
    private static final List<String> LEFT_TO_TEXT = List.of(
            "kinds.pair",
            "kinds.pair[]",
            "kinds.d_pair",
            "kinds.mood",
            "kinds.mood[]",
            "aclitem",
            "regclass",
            "regtype");

    @Test
    void a_type_is_hashable_exactly_when_the_server_hashes_it(@Source TestDatabase source) {
        source.execute(PREPARE.toArray(String[]::new));
        List<String> types = new ArrayList<>(VALUES.keySet());
        StringBuilder create = new StringBuilder("CREATE TABLE kinds.every (n int");
        for (int i = 0; i < types.size(); i++) {
            create.append(", c").append(i).append(' ').append(types.get(i));
        }
        source.execute(create + ")", "INSERT INTO kinds.every VALUES (1)");
        for (int i = 0; i < types.size(); i++) {
            source.execute("UPDATE kinds.every SET c" + i + " = $value$" + VALUES.get(types.get(i)) + "$value$");
        }
        List<Column> columns = Reading.table(source, "kinds.every").columns();

        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            String type = types.get(i);
            boolean hashes = hashes(source, "c" + i);
            boolean hashable = columns.get(i + 1).hashable();
            if (hashable != (hashes && !LEFT_TO_TEXT.contains(type))) {
                wrong.add(type + ": the server " + (hashes ? "hashes" : "does not hash") + " it, the catalog says "
                        + hashable);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(columns.stream().filter(it -> !it.binary()).map(Column::type))
                .containsExactlyInAnyOrderElementsOf(
                        NOT_BINARY.stream().filter(types::contains).toList())
                .contains("regclass", "aclitem");
        assertThat(columns).filteredOn(Column::hashable).hasSizeGreaterThan(40);
    }

    private static boolean hashes(TestDatabase source, String column) {
        try {
            return source.value("SELECT hash_record_extended(ROW(" + column + "), 0) FROM kinds.every") != null;
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("could not identify an extended hash function");
            return false;
        }
    }
}
