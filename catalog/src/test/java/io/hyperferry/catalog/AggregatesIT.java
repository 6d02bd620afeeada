package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.catalog.AggregateCases.Case;
import io.hyperferry.catalog.ContinuousAggregate.Invalidation;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Continuous aggregates as they are read, beside what the server says of them. */
@RequiresCommunity
class AggregatesIT {
    private static DatabaseCatalog catalog;
    private static Version version;
    private static String functions;

    @BeforeAll
    static void make(@Source TestDatabase source) {
        version = Reading.of(source).timescale().orElseThrow().version();
        AggregateCases.make(source, version);
        catalog = Reading.of(source);
        functions = source.count("SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                                + " WHERE n.nspname = '_timescaledb_functions' AND p.proname = 'cagg_watermark'")
                        > 0
                ? "_timescaledb_functions"
                : "_timescaledb_internal";
    }

    @Test
    void all_are_read_and_what_one_reads_comes_before_it() {
        List<String> names =
                catalog.aggregates().stream().map(it -> it.name().name()).toList();
        List<String> expected = new ArrayList<>(List.of("z_hourly", "m_daily", "a_weekly", "Vïew \"q", "never"));
        AggregateCases.cases(version).forEach(it -> expected.add(it.view()));

        assertThat(names).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(names).containsSubsequence("z_hourly", "m_daily", "a_weekly");
        assertThat(aggregate("z_hourly").source()).isEqualTo(Reading.name("raw_timestamptz"));
        assertThat(aggregate("m_daily").source()).isEqualTo(Reading.name("z_hourly"));
        assertThat(aggregate("a_weekly").source()).isEqualTo(Reading.name("m_daily"));
        assertThat(catalog.aggregates()).allMatch(it -> it.finalized() && !it.experimental());
    }

    @Test
    void definition_owner_and_mode_are_what_the_server_says(@Source TestDatabase source) throws SQLException {
        try (Connection connection = source.connect()) {
            Reading.execute(connection, "SET search_path = ''");
            for (ContinuousAggregate aggregate : catalog.aggregates()) {
                String where = " FROM timescaledb_information.continuous_aggregates WHERE view_schema = '"
                        + aggregate.name().schema() + "' AND view_name = '"
                        + aggregate.name().name() + "'";
                assertThat(Reading.value(connection, "SELECT view_definition" + where)
                                .strip())
                        .as("%s", aggregate.name())
                        .isEqualTo(aggregate.definition() + ";");
                assertThat(Reading.value(connection, "SELECT view_owner || ' ' || materialized_only" + where))
                        .isEqualTo(aggregate.owner() + " " + aggregate.materializedOnly());
                assertThat(Reading.value(
                                connection,
                                "SELECT materialization_hypertable_schema || '.' || materialization_hypertable_name"
                                        + where))
                        .isEqualTo(aggregate.storage().name().schema() + "."
                                + aggregate.storage().name().name());
            }
        }
    }

    @Test
    void the_watermark_is_what_the_server_says_and_none_before_the_first_refresh(@Source TestDatabase source) {
        for (ContinuousAggregate aggregate : catalog.aggregates()) {
            String said = source.value("SELECT " + functions + ".cagg_watermark(mat_hypertable_id)"
                    + " FROM _timescaledb_catalog.continuous_agg WHERE user_view_name = '"
                    + aggregate.name().name() + "'");
            if (aggregate.name().name().equals("never")) {
                assertThat(aggregate.state().watermark()).isNull();
                assertThat(aggregate.state().invalid())
                        .containsExactly(new Invalidation(Long.MIN_VALUE, Long.MAX_VALUE));
            } else {
                assertThat(aggregate.state().watermark())
                        .as("%s", aggregate.name())
                        .isEqualTo(Long.parseLong(Objects.requireNonNull(said)));
            }
        }
    }

    @Test
    void widths_and_ends_of_ranges_are_whole_buckets_by_the_servers_own_function(@Source TestDatabase source) {
        for (Case one : AggregateCases.cases(version)) {
            ContinuousAggregate aggregate = aggregate(one.view());
            assertThat(aggregate.bucketWidth()).as(one.view()).isEqualTo(one.width());
            List<Long> starts = new ArrayList<>();
            aggregate.state().invalid().forEach(it -> starts.addAll(List.of(it.lowest(), it.greatest() + 1)));
            aggregate.state().covered().forEach(it -> starts.addAll(List.of(it.lowest(), it.greatest() + 1)));
            starts.removeIf(it -> it == Long.MIN_VALUE);
            assertThat(starts).as(one.view()).hasSizeGreaterThanOrEqualTo(5);
            for (long start : starts) {
                assertThat(bucket(source, one, Long.toString(start)))
                        .as(one.view())
                        .isEqualTo(start);
            }
        }
    }

    @Test
    void late_rows_and_what_was_not_refreshed_are_invalid(@Source TestDatabase source) {
        for (Case one : AggregateCases.cases(version)) {
            ContinuousAggregate.State state = aggregate(one.view()).state();
            long late = one.integer()
                    ? 333
                    : source.count(
                            "SELECT " + functions + ".time_to_internal('2024-01-20 12:10Z'::" + one.type() + ")");
            long end = one.integer()
                    ? 999
                    : source.count("SELECT " + functions + ".time_to_internal('2024-03-02Z'::" + one.type() + ")");

            assertThat(state.invalid())
                    .as(one.view())
                    .anyMatch(it -> it.lowest() <= late && late <= it.greatest())
                    .anyMatch(it -> it.lowest() <= end && it.greatest() == Long.MAX_VALUE)
                    .noneMatch(it -> it.lowest() == Long.MIN_VALUE);
            assertThat(bucket(source, one, Long.toString(late)))
                    .as("begins a range unless it touches another: " + one.view())
                    .matches(start ->
                            state.invalid().stream().anyMatch(it -> it.lowest() <= start && start <= it.greatest()));
        }
    }

    @Test
    void covered_begins_with_the_first_bucket_that_the_first_chunk_holds_wholly(@Source TestDatabase source) {
        for (Case one : AggregateCases.cases(version)) {
            ContinuousAggregate aggregate = aggregate(one.view());
            long chunk = catalog.hypertable(aggregate.source())
                    .orElseThrow()
                    .chunks()
                    .get(0)
                    .ranges()
                    .get(0)
                    .from();
            long start = aggregate.state().covered().get(0).lowest();
            long bucket = bucket(source, one, Long.toString(chunk));

            assertThat(start).as(one.view()).isGreaterThanOrEqualTo(chunk);
            if (bucket == chunk) {
                assertThat(start).as(one.view()).isEqualTo(chunk);
            } else {
                assertThat(bucket(source, one, Long.toString(start - 1)))
                        .as(one.view())
                        .isEqualTo(bucket);
            }
        }
        assertThat(aggregate("by_int").state().covered().get(0).lowest())
                .as("the first multiple of 7 in the first chunk, which begins at 200")
                .isEqualTo(203);
    }

    @Test
    void names_columns_and_indexes_are_the_users_however_odd() {
        ContinuousAggregate odd = aggregate("Ödd \"s", "Vïew \"q");

        assertThat(odd.materializedOnly()).isFalse();
        assertThat(odd.columns())
                .extracting(it -> it.name() + " " + it.type())
                .containsExactly("Tag ü timestamp with time zone", "dev integer", "Sum \"x bigint");
        String on = " ON " + AggregateCases.ODD_VIEW + " USING btree ";
        assertThat(odd.indexes())
                .extracting(Index::definition)
                .containsExactlyInAnyOrder(
                        "CREATE INDEX \"Índex \"\"i\"" + on + "(\"Sum \"\"x\" DESC, \"Tag ü\")",
                        "CREATE INDEX" + on + "(dev)",
                        "CREATE INDEX" + on + "(dev, \"Tag ü\" DESC)",
                        "CREATE INDEX" + on + "(\"Tag ü\" DESC)");
    }

    @Test
    void the_storage_has_the_columnstore_and_the_chunks() {
        Hypertable storage = aggregate("z_hourly").storage();

        assertThat(storage.columnstore()).isNotNull();
        assertThat(storage.chunks()).extracting(Chunk::isCompressed).contains(true, false);
        assertThat(storage.time().interval()).as("ten times the source's").isEqualTo(20 * 86_400_000_000L);
        assertThat(aggregate("never").storage().chunks()).isEmpty();
    }

    /** Where the bucket of a moment in the internal unit begins. */
    private static long bucket(TestDatabase source, Case one, String moment) {
        String typed = switch (one.type()) {
            case "timestamptz" -> functions + ".to_timestamp(" + moment + ")";
            case "timestamp" -> functions + ".to_timestamp_without_timezone(" + moment + ")";
            case "date" -> functions + ".to_date(" + moment + ")";
            default -> "'" + moment + "'::" + one.type();
        };
        return source.count("SELECT " + functions + ".time_to_internal(" + one.of(typed) + ")");
    }

    private static ContinuousAggregate aggregate(String name) {
        return aggregate("public", name);
    }

    private static ContinuousAggregate aggregate(String schema, String name) {
        return catalog.aggregate(QualifiedName.of(schema, name)).orElseThrow();
    }
}
