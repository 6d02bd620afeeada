package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.hyperferry.catalog.AccessPaths.SearchIndex;
import io.hyperferry.catalog.AccessPaths.SearchKey;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** By what a table can be searched: operators of all kinds of types, and keys of indexes. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class AccessPathsIT {
    private static final QualifiedName READINGS = QualifiedName.of("paths", "readings");

    private static AccessPaths paths;

    @BeforeAll
    static void read(@Source TestDatabase source) throws SQLException {
        source.execute(
                "CREATE SCHEMA paths",
                "CREATE TYPE paths.mood AS ENUM ('bad', 'good')",
                "CREATE DOMAIN paths.code AS varchar(9)",
                "CREATE DOMAIN paths.temper AS paths.mood",
                "CREATE TYPE paths.pair AS (n numeric, mood paths.mood)",
                "CREATE TYPE paths.blind AS (n numeric, doc json)",
                "CREATE TABLE paths.readings (time timestamptz NOT NULL, name varchar(10), fixed char(3), bits bit(3), mood paths.mood,"
                        + " code paths.code, pair paths.pair, blind paths.blind, moods paths.mood[], docs json[], doc json,"
                        + " spot point, span int4range, id uuid, class regclass, \"X y\" int, temper paths.temper)",
                "SELECT create_hypertable('paths.readings', 'time', create_default_indexes => false)",
                "INSERT INTO paths.readings (time) VALUES ('2026-01-01')",
                "CREATE INDEX plain ON paths.readings (\"X y\", time)",
                "CREATE INDEX spots ON paths.readings USING gist (spot)",
                "CREATE INDEX small ON paths.readings (lower(name) COLLATE \"C\", mood) WHERE \"X y\" > 3");
        try (Connection connection = source.connect()) {
            Reading.execute(connection, "SET search_path = ''");
            paths = Objects.requireNonNull(
                    AccessPaths.read(connection, List.of(READINGS, QualifiedName.of("paths", "none")))
                            .get(READINGS));
        }
    }

    @Test
    void a_domain_of_an_enum_is_searched_as_the_enum() {
        assertThat(Objects.requireNonNull(paths.columns().get("temper")).expression())
                .isEqualTo("(temper)::paths.mood");
    }

    @Test
    void types_have_the_operators_of_their_default_classes_unless_a_part_has_none() {
        Map<String, String> operators = new LinkedHashMap<>();
        paths.columns()
                .forEach((name, key) -> operators.put(
                        name, key.type() + " " + key.equality() + (key.order() == null ? "" : " ordered")));
        String equals = " OPERATOR(pg_catalog.=)";
        assertThat(operators)
                .containsExactly(
                        entry("time", "timestamp with time zone" + equals + " ordered"),
                        entry("name", "character varying" + equals + " ordered"),
                        entry("fixed", "bpchar" + equals + " ordered"),
                        entry("bits", "\"bit\"" + equals + " ordered"),
                        entry("mood", "paths.mood" + equals + " ordered"),
                        entry("code", "character varying" + equals + " ordered"),
                        entry("pair", "paths.pair" + equals + " ordered"),
                        entry("blind", "paths.blind null"),
                        entry("moods", "paths.mood[]" + equals + " ordered"),
                        entry("docs", "json[] null"),
                        entry("doc", "json null"),
                        entry("spot", "point null"),
                        entry("span", "int4range" + equals + " ordered"),
                        entry("id", "uuid" + equals + " ordered"),
                        entry("class", "regclass" + equals + " ordered"),
                        entry("X y", "integer" + equals + " ordered"),
                        entry("temper", "paths.mood" + equals + " ordered"));
    }

    @Test
    void aggregates_give_least_and_greatest_value_where_the_server_has_them() {
        assertThat(paths.columns().get("time"))
                .isNotNull()
                .satisfies(key -> assertThat(key.order()).isNotNull().satisfies(order -> {
                    assertThat(order.least()).isEqualTo("pg_catalog.min");
                    assertThat(order.greatest()).isEqualTo("pg_catalog.max");
                    assertThat(order.atMost()).isEqualTo("OPERATOR(pg_catalog.<=)");
                }));
        assertThat(Objects.requireNonNull(paths.columns().get("mood")).order())
                .isNotNull()
                .satisfies(order -> assertThat(order.least()).isEqualTo("pg_catalog.min"));
        assertThat(Objects.requireNonNull(paths.columns().get("bits")).order())
                .isNotNull()
                .satisfies(order -> assertThat(order.least()).isNull());
    }

    @Test
    void indexes_have_their_keys_as_conditions_name_them() {
        assertThat(paths.indexes()).extracting(SearchIndex::name).containsExactly("plain", "small", "spots");
        assertThat(paths.indexes().get(0).keys())
                .extracting(SearchKey::expression)
                .containsExactly("\"X y\"", "\"time\"");
        assertThat(paths.indexes().get(0).columns()).containsExactly("X y", "time");
        SearchIndex small = paths.indexes().get(1);
        assertThat(small.keys())
                .extracting(SearchKey::expression)
                .containsExactly("lower((name)::text) COLLATE pg_catalog.\"C\"", "mood");
        assertThat(small.predicate()).isEqualTo("(\"X y\" > 3)");
        assertThat(paths.indexes().get(2).keys()).isEmpty();
        assertThat(paths.unusable()).isEmpty();
    }

    @Test
    void indexes_of_chunks_that_are_not_valid_are_unusable(@Source TestDatabase source) throws SQLException {
        source.superuser()
                .execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid::regclass::text LIKE '%chunk_spots'");
        try (Connection connection = source.connect()) {
            assertThat(Objects.requireNonNull(AccessPaths.read(connection, List.of(READINGS))
                                    .get(READINGS))
                            .unusable())
                    .singleElement()
                    .satisfies(index -> assertThat(index.name()).endsWith("chunk_spots"));
        }
    }
}
