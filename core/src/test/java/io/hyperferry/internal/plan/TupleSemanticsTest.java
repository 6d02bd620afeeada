package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.Collation;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.ColumnSemantics;
import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.ColumnstoreSettings.SparseIndex;
import io.hyperferry.catalog.CompressedRelation.Layout;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Dimension.HashDimension;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.ValueSemantics;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which compressed tuples mean the same on a target, without a database. */
class TupleSemanticsTest {
    private static final QualifiedName TABLE = QualifiedName.of("public", "readings");
    private static final Collation C = new Collation("C", "libc", "C", "", true, null);
    private static final Collation ENGLISH = new Collation("default", "libc", "en_US.utf8", "", true, "2.36");
    private static final Collation BLIND =
            new Collation("public.blind", "icu", "und-u-ks-level2", "", false, "153.120");
    private static final ColumnSemantics ENUM = semantics(List.of("public.st"), List.of(), List.of());

    @Test
    void a_column_that_depends_on_nothing_keeps_its_tuples() {
        assertThat(against(null, ENGLISH, "_ts_meta_v2_bloom1_v", "_ts_meta_v2_min_v"))
                .isNull();
    }

    @Test
    void hashes_of_an_enum_differ_and_its_order_does_not() {
        assertThat(against(ENUM, ENGLISH, "_ts_meta_v2_bloom1_v"))
                .isEqualTo(
                        "the bloom filter of column v hashes values of the enum public.st, whose OIDs differ on the target");
        assertThat(against(ENUM, ENGLISH, "_ts_meta_v2_min_v", "_ts_meta_v2_max_v"))
                .isNull();
        assertThat(orderedBy(ENUM, ENGLISH)).isNull();
    }

    @Test
    void own_types_are_trusted_in_no_metadata() {
        ColumnSemantics own = semantics(List.of(), List.of("public.citext"), List.of());

        assertThat(against(own, ENGLISH, "_ts_meta_v2_bloom1_v"))
                .startsWith("the bloom filter of column v hashes values of the type public.citext, whose functions");
        assertThat(against(own, ENGLISH, "_ts_meta_v2_min_v")).startsWith("the minimum and maximum of column v order");
        assertThat(orderedBy(own, ENGLISH)).startsWith("the orderby column v orders values of the type");
        assertThat(against(own, ENGLISH)).isNull();
    }

    @Test
    void an_order_follows_a_collation_whose_provider_locale_and_version_are_equal_and_known() {
        ColumnSemantics text = semantics(List.of(), List.of(), List.of(ENGLISH));
        Collation newer = new Collation("default", "libc", "en_US.utf8", "", true, "2.41");
        Collation musl = new Collation("default", "libc", "en_US.utf8", "", true, null);
        Collation spelled = new Collation("default", "libc", "en_US.UTF-8", "", true, "2.36");

        assertThat(against(text, ENGLISH, "_ts_meta_v2_min_v")).isNull();
        assertThat(against(text, spelled, "_ts_meta_v2_min_v")).isNull();
        assertThat(against(text, newer, "_ts_meta_v2_min_v"))
                .isEqualTo("the minimum and maximum of column v follow the collation libc en_US.utf8 version 2.36,"
                        + " on the target libc en_US.utf8 version 2.41");
        assertThat(orderedBy(text, musl))
                .isEqualTo("the orderby column v follows the collation libc en_US.utf8 version 2.36,"
                        + " on the target libc en_US.utf8 of an unknown version");
        assertThat(orderedBy(semantics(List.of(), List.of(), List.of(musl)), musl))
                .contains("of an unknown version");
        assertThat(against(text, newer, "_ts_meta_v2_bloom1_v"))
                .as("a hash is of the bytes")
                .isNull();
    }

    @Test
    void code_points_have_one_order_whatever_names_it() {
        Collation utf8 = new Collation("default", "builtin", "C.UTF-8", "", true, "1");
        Collation libc = new Collation("default", "libc", "C.utf8", "", true, null);

        assertThat(orderedBy(semantics(List.of(), List.of(), List.of(C)), ENGLISH))
                .isNull();
        assertThat(orderedBy(semantics(List.of(), List.of(), List.of(libc)), utf8))
                .isNull();
    }

    @Test
    void a_nondeterministic_collation_is_in_hashes_and_segments_too() {
        ColumnSemantics blind = semantics(List.of(), List.of(), List.of(BLIND));

        assertThat(segmentedBy(blind, Map.of("icu und", "153.120"))).isNull();
        assertThat(segmentedBy(blind, Map.of("icu und", "153.128")))
                .isEqualTo("the segmentby column v follows the collation icu und-u-ks-level2 version 153.120,"
                        + " on the target icu und-u-ks-level2 version 153.128");
        assertThat(against(blind, ENGLISH, "_ts_meta_v2_bloom1_v")).startsWith("the bloom filter of column v follows");
    }

    @Test
    void text_is_hashed_in_the_encoding_of_the_database() {
        ColumnSemantics text = semantics(List.of(), List.of(), List.of(C));
        DatabaseCatalog latin = catalog(TestCatalogs.server("latin"), "LATIN1", text, C, Map.of());
        DatabaseCatalog utf8 = catalog(TestCatalogs.server("utf8"), "UTF8", text, C, Map.of());

        assertThat(TupleSemantics.between(latin, utf8)
                        .reasonAgainst(TABLE, layout("v", "_ts_meta_v2_bloom1_v"), ColumnstoreSettings.AUTOMATIC))
                .isEqualTo("the bloom filter of column v hashes text in the encoding LATIN1, on the target UTF8");
    }

