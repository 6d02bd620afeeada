package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.CatalogDiff.Kind;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Continuous aggregates that the same statements made on two servers, and what is told when one of them is changed. */
@RequiresCommunity
class AggregateDiffIT {
    private static final Set<Kind> KINDS = Set.of(Kind.VIEW, Kind.CONTINUOUS_AGGREGATE, Kind.CHUNK, Kind.COLUMNSTORE);

    @Test
    void the_same_statements_make_no_difference_and_each_change_makes_its_own(
            @Source TestDatabase source, @Target TestDatabase target) {
        // 2.19.3 rounds the window of a refresh as if buckets had neither origin nor offset, and ends with another
        // watermark than 2.29.2.
        Version version = version(source).equals(version(target)) ? version(source) : AggregateCases.WITHOUT_OFFSETS;
        AggregateCases.make(source, version);
        AggregateCases.make(target, version);
        DatabaseCatalog before = Reading.of(source);

        assertThat(differences(before, target)).isEmpty();

        List<String> found = new ArrayList<>();
        for (String change : List.of(
                "ALTER MATERIALIZED VIEW by_day SET (timescaledb.materialized_only = false)",
                "CREATE INDEX extra ON in_berlin (n)",
                "SELECT set_chunk_time_interval('by_month', INTERVAL '11 days')",
                "ALTER MATERIALIZED VIEW by_date RENAME COLUMN n TO m",
                "INSERT INTO raw_smallint VALUES (555, 1)",
                "SELECT compress_chunk(c) FROM show_chunks('z_hourly', newer_than => '2024-02-06Z'::timestamptz) c",
                "ALTER MATERIALIZED VIEW by_naive_hour SET (timescaledb.compress = true)",
                "DROP MATERIALIZED VIEW never",
                "SELECT drop_chunks('a_weekly', older_than => '2024-01-20Z'::timestamptz)")) {
            List<Difference> known = differences(before, target);
            target.execute(change);
            List<Difference> now = new ArrayList<>(differences(before, target));
            now.removeAll(known);
            now.forEach(
                    it -> found.add(it.kind() + " " + it.object() + (it.aspect().isEmpty() ? "" : ", ") + it.aspect()));
            assertThat(known).allMatch(differences(before, target)::contains, "stays");
        }
        assertThat(found)
                .containsExactly(
                        "CONTINUOUS_AGGREGATE continuous aggregate public.by_day, materialized only",
                        "CONTINUOUS_AGGREGATE continuous aggregate public.in_berlin, indexes",
                        "CONTINUOUS_AGGREGATE continuous aggregate public.by_month, chunk interval",
                        "CONTINUOUS_AGGREGATE continuous aggregate public.by_date, columns",
                        "CONTINUOUS_AGGREGATE continuous aggregate public.by_date, definition",
                        "CONTINUOUS_AGGREGATE continuous aggregate public.by_smallint, pending invalidations",
                        "COLUMNSTORE chunk of public.z_hourly hour [1707264000000000, 1708992000000000), compressed",
                        "COLUMNSTORE columnstore of public.by_naive_hour",
                        "VIEW view public.never",
                        "CHUNK chunk of public.a_weekly week [1703808000000000, 1705536000000000)");
    }

    private static Version version(TestDatabase database) {
        return Reading.of(database).timescale().orElseThrow().version();
    }

    private static List<Difference> differences(DatabaseCatalog source, TestDatabase target) {
        return CatalogDiff.between(source, Reading.of(target)).stream()
                .filter(it -> KINDS.contains(it.kind()))
                .toList();
    }
}
