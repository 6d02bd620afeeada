package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.catalog.Dimension.HashDimension;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.testkit.RequiresTimescale;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(TimescaleExtension.class)
class HypertablesIT {
    private static final long DAY = 86_400_000_000L;

    @ParameterizedTest
    @CsvSource({
        "timestamp with time zone, INTERVAL '1 day', 86400000000, 2024-02-29 23:59:59.999999+00, 1709164800000000",
        "timestamp with time zone, INTERVAL '1 day', 86400000000, 1969-12-31 00:00:00+00, -86400000000",
        "timestamp without time zone, INTERVAL '1 hour', 3600000000, 2024-02-29 23:00:00, 1709247600000000",
        "date, INTERVAL '1 day', 86400000000, 2024-02-29, 1709164800000000",
        "smallint, 10, 10, 25, 20",
        "integer, 1000, 1000, -1, -1000",
        "bigint, 1000000, 1000000, 9000000000000000000, 9000000000000000000"
    })
    void the_bounds_of_a_chunk_are_those_that_its_row_implies(
            String type, String interval, long length, String value, long from, @Source TestDatabase source) {
        source.execute(
                "DROP TABLE IF EXISTS typed",
                "CREATE TABLE typed (at " + type + " NOT NULL)",
                "SELECT create_hypertable('typed', 'at', chunk_time_interval => " + interval + ")",
                "INSERT INTO typed VALUES ('" + value + "')");

        Hypertable hypertable = Reading.hypertable(source, "typed");

        assertThat(hypertable.dimensions()).containsExactly(TimeDimension.of("at", type, length));
        assertThat(hypertable.chunks())
                .singleElement()
                .extracting(Chunk::ranges)
                .isEqualTo(List.of(new DimensionRange("at", from, from + length)));
    }

    @Test
    void a_row_at_infinity_makes_a_chunk_without_an_end_and_chunks_come_in_the_order_of_time(
            @Source TestDatabase source) {
        source.execute(
                "CREATE TABLE endless (at timestamptz NOT NULL)",
                "SELECT create_hypertable('endless', 'at', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO endless VALUES ('infinity')",
                "INSERT INTO endless VALUES ('2024-01-02 00:00+00')",
                "INSERT INTO endless VALUES ('2024-01-01 00:00+00')");
        long newYear = 1_704_067_200_000_000L;

        List<DimensionRange> ranges = Reading.hypertable(source, "endless").chunks().stream()
                .map(it -> it.ranges().get(0))
                .toList();

        assertThat(ranges).hasSize(3);
        assertThat(ranges.subList(0, 2))
                .containsExactly(
                        new DimensionRange("at", newYear, newYear + DAY),
                        new DimensionRange("at", newYear + DAY, newYear + 2 * DAY));
        assertThat(ranges.get(2).to()).isEqualTo(DimensionRange.UNBOUNDED_TO);
    }

    @Test
    void a_chunk_at_the_least_value_of_its_type_has_no_start(@Source TestDatabase source) {
        source.execute(
                "CREATE TABLE lowest (n bigint NOT NULL)",
                "SELECT create_hypertable('lowest', 'n', chunk_time_interval => 10)",
                "INSERT INTO lowest VALUES (-9223372036854775808), (9223372036854775807)");

        List<Chunk> chunks = Reading.hypertable(source, "lowest").chunks();

        assertThat(chunks.get(0).ranges().get(0).from()).isEqualTo(DimensionRange.UNBOUNDED_FROM);
        assertThat(chunks.get(1).ranges().get(0).to()).isEqualTo(DimensionRange.UNBOUNDED_TO);
    }

