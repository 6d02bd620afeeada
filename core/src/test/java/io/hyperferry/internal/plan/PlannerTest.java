package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Problem;
import io.hyperferry.Slice;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Sequence;
import io.hyperferry.catalog.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Plans are made of records alone: no database is near. */
class PlannerTest {
    private final Migration migration = Migration.from("postgres://nowhere/source")
            .to("postgres://nowhere/target")
            .splitBy(Duration.ofHours(12))
            .integerTimeUnit(ChronoUnit.MILLIS);

    @Test
    void the_sql_of_a_plan_is_the_golden_one() throws IOException {
        MigrationPlan plan = migration.plan(TestCatalogs.source(), TestCatalogs.target());

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.toSql()).isEqualTo(golden("two-hypertables.sql"));
    }

    @Test
    void the_same_catalogs_give_the_same_plan_byte_for_byte() {
        MigrationPlan plan = migration.plan(TestCatalogs.source(), TestCatalogs.target());
        MigrationPlan again = migration.plan(TestCatalogs.source(), TestCatalogs.target());

        assertThat(again.toJson()).isEqualTo(plan.toJson());
        assertThat(again).isEqualTo(plan);
    }

    @Test
    void a_plan_survives_json() {
        MigrationPlan plan = migration.plan(TestCatalogs.source(), TestCatalogs.target());

        assertThat(MigrationPlan.fromJson(plan.toJson())).isEqualTo(plan);
    }

    @Test
    void the_largest_table_comes_first_and_positions_count_through() {
        MigrationPlan plan = migration.plan(TestCatalogs.source(), TestCatalogs.target());

        assertThat(plan.tables()).extracting(it -> it.table().name()).containsExactly("readings", "Events", "sensors");
        assertThat(plan.slices().map(Slice::position)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void integer_time_without_a_unit_stays_in_whole_chunks_and_warns() {
        MigrationPlan plan = Migration.from("postgres://nowhere/source")
                .to("postgres://nowhere/target")
                .splitBy(Duration.ofMinutes(1))
                .plan(TestCatalogs.source(), TestCatalogs.target());

        assertThat(plan.problems())
                .singleElement()
                .satisfies(it -> assertThat(it.code()).isEqualTo(Problem.Code.INTEGER_TIME_UNIT_UNKNOWN))
                .satisfies(it -> assertThat(it.blocks()).isFalse());
        assertThat(plan.tables().get(1).slices()).hasSize(2).allMatch(Slice::wholeChunk);
    }

    @Test
    void an_excluded_table_takes_its_sequence_along() {
        MigrationPlan plan = migration.exclude("*.sensors").plan(TestCatalogs.source(), TestCatalogs.target());

        assertThat(plan.leftOut())
                .singleElement()
                .satisfies(it -> assertThat(it.oid()).isEqualTo(20));
        assertThat(plan.toSql()).doesNotContain("sensors_id_seq");
        assertThat(plan.tables()).hasSize(2);
    }

    @Test
    void a_filter_that_matches_nothing_blocks() {
        MigrationPlan plan = migration.include("public.reading").plan(TestCatalogs.source(), TestCatalogs.target());

        assertThat(plan.isBlocked()).isTrue();
        assertThat(plan.problems()).extracting(Problem::code).containsExactly(Problem.Code.FILTER_MATCHES_NOTHING);
    }

    @Test
    void a_split_into_more_slices_than_anybody_wants_blocks_before_they_are_made() {
        MigrationPlan plan = migration.splitBy(Duration.ofMillis(1)).plan(TestCatalogs.source(), TestCatalogs.target());

        assertThat(plan.problems()).extracting(Problem::code).contains(Problem.Code.TOO_MANY_SLICES);
        assertThat(plan.steps()).isEmpty();
    }

    @Test
    void a_target_with_anything_in_it_blocks() {
        DatabaseCatalog used = TestCatalogs.target().toBuilder()
                .sequences(TestCatalogs.source().sequences())
                .build();

        assertThat(migration.plan(TestCatalogs.source(), used).problems())
                .filteredOn(Problem::blocks)
                .extracting(Problem::code)
                .containsExactly(Problem.Code.TARGET_NOT_EMPTY);
    }

    @Test
    void a_sequence_that_the_role_may_not_read_blocks_with_the_grant() {
        DatabaseCatalog source = TestCatalogs.source().toBuilder()
                .sequences(List.of(new Sequence(QualifiedName.of("public", "s"), 1, false, null, false)))
                .build();

        assertThat(migration.plan(source, TestCatalogs.target()).problems())
                .singleElement()
                .satisfies(it -> assertThat(it.blocks()).isTrue())
                .satisfies(it ->
                        assertThat(it.remedy()).startsWith("GRANT SELECT ON SEQUENCE \"public\".\"s\" TO \"app\";"));
    }

    @Test
    void the_apache_edition_gets_no_chunks_ahead() {
        DatabaseCatalog apache = DatabaseCatalog.empty(TestCatalogs.server("target", false));

        assertThat(migration.plan(TestCatalogs.source(), apache).toSql()).doesNotContain("create_chunk(");
    }

    @Test
    void ten_thousand_chunks_are_planned_in_a_moment() {
        QualifiedName name = QualifiedName.of("public", "big");
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            long from = TestCatalogs.NEW_YEAR + i * TestCatalogs.DAY;
            chunks.add(TestCatalogs.chunk("c" + i, List.of(new DimensionRange("t", from, from + TestCatalogs.DAY))));
        }
        DatabaseCatalog source = DatabaseCatalog.builder(TestCatalogs.server("metrics"))
                .tables(List.of(new Table(name, 1, Table.Kind.HYPERTABLE, List.of(), 0, 0)))
                .hypertables(List.of(
                        Hypertable.of(name, List.of(TimeDimension.of("t", "timestamp without time zone", 1)), chunks)))
                .build();
        long start = System.nanoTime();

        MigrationPlan plan = migration.plan(source, TestCatalogs.target());

        assertThat(plan.slices()).hasSize(20_000);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    static String golden(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(PlannerTest.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
