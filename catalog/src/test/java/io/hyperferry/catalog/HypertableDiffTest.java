package io.hyperferry.catalog;

import static io.hyperferry.catalog.DiffCatalogs.RANGE;
import static io.hyperferry.catalog.DiffCatalogs.READINGS;
import static io.hyperferry.catalog.DiffCatalogs.TIME;
import static io.hyperferry.catalog.DiffCatalogs.chunk;
import static io.hyperferry.catalog.DiffCatalogs.differences;
import static io.hyperferry.catalog.DiffCatalogs.hypertable;
import static io.hyperferry.catalog.DiffCatalogs.hypertables;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.CatalogDiff.Kind;
import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.ColumnstoreSettings.SparseIndex;
import io.hyperferry.catalog.Dimension.HashDimension;
import io.hyperferry.catalog.Dimension.TimeDimension;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of hypertables is compared: dimensions, chunks and the columnstore. */
class HypertableDiffTest {
    @Test
    void another_interval_or_one_more_dimension_or_another_chunk_storage_is_found() {
        Chunk chunk = chunk("c", 1, RANGE, 0);
        assertThat(differences(
                        hypertables(hypertable(List.of(TimeDimension.of("at", TIME.columnType(), 2_000)), chunk))))
                .extracting(Difference::kind, Difference::object)
                .containsExactly(tuple(Kind.HYPERTABLE, "dimension public.readings.at"));
        assertThat(differences(
                        hypertables(hypertable(List.of(TIME, new HashDimension("device", "integer", 4, null)), chunk))))
                .extracting(Difference::object)
                .containsExactly("dimension public.readings.device");
        assertThat(differences(hypertables(new Hypertable(
                        READINGS, List.of(TIME), List.of(chunk), "app", "p", List.of(), List.of(), null, null, false))))
                .containsExactly(new Difference(
                        Kind.HYPERTABLE,
                        "chunk storage of public.readings",
                        "",
                        "_timescaledb_internal, prefix default",
                        "app, prefix p"));
    }

    @Test
    void other_bounds_of_a_chunk_are_found_as_one_too_few_and_one_too_many() {
        assertThat(differences(
                        hypertables(hypertable(List.of(TIME), chunk("c", 1, new DimensionRange("at", 0, 2_000), 0)))))
                .containsExactly(
                        new Difference(Kind.CHUNK, "chunk of public.readings at [0, 1000)", "", "present", "(missing)"),
                        new Difference(
                                Kind.CHUNK, "chunk of public.readings at [0, 2000)", "", "(missing)", "present"));
    }

    @Test
    void tablespaces_skipping_columns_and_adaptive_chunking_are_compared() {
        Hypertable other = new Hypertable(
                READINGS,
                List.of(TIME),
                List.of(chunk("c", 1, RANGE, 0)),
                Hypertable.DEFAULT_ASSOCIATED_SCHEMA,
                null,
                List.of("fast"),
                List.of("device"),
                null,
                new Hypertable.AdaptiveChunking(QualifiedName.of("_timescaledb_functions", "f"), 9),
                false);

        assertThat(differences(hypertables(other)))
                .extracting(Difference::kind, Difference::object, Difference::aspect, Difference::target)
                .containsExactly(
                        tuple(Kind.HYPERTABLE, "hypertable public.readings", "adaptive chunking", "9 bytes by f"),
                        tuple(Kind.HYPERTABLE, "hypertable public.readings", "skipping columns", "device"),
                        tuple(Kind.HYPERTABLE, "hypertable public.readings", "tablespaces", "fast"));
    }

    @Test
    void settings_of_the_columnstore_are_compared_except_what_either_server_decides() {
        ColumnstoreSettings chosen = ColumnstoreSettings.of(List.of("device"), List.of(new Order("at", true, false)));
        DatabaseCatalog source = hypertables(hypertable(List.of(TIME)).withColumnstore(chosen));

        assertThat(CatalogDiff.between(
                        source, hypertables(hypertable(List.of(TIME)).withColumnstore(ColumnstoreSettings.AUTOMATIC))))
                .isEmpty();
        assertThat(CatalogDiff.between(source, hypertables(hypertable(List.of(TIME)))))
                .extracting(Difference::toString)
                .containsExactly("columnstore of public.readings: source enabled, target (missing)");
        ColumnstoreSettings other = new ColumnstoreSettings(
                List.of(),
                List.of(new Order("at", false, false)),
                7L,
                List.of(new SparseIndex("bloom", List.of("a", "b"))),
                true);
        assertThat(CatalogDiff.between(
                        source, hypertables(hypertable(List.of(TIME)).withColumnstore(other))))
                .extracting(Difference::aspect, Difference::source, Difference::target)
                .containsExactly(
                        tuple("chunk interval", "(none)", "7"),
                        tuple("direct compress", "(none)", "on"),
                        tuple("indexes", "(none)", "bloom(a, b)"),
                        tuple("order by", "at desc nulls last", "at nulls last"),
                        tuple("segment by", "device", "(none)"));
    }

    @Test
    void chunks_that_are_compressed_frozen_or_laid_out_otherwise_are_found() {
        Hypertable plain = hypertable(List.of(TIME), chunk("c", 1, RANGE, 0));
        Hypertable compressed = hypertable(List.of(TIME), chunk("c", 1, RANGE, 1 | 4));
        assertThat(CatalogDiff.between(hypertables(plain), hypertables(compressed)))
                .extracting(Difference::kind, Difference::object, Difference::aspect, Difference::target)
                .containsExactly(
                        tuple(Kind.COLUMNSTORE, "chunk of public.readings at [0, 1000)", "compressed", "yes"),
                        tuple(Kind.COLUMNSTORE, "chunk of public.readings at [0, 1000)", "frozen", "yes"));

        ColumnstoreSettings chosen = ColumnstoreSettings.of(List.of("device"), List.of());
        assertThat(CatalogDiff.between(laidOut(chosen, "device"), laidOut(chosen, "other")))
                .extracting(Difference::object, Difference::aspect)
                .containsExactly(tuple("chunk of public.readings at [0, 1000)", "segment by"));
        assertThat(CatalogDiff.between(
                        laidOut(ColumnstoreSettings.AUTOMATIC, "device"),
                        laidOut(ColumnstoreSettings.AUTOMATIC, "other")))
                .as("the server decided by the rows")
                .isEmpty();
    }

    private static DatabaseCatalog laidOut(ColumnstoreSettings hypertable, String segment) {
        Chunk chunk = new Chunk(
                READINGS,
                1,
                List.of(RANGE),
                1,
                0,
                0,
                0,
                ColumnstoreSettings.of(List.of(segment), List.of()),
                false,
                null);
        return hypertables(hypertable(List.of(TIME), chunk).withColumnstore(hypertable));
    }
}