    @Test
    void every_chunk_of_a_table_with_a_hash_dimension_has_a_range_in_both(@Source TestDatabase source) {
        source.execute(
                "CREATE TABLE hashed (at timestamptz NOT NULL, device int NOT NULL)",
                "SELECT create_hypertable('hashed', 'at', chunk_time_interval => INTERVAL '1 day')",
                "SELECT add_dimension('hashed', 'device', number_partitions => 3)",
                "INSERT INTO hashed SELECT '2024-01-01 00:00+00', i FROM generate_series(1, 100) i");

        Hypertable hypertable = Reading.hypertable(source, "hashed");

        assertThat(hypertable.dimensions())
                .containsExactly(
                        TimeDimension.of("at", "timestamp with time zone", DAY),
                        new HashDimension("device", "integer", 3, null));
        List<DimensionRange> hashes =
                hypertable.chunks().stream().map(it -> it.ranges().get(1)).toList();
        assertThat(hashes).hasSize(3).extracting(DimensionRange::column).containsOnly("device");
        assertThat(hashes.get(0).from()).isEqualTo(DimensionRange.UNBOUNDED_FROM);
        assertThat(hashes.get(0).to()).isEqualTo(hashes.get(1).from());
        assertThat(hashes.get(1).to()).isEqualTo(hashes.get(2).from());
        assertThat(hashes.get(2).to()).isEqualTo(DimensionRange.UNBOUNDED_TO);
    }

    @Test
    void a_second_range_and_functions_of_the_users_are_part_of_the_dimensions(@Source TestDatabase source) {
        source.execute(
                "CREATE SCHEMA fn",
                "CREATE FUNCTION fn.at(jsonb) RETURNS timestamptz LANGUAGE sql IMMUTABLE"
                        + " AS $$ SELECT to_timestamp(($1 ->> 'at')::float8) $$",
                "CREATE FUNCTION fn.hash(anyelement) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 7'",
                "CREATE FUNCTION fn.now() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 100::bigint'",
                "CREATE TABLE fn.by_function (payload jsonb NOT NULL, device int)",
                "SELECT create_hypertable('fn.by_function', 'payload', time_partitioning_func => 'fn.at',"
                        + " chunk_time_interval => INTERVAL '1 day')",
                "SELECT add_dimension('fn.by_function', 'device', number_partitions => 2,"
                        + " partitioning_func => 'fn.hash')",
                "INSERT INTO fn.by_function VALUES ('{\"at\": 0}', 1)",
                "CREATE TABLE fn.two (n bigint NOT NULL, v int NOT NULL)",
                "SELECT create_hypertable('fn.two', 'n', chunk_time_interval => 10)",
                "SELECT add_dimension('fn.two', 'v', chunk_time_interval => 100)",
                "SELECT set_integer_now_func('fn.two', 'fn.now')",
                "INSERT INTO fn.two VALUES (5, 250)");

        Hypertable byFunction = Reading.hypertable(source, "fn.by_function");
        assertThat(byFunction.dimensions())
                .containsExactly(
                        new TimeDimension("payload", "jsonb", DAY, Reading.name("fn.at"), null),
                        new HashDimension("device", "integer", 2, Reading.name("fn.hash")));
        assertThat(byFunction.chunks().get(0).ranges().get(0)).isEqualTo(new DimensionRange("payload", 0, DAY));

        Hypertable two = Reading.hypertable(source, "fn.two");
        assertThat(two.dimensions())
                .containsExactly(
                        new TimeDimension("n", "bigint", 10, null, Reading.name("fn.now")),
                        TimeDimension.of("v", "integer", 100));
        assertThat(two.chunks().get(0).ranges())
                .containsExactly(new DimensionRange("n", 0, 10), new DimensionRange("v", 200, 300));
    }