    @Test
    void metadata_of_several_columns_counts_for_each_and_unknown_metadata_for_all() {
        String composite = TupleSemantics.abbreviated("bloom1", List.of("n", "v"));
        String withoutEnum = TupleSemantics.abbreviated("bloom1", List.of("n", "time"));
        String longName = "a_name_of_a_column_that_is_far_longer_than_others";
        ColumnstoreSettings indexed = new ColumnstoreSettings(
                List.of(),
                List.of(new Order("time", false, false)),
                null,
                List.of(new SparseIndex("bloom", List.of("n", "v")), new SparseIndex("bloom", List.of("n", "time"))),
                false);

        assertThat(TupleSemantics.abbreviated("bloom1", List.of("a", "b"))).isEqualTo("_ts_meta_v2_bloom1_7035_a_b");
        assertThat(reason(ENUM, ENGLISH, Map.of(), layout("n", "v", "time", composite), indexed))
                .startsWith("the bloom filter of column v");
        assertThat(reason(ENUM, ENGLISH, Map.of(), layout("n", "v", "time", withoutEnum), indexed))
                .isNull();
        assertThat(reason(
                        ENUM, ENGLISH, Map.of(), layout("n", "v", "time", withoutEnum), ColumnstoreSettings.AUTOMATIC))
                .as("an index that the server chose")
                .isNull();
        assertThat(reason(ENUM, ENGLISH, Map.of(), layout("n", "v", "time", composite), ColumnstoreSettings.AUTOMATIC))
                .startsWith("the bloom filter of column v");
        assertThat(reason(ENUM, ENGLISH, Map.of(), layout("n", "v", "_ts_meta_v2_bloom1_aaaa_n_v"), indexed))
                .startsWith("the metadata _ts_meta_v2_bloom1_aaaa_n_v, which may be of column v, hashes");
        assertThat(reason(
                        ENUM,
                        ENGLISH,
                        Map.of(),
                        layout("v", longName, TupleSemantics.abbreviated("bloom1", List.of(longName))),
                        indexed))
                .isNull();
        assertThat(reason(ENUM, ENGLISH, Map.of(), layout("v", "_ts_meta_v3_new"), indexed))
                .startsWith("the metadata _ts_meta_v3_new, which may be of column v, hashes");
    }

    @Test
    void a_hash_dimension_by_an_enum_has_other_partitions() {
        Hypertable hypertable = Hypertable.of(
                TABLE,
                List.of(TimeDimension.of("time", "timestamptz", 1), new HashDimension("v", "public.st", 4, null)),
                List.of());

        assertThat(TupleSemantics.between(
                                catalog(TestCatalogs.server("a"), "UTF8", ENUM, ENGLISH, Map.of()),
                                catalog(TestCatalogs.server("b"), "UTF8", ENUM, ENGLISH, Map.of()))
                        .reasonAgainstPartitions(TABLE, hypertable))
                .isEqualTo("the hash dimension v hashes values of the enum public.st, whose OIDs differ on the target");
    }

    private static ColumnSemantics semantics(List<String> enums, List<String> own, List<Collation> collations) {
        return new ColumnSemantics(TABLE, "v", enums, List.of(), own, collations, !collations.isEmpty());
    }

    private static @Nullable String against(@Nullable ColumnSemantics column, Collation target, String... metadata) {
        return reason(
                column,
                target,
                Map.of(),
                layout(Stream.concat(Stream.of("time", "v", "_ts_meta_count", "_ts_meta_min_1"), Stream.of(metadata))
                        .toArray(String[]::new)),
                ColumnstoreSettings.of(List.of(), List.of(new Order("time", false, false))));
    }

    private static @Nullable String orderedBy(ColumnSemantics column, Collation target) {
        return reason(
                column,
                target,
                Map.of(),
                layout("time", "v", "_ts_meta_min_1", "_ts_meta_max_1"),
                ColumnstoreSettings.of(List.of(), List.of(new Order("v", false, false))));
    }

    private static @Nullable String segmentedBy(ColumnSemantics column, Map<String, String> versions) {
        return reason(
                column,
                ENGLISH,
                versions,
                layout("time", "v"),
                ColumnstoreSettings.of(List.of("v"), List.of(new Order("time", false, false))));
    }

    private static @Nullable String reason(
            @Nullable ColumnSemantics column,
            Collation target,
            Map<String, String> versions,
            Layout layout,
            ColumnstoreSettings settings) {
        return TupleSemantics.between(
                        catalog(TestCatalogs.server("source"), "UTF8", column, ENGLISH, Map.of()),
                        catalog(TestCatalogs.server("target"), "UTF8", null, target, versions))
                .reasonAgainst(TABLE, layout, settings);
    }

    private static DatabaseCatalog catalog(
            ServerInfo server,
            String encoding,
            @Nullable ColumnSemantics column,
            Collation collation,
            Map<String, String> versions) {
        ServerInfo encoded = new ServerInfo(
                server.database(),
                server.systemIdentifier(),
                server.user(),
                server.superuser(),
                server.postgres(),
                server.timescale(),
                server.timescaleAvailable(),
                server.inRecovery(),
                encoding,
                server.collation(),
                server.settings(),
                server.inventory());
        return DatabaseCatalog.builder(encoded)
                .semantics(new ValueSemantics(collation, versions, column == null ? List.of() : List.of(column)))
                .build();
    }

    private static Layout layout(String... columns) {
        return new Layout(Stream.of(columns).map(name -> Column.of(name, "any")).toList(), "");
    }
}
