package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.Step;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Job;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Rights;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.ServerInventory;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobsTest {
    private static final QualifiedName READINGS = QualifiedName.of("public", "readings");
    static final Job ACTION = Job.of(1000, QualifiedName.of("public", "act"), null);
    static final Job RETENTION = policy("policy_retention").withConfig("{\"drop_after\": \"1 year\"}");
    private static final Migration MIGRATION =
            Migration.from("postgres://localhost/metrics").to("postgres://localhost/target");

    private static Job policy(String procedure) {
        return Job.of(1001, QualifiedName.of(Job.TIMESCALE_SCHEMA, procedure), READINGS);
    }

    static DatabaseCatalog source(Job... jobs) {
        return TestCatalogs.source().toBuilder().jobs(List.of(jobs)).build();
    }

    private static DatabaseCatalog target(Set<TimescaleFeature> features) {
        ServerInfo server = TestCatalogs.server("target");
        Timescale timescale = Objects.requireNonNull(server.timescale());
        return DatabaseCatalog.empty(server.withTimescale(new Timescale(
                        timescale.version(), timescale.schema(), timescale.functionSchema(), true, features))
                .withInventory(new ServerInventory(
                        Set.of("app"),
                        Set.of("app"),
                        Set.of("app"),
                        Set.of(),
                        Set.of("heap"),
                        Set.of(),
                        Map.of(),
                        Set.of("policy_retention", "policy_compression"),
                        Rights.ALL)));
    }

    static DatabaseCatalog target() {
        return target(EnumSet.allOf(TimescaleFeature.class));
    }

    @Test
    void jobs_are_created_before_the_proof_and_scheduled_after_it_if_they_are_on_the_source() {
        MigrationPlan plan = MIGRATION.plan(source(ACTION, RETENTION, ACTION.withScheduled(false)), target());

        List<String> titles = plan.steps().stream().map(Step::title).toList();
        assertThat(titles).containsSubsequence("create jobs", "analyze", "verify", "schedule jobs");
        assertThat(titles).last().isEqualTo("schedule jobs");
        assertThat(plan.toSql()).doesNotContain("scheduled => true);\nSELECT set_config");
        assertThat(plan.steps().get(plan.steps().size() - 1))
                .isInstanceOfSatisfying(
                        Step.ScheduleJobs.class,
                        it -> assertThat(it.sql()).hasSize(2).noneMatch(sql -> sql.contains("k.position = 3")));
        assertThat(MigrationPlan.fromJson(plan.toJson())).isEqualTo(plan);
    }

    @Test
    void a_source_without_jobs_has_no_steps_for_them() {
        assertThat(MIGRATION.plan(source(), target()).steps())
                .noneMatch(it -> it instanceof Step.CreateJobs || it instanceof Step.ScheduleJobs);
    }

    @Test
    void jobs_of_what_stays_behind_are_named_and_not_made() {
        MigrationPlan plan = MIGRATION.exclude("public.readings").plan(source(RETENTION), target());

        assertThat(plan.jobsLeftOut())
                .containsExactly("job policy_retention of public.readings: public.readings stays behind");
        assertThat(plan.toText()).contains("job policy_retention of public.readings: public.readings stays behind");
        assertThat(plan.toSql()).doesNotContain("add_job(");
    }

    @Test
    void keys_that_the_target_does_not_know_are_left_out_of_a_policys_config_with_a_warning() {
        Job compression = policy("policy_compression")
                .withConfig("{\"compress_after\": \"7 days\", \"hypercore_use_access_method\": true}");

        MigrationPlan plan = MIGRATION.plan(source(compression), target(EnumSet.of(TimescaleFeature.JOB_NAME)));

        assertThat(plan.problems()).extracting(Problem::code).containsExactly(Code.JOB_SETTING_LEFT_OUT);
        assertThat(plan.toSql())
                .contains("'{\"compress_after\": \"7 days\"}'::jsonb")
                .doesNotContain("hypercore");
    }

    @Test
    void a_policy_that_the_target_has_not_and_a_job_without_procedure_stay_behind_with_a_warning() {
        Job gone = new Job(
                1002,
                QualifiedName.of("public", "gone"),
                null,
                false,
                null,
                "app",
                null,
                null,
                ACTION.schedule(),
                ACTION.limits(),
                true,
                false,
                false);

        MigrationPlan plan = MIGRATION.plan(source(policy("policy_compaction"), gone), target());

        assertThat(plan.problems())
                .extracting(Problem::code, Problem::object, Problem::blocks)
                .containsExactly(
                        tuple(Code.JOB_LEFT_OUT, "policy_compaction of public.readings", false),
                        tuple(Code.JOB_LEFT_OUT, "public.gone", false));
        assertThat(plan.toSql()).doesNotContain("add_job(");
    }

    @Test
    void the_apache_edition_has_no_jobs() {
        MigrationPlan plan =
                MIGRATION.plan(source(ACTION, RETENTION), DatabaseCatalog.empty(TestCatalogs.server("target", false)));

        assertThat(plan.problems())
                .filteredOn(it -> it.code() == Code.JOBS_LEFT_OUT)
                .singleElement()
                .satisfies(it -> assertThat(it.message())
                        .contains("public.act, policy_retention of public.readings stay behind"));
        assertThat(plan.steps()).noneMatch(it -> it instanceof Step.CreateJobs);
    }
}
