package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.AggregateMode;
import io.hyperferry.Consistency;
import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** How continuous aggregates are planned, without a database. */
class AggregatesTest {
    private static final DatabaseCatalog BY_SUPERUSER =
            DatabaseCatalog.empty(TestCatalogs.server("target", true, true));

    private final Migration migration =
            Migration.from("postgres://nowhere/source").to("postgres://nowhere/target");

    @Test
    void the_sql_of_aggregates_is_the_golden_one() throws IOException {
        MigrationPlan plan = migration.plan(TestCatalogs.withAggregates(), BY_SUPERUSER);

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.toSql()).isEqualTo(PlannerTest.golden("continuous-aggregates.sql"));
        assertThat(MigrationPlan.fromJson(plan.toJson())).isEqualTo(plan);
    }

    @Test
    void parents_are_made_first_and_what_needs_them_before_the_rows() {
        MigrationPlan plan = migration.plan(TestCatalogs.withAggregates(), BY_SUPERUSER);

        assertThat(titles(plan))
                .containsSubsequence(
                        "create continuous aggregate public.hourly",
                        "create continuous aggregate public.daily \"x\"",
                        "restore schema (what needs continuous aggregates)",
                        "create chunks of public.hourly",
                        "copy data",
                        "restore schema (post-data)",
                        "finish continuous aggregate public.hourly",
                        "finish continuous aggregate public.daily \"x\"");
        assertThat(plan.tables())
                .filteredOn(TableData::aggregate)
                .extracting(TableData::table, it -> it.slices().size())
                .containsExactly(
                        tuple(QualifiedName.of("public", "hourly"), 1),
                        tuple(QualifiedName.of("public", "daily \"x\""), 0));
    }

    @Test
    void a_role_that_is_no_superuser_refreshes_and_brings_the_copied_rows_back() {
        MigrationPlan plan = migration.plan(TestCatalogs.withAggregates(), TestCatalogs.target());

        assertThat(plan.toSql())
                .contains("CREATE TABLE IF NOT EXISTS hyperferry.saved_1", "DROP TABLE hyperferry.saved_1")
                .contains(
                        "refresh_continuous_aggregate('\"public\".\"hourly\"'::regclass, NULL, TIMESTAMPTZ '2026-01-03")
                .doesNotContain("UPDATE _timescaledb_catalog", "saved_2");
        assertThat(plan.problems())
                .extracting(Problem::code, Problem::object, Problem::blocks)
                .containsExactly(tuple(Code.AGGREGATE_OUT_OF_DATE, "public.hourly", false));
    }

    @Test
    void reading_at_several_moments_leaves_what_can_be_computed_to_the_next_refresh() {
        String again = "VALUES (" + "(SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a"
                + " WHERE a.user_view_schema = 'public' AND a.user_view_name = 'hourly'), '1767225600000000'::bigint,"
                + " '1767398399999999'::bigint)";

        MigrationPlan each =
                migration.consistency(Consistency.EACH_SLICE).plan(TestCatalogs.withAggregates(), BY_SUPERUSER);
        MigrationPlan one = migration.plan(TestCatalogs.withAggregates(), BY_SUPERUSER);

        assertThat(finishOf(each).sql()).anyMatch(it -> it.endsWith(again));
        assertThat(finishOf(one).sql()).noneMatch(it -> it.endsWith(again));
        assertThat(finishOf(one).sqlOfMixed()).singleElement().matches(it -> it.endsWith(again));
    }

    @Test
    void rows_travel_only_when_history_is_kept() {
        for (AggregateMode mode : List.of(AggregateMode.RECOMPUTE, AggregateMode.DEFINITIONS_ONLY)) {
            MigrationPlan plan = migration.aggregates(mode).plan(TestCatalogs.withAggregates(), BY_SUPERUSER);

            assertThat(plan.tables()).noneMatch(TableData::aggregate);
            assertThat(plan.toSql()).doesNotContain("saved_", "UPDATE _timescaledb_catalog");
            assertThat(titles(plan).contains("refresh continuous aggregate public.hourly"))
                    .isEqualTo(mode == AggregateMode.RECOMPUTE);
        }
    }

    @Test
    void an_aggregate_of_the_old_form_blocks_and_so_does_one_that_the_target_cannot_have() {
        DatabaseCatalog old = withHourly(it -> new ContinuousAggregate(
                it.name(),
                it.source(),
                it.owner(),
                it.definition(),
                it.materializedOnly(),
                false,
                it.storage(),
                it.columns(),
                it.indexes(),
                it.bucketWidth(),
                it.experimental(),
                it.state()));

        assertThat(migration.plan(old, BY_SUPERUSER).problems())
                .filteredOn(Problem::blocks)
                .singleElement()
                .satisfies(it -> assertThat(it.code()).isEqualTo(Code.AGGREGATE_NOT_FINALIZED))
                .satisfies(it -> assertThat(it.remedy()).contains("CALL cagg_migrate('\"public\".\"hourly\"')"));
        MigrationPlan toApache = migration.plan(
                TestCatalogs.withAggregates(), DatabaseCatalog.empty(TestCatalogs.server("target", false)));
        assertThat(toApache.problems())
                .filteredOn(Problem::blocks)
                .extracting(Problem::code)
                .containsOnly(Code.AGGREGATES_NOT_ON_TARGET)
                .hasSize(2);
        assertThat(migration
                        .exclude("hourly")
                        .plan(
                                TestCatalogs.withAggregates(),
                                DatabaseCatalog.empty(TestCatalogs.server("target", false)))
                        .isBlocked())
                .isFalse();
    }

    private static DatabaseCatalog withHourly(UnaryOperator<ContinuousAggregate> change) {
        DatabaseCatalog source = TestCatalogs.withAggregates();
        return source.toBuilder()
                .aggregates(List.of(
                        change.apply(source.aggregates().get(0)),
                        source.aggregates().get(1)))
                .build();
    }

    private static Step.FinishAggregate finishOf(MigrationPlan plan) {
        return plan.steps().stream()
                .filter(Step.FinishAggregate.class::isInstance)
                .map(Step.FinishAggregate.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> titles(MigrationPlan plan) {
        return plan.steps().stream().map(Step::title).toList();
    }
}
