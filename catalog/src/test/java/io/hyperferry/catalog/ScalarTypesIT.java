package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which types have a binary form, and which of these one that can be digested. */
@ExtendWith(TimescaleExtension.class)
class ScalarTypesIT {
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

    private static final List<String> SCALAR = List.of(
            "boolean",
            "smallint",
            "integer",
            "bigint",
            "real",
            "double precision",
            "numeric(10,2)",
            "money",
            "text",
            "character varying(5)",
            "character(5)",
            "\"char\"",
            "name",
            "bytea",
            "date",
            "time",
            "timetz",
            "timestamp",
            "timestamptz",
            "interval",
            "uuid",
            "json",
            "jsonb",
            "inet",
            "cidr",
            "macaddr",
            "macaddr8",
            "bit(3)",
            "bit varying",
            "oid",
            "pg_lsn");

    private static final List<String> NOT_SCALAR = List.of(
            "xml",
            "jsonpath",
            "point",
            "box",
            "polygon",
            "circle",
            "tsvector",
            "tsquery",
            "regclass",
            "regtype",
            "xid",
            "xid8",
            "cid",
            "tid",
            "txid_snapshot",
            "aclitem",
            "oidvector",
            "int2vector",
            "hstore",
            "citext",
            "int4range",
            "tstzrange",
            "nummultirange",
            "int[]",
            "varchar[]",
            "point[]",
            "int4range[]",
            "kinds.mood",
            "kinds.mood[]",
            "kinds.pair",
            "kinds.pair[]",
            "kinds.drawn",
            "kinds.floats",
            "kinds.d_int",
            "kinds.d_d_text",
            "kinds.d_json",
            "kinds.d_array",
            "kinds.d_points",
            "kinds.d_range",
            "kinds.d_range[]",
            "kinds.d_multirange",
            "kinds.d_pair");

    /** What holds OIDs means something else on another server, and what has no binary form cannot be copied in it. */
    private static final List<String> NOT_BINARY = List.of("aclitem", "regclass", "regtype", "tsquery");

    @Test
    void tells_the_scalar_types_and_those_without_a_binary_form(@Source TestDatabase source) {
        List<String> types = Stream.of(SCALAR, NOT_SCALAR).flatMap(List::stream).toList();
        source.execute(PREPARE.toArray(String[]::new));
        source.execute(IntStream.range(0, types.size())
                .mapToObj(i -> "c" + i + " " + types.get(i))
                .collect(Collectors.joining(", ", "CREATE TABLE kinds.every (", ")")));

        List<Column> columns = Reading.table(source, "kinds.every").columns();

        assertThat(columns.stream().filter(Column::scalar).map(it -> types.get(number(it))))
                .containsExactlyElementsOf(SCALAR);
        assertThat(columns.stream().filter(it -> !it.binary()).map(it -> types.get(number(it))))
                .containsExactlyInAnyOrderElementsOf(NOT_BINARY);
    }

    private static int number(Column column) {
        return Integer.parseInt(column.name().substring(1));
    }
}
