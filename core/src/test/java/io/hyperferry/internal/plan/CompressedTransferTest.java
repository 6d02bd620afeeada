package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.CompressedMode;
import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.CompressedRelation;
import io.hyperferry.catalog.CompressedRelation.Layout;
import io.hyperferry.catalog.Constraint;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.Index;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import io.hyperferry.catalog.Version;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** How compressed chunks are planned to travel, without a database: three chunks, of which the first two are compressed. */
class CompressedTransferTest {
    private static final QualifiedName READINGS = QualifiedName.of("public", "readings");
    private static final ColumnstoreSettings SETTINGS =
            ColumnstoreSettings.of(List.of("level"), List.of(new Order("time", true, true)));

    private final Migration migration = Migration.from("postgres://nowhere/source")
            .to("postgres://nowhere/target")
            .include("public.readings");

    @Test
    void the_sql_of_compressed_chunks_is_the_golden_one() throws IOException {
        MigrationPlan plan = migration.plan(source(1, 1), TestCatalogs.target());

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.toSql()).isEqualTo(PlannerTest.golden("compressed-chunks.sql"));
        assertThat(MigrationPlan.fromJson(plan.toJson())).isEqualTo(plan);
        assertThat(plan.toText()).contains("2 of them as compressed tuples");
    }

    @Test
    void unordered_and_unreadable_chunks_travel_as_rows_and_the_plan_says_why() {
        MigrationPlan plan = migration.plan(source(3, 1), TestCatalogs.target());

        assertThat(modes(plan)).containsExactly(Slice.Mode.ROWS, Slice.Mode.COMPRESSED, Slice.Mode.ROWS);
        assertThat(data(plan).refusals())
                .containsExactly("1 compressed chunk travels as rows: its compressed rows are out of order");
        assertThat(plan.toText()).contains(data(plan).refusals());
    }

    @Test
    void an_older_target_gets_rows() {
        MigrationPlan plan = migration.plan(source(1, 1), target("2.28.0", Set.of()));

        assertThat(modes(plan)).containsOnly(Slice.Mode.ROWS);
        assertThat(data(plan).refusals())
                .containsExactly(
                        "2 compressed chunks travel as rows: the target's TimescaleDB is older than the source's");
    }

    @Test
    void a_foreign_key_keeps_chunks_uncompressed_until_it_is_there_on_versions_that_ask_for_that() {
        DatabaseCatalog source = source(1, 1).toBuilder()
                .constraints(List.of(new Constraint(
                        READINGS,
                        "fk",
                        "FOREIGN KEY (level) REFERENCES sensors(id)",
                        QualifiedName.of("public", "sensors"))))
                .build();

        Migration all = Migration.from("postgres://nowhere/source").to("postgres://nowhere/target");
        MigrationPlan late = all.plan(source, target("2.29.2", Set.of(TimescaleFeature.COLUMNSTORE_CONSTRAINTS)));
        MigrationPlan early = all.plan(source, TestCatalogs.target());

        assertThat(modes(late)).doesNotContain(Slice.Mode.COMPRESSED);
        assertThat(data(late).refusals()).singleElement().asString().contains("its foreign keys");
        assertThat(late.copyData().orElseThrow().compressions()).isEmpty();
        assertThat(modes(early)).contains(Slice.Mode.COMPRESSED);
    }

    @Test
    void indexes_come_before_chunks_that_are_compressed_early() {
        assertThat(migration.plan(source(1, 1), TestCatalogs.target()).steps())
                .extracting(it -> it.getClass().getSimpleName())
                .containsSubsequence(
                        "CreateHypertable",
                        "RestoreIndexes",
                        "CreateChunks",
                        "SetColumnstore",
                        "CompressEmptyChunks",
                        "SetColumnstore",
                        "CopyData",
                        "RestorePostData");
    }

    @Test
    void rows_are_sorted_for_the_target_unless_an_index_is_unique() {
        Migration recompress = migration.compressed(CompressedMode.RECOMPRESS);
        DatabaseCatalog unique = source(1, 1).toBuilder()
                .indexes(List.of(
                        new Index(READINGS, "u", "CREATE UNIQUE INDEX u ON public.readings USING btree (time)")))
                .build();

        MigrationPlan sorted = recompress.plan(source(1, 1), TestCatalogs.target());

        assertThat(data(sorted).order())
                .containsExactly(new Order("level", false, false), new Order("time", true, true));
        assertThat(data(sorted).slices()).extracting(Slice::compressedOnArrival).containsExactly(true, true, false);
        assertThat(data(recompress.plan(unique, TestCatalogs.target())).order()).isEmpty();
    }

    @Test
    void rows_are_compressed_at_the_end_where_that_is_asked_for() {
        MigrationPlan plan = migration.compressed(CompressedMode.ROWS).plan(source(1, 1), TestCatalogs.target());

        assertThat(modes(plan)).containsOnly(Slice.Mode.ROWS);
        assertThat(plan.copyData().orElseThrow().compressions()).isEmpty();
        assertThat(plan.steps())
                .extracting(it -> it.getClass().getSimpleName())
                .containsSubsequence("CopyData", "RestorePostData", "SetColumnstore", "CompressChunks");
        assertThat(data(plan).refusals()).isEmpty();
    }

    private static TableData data(MigrationPlan plan) {
        return plan.tables().get(0);
    }

    private static List<Slice.Mode> modes(MigrationPlan plan) {
        return plan.slices().map(Slice::mode).toList();
    }

    static DatabaseCatalog source(int... statuses) {
        DatabaseCatalog source = TestCatalogs.source();
        return source.toBuilder()
                .hypertables(source.hypertables().stream()
                        .map(it -> it.name().equals(READINGS) ? compressed(it, statuses) : it)
                        .toList())
                .build();
    }

    private static Hypertable compressed(Hypertable hypertable, int... statuses) {
        List<Chunk> chunks = hypertable.chunks();
        return hypertable
                .withColumnstore(SETTINGS)
                .withChunks(List.of(
                        compressed(chunks.get(0), statuses[0]), compressed(chunks.get(1), statuses[1]), chunks.get(2)));
    }

    private static Chunk compressed(Chunk chunk, int status) {
        Layout layout = new Layout(
                List.of(
                        Column.of("_ts_meta_count", "integer"),
                        Column.of("time", "_timescaledb_internal.compressed_data")),
                "{level} {time} {t} {t}");
        return new Chunk(
                chunk.name(),
                chunk.oid(),
                chunk.ranges(),
                status,
                chunk.estimatedRows(),
                chunk.bytes(),
                chunk.storedBytes(),
                SETTINGS,
                false,
                status == 1
                        ? new CompressedRelation(
                                QualifiedName.of(
                                        "_timescaledb_internal", chunk.name().name() + "_compressed"),
                                layout)
                        : null);
    }

    private static DatabaseCatalog target(String version, Set<TimescaleFeature> without) {
        ServerInfo server = TestCatalogs.server("target");
        Timescale timescale = Objects.requireNonNull(server.timescale());
        Set<TimescaleFeature> features = new TreeSet<>(timescale.features());
        features.removeAll(without);
        return DatabaseCatalog.empty(server.withTimescale(new Timescale(
                Version.parse(version),
                timescale.schema(),
                timescale.functionSchema(),
                timescale.community(),
                features)));
    }
}