    @Test
    void chunks_in_a_users_schema_are_storage_and_not_tables(@Source TestDatabase source) {
        source.execute(
                "CREATE SCHEMA app",
                "CREATE TABLE app.kept (at timestamptz NOT NULL, v int CHECK (v > 0), PRIMARY KEY (at, v))",
                "SELECT create_hypertable('app.kept', 'at', associated_schema_name => 'app',"
                        + " associated_table_prefix => 'part')",
                "INSERT INTO app.kept VALUES ('2024-01-01', 1), ('2024-03-01', 2)");

        DatabaseCatalog catalog = Reading.of(source);

        Hypertable hypertable = catalog.hypertable(Reading.name("app.kept")).orElseThrow();
        assertThat(hypertable.associatedSchema()).isEqualTo("app");
        assertThat(hypertable.associatedPrefix()).isEqualTo("part");
        assertThat(catalog.storageRelations())
                .extracting(StorageRelation::name, StorageRelation::oid)
                .containsExactlyElementsOf(hypertable.chunks().stream()
                        .map(it -> tuple(it.name(), it.oid()))
                        .toList())
                .hasSize(2);
        assertThat(catalog.tables()).extracting(Table::name).contains(hypertable.name());
        assertThat(catalog.tables().stream().filter(it -> it.name().schema().equals("app")))
                .hasSize(1);
        assertThat(catalog.constraints().stream()
                        .filter(it -> it.table().schema().equals("app")))
                .extracting(Constraint::table)
                .containsOnly(hypertable.name());
        assertThat(catalog.indexes().stream().filter(it -> it.table().schema().equals("app")))
                .extracting(Index::table)
                .containsOnly(hypertable.name());
    }

    @Test
    void a_hypertable_is_one_table_with_the_defaults_of_timescaledb_and_the_rows_of_its_chunks(
            @Source TestDatabase source) {
        source.execute(
                "CREATE TABLE plain_ht (at timestamptz NOT NULL, v int)",
                "SELECT create_hypertable('plain_ht', 'at')",
                "INSERT INTO plain_ht SELECT '2024-01-01'::timestamptz + i * INTERVAL '1 hour', i"
                        + " FROM generate_series(1, 1000) i",
                "ANALYZE plain_ht");

        DatabaseCatalog catalog = Reading.of(source);

        Hypertable hypertable = catalog.hypertable(Reading.name("plain_ht")).orElseThrow();
        Table table = catalog.table(Reading.name("plain_ht")).orElseThrow();
        assertThat(hypertable.associatedSchema()).isEqualTo(Hypertable.DEFAULT_ASSOCIATED_SCHEMA);
        assertThat(hypertable.associatedPrefix()).isNull();
        assertThat(hypertable.columnstore()).isNull();
        assertThat(table.kind()).isEqualTo(Table.Kind.HYPERTABLE);
        assertThat(table.estimatedRows()).isEqualTo(1000);
        assertThat(table.bytes())
                .isEqualTo(hypertable.chunks().stream().mapToLong(Chunk::bytes).sum())
                .isPositive();
        assertThat(hypertable.chunks()).extracting(Chunk::status).containsOnly(0);
        assertThat(catalog.storageRelations())
                .extracting(it -> it.name().schema())
                .doesNotContain("_timescaledb_internal");
    }

    @Test
    void a_dropped_chunk_is_not_read(@Source TestDatabase source) {
        source.execute(
                "CREATE TABLE shrinking (at timestamptz NOT NULL)",
                "SELECT create_hypertable('shrinking', 'at')",
                "INSERT INTO shrinking VALUES ('2020-01-01'), ('2024-01-01')",
                "SELECT drop_chunks('shrinking', older_than => '2022-01-01'::timestamptz)");

        assertThat(Reading.hypertable(source, "shrinking").chunks()).hasSize(1);
    }

    @Test
    @RequiresTimescale("2.16+")
    void a_foreign_key_to_a_hypertable_is_one_constraint_and_not_one_for_each_chunk(@Source TestDatabase source) {
        source.execute(
                "CREATE TABLE pointed_at (at timestamptz NOT NULL, id int, PRIMARY KEY (at, id))",
                "SELECT create_hypertable('pointed_at', 'at')",
                "INSERT INTO pointed_at VALUES ('2024-01-01', 1), ('2024-03-01', 1)",
                "CREATE TABLE pointing (at timestamptz, id int, FOREIGN KEY (at, id) REFERENCES pointed_at)");

        assertThat(Reading.of(source).constraints().stream()
                        .filter(it -> it.table().name().equals("pointing")))
                .extracting(Constraint::references)
                .containsExactly(Reading.name("pointed_at"));
    }
}
