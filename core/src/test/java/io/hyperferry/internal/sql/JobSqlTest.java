package io.hyperferry.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.Job;
import io.hyperferry.catalog.Job.Limits;
import io.hyperferry.catalog.Job.Schedule;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobSqlTest {
    private static final Timescale NEW =
            Objects.requireNonNull(TestCatalogs.server("target").timescale());
    private static final Timescale OLD = with(EnumSet.of(TimescaleFeature.JOB_SCHEDULE));
    private static final QualifiedName HOURLY = QualifiedName.of("public", "hourly");
    private static final String HOURLY_ID = "(SELECT h.id FROM _timescaledb_catalog.hypertable h"
            + " WHERE h.schema_name = 'public' AND h.table_name = 'hourly' UNION ALL"
            + " SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a"
            + " WHERE a.user_view_schema = 'public' AND a.user_view_name = 'hourly')";
    private static final Schedule DAILY = new Schedule("1 day", false, null, null);

    private static Timescale with(Set<TimescaleFeature> features) {
        return new Timescale(NEW.version(), NEW.schema(), NEW.functionSchema(), true, features);
    }

    private static Job refresh(String config) {
        return job("policy_refresh_continuous_aggregate", HOURLY, config);
    }

    private static Job job(String procedure, QualifiedName relation, String config) {
        return new Job(
                1000,
                QualifiedName.of(Job.TIMESCALE_SCHEMA, procedure),
                relation,
                true,
                null,
                "app",
                config,
                QualifiedName.of(Job.TIMESCALE_SCHEMA, procedure + "_check"),
                DAILY,
                Limits.DEFAULT,
                true,
                false,
                true);
    }

    private static Job action(@Nullable String name, @Nullable String config, Schedule schedule, Limits limits) {
        return new Job(
                1000,
                QualifiedName.of("app", "Act's"),
                null,
                false,
                name,
                "app",
                config,
                null,
                schedule,
                limits,
                true,
                false,
                true);
    }

    @Test
    void a_refresh_policy_finds_its_aggregate_by_name_and_keeps_the_end_that_is_open() {
        assertThat(JobSql.create(
                        refresh("{\"end_offset\": \"01:00:00\", \"start_offset\": null}"), 1, true, null, "me", NEW))
                .containsExactly(
                        "SELECT set_config('hyperferry.job', \"public\".add_job("
                                + "'\"_timescaledb_functions\".\"policy_refresh_continuous_aggregate\"'::regproc,"
                                + " INTERVAL '1 day', config => '{\"end_offset\": \"01:00:00\", \"start_offset\": null}'::jsonb"
                                + " || jsonb_build_object('mat_hypertable_id', " + HOURLY_ID + "), scheduled => false,"
                                + " check_config =>"
                                + " '\"_timescaledb_functions\".\"policy_refresh_continuous_aggregate_check\"'::regproc,"
                                + " fixed_schedule => false, job_name => 'Refresh Continuous Aggregate Policy')::text, true)",
                        "SELECT \"_timescaledb_functions\".alter_job_set_hypertable_id("
                                + "current_setting('hyperferry.job')::integer, '\"public\".\"hourly\"'::regclass)",
                        "INSERT INTO hyperferry.job (position, job)"
                                + " VALUES (1, current_setting('hyperferry.job')::integer)");
    }

    @Test
    void several_refresh_policies_of_one_aggregate_each_have_their_own_config() {
        List<String> first = JobSql.create(
                refresh("{\"end_offset\": 100, \"start_offset\": 2000, \"buckets_per_batch\": 5}"),
                1,
                true,
                null,
                "me",
                NEW);
        List<String> second = JobSql.create(
                refresh("{\"end_offset\": 2000, \"start_offset\": null, \"include_tiered_data\": false}"),
                2,
                false,
                null,
                "me",
                NEW);

        assertThat(first.get(0)).contains("\"start_offset\": 2000, \"buckets_per_batch\": 5}'::jsonb");
        assertThat(second.get(0)).contains("\"start_offset\": null, \"include_tiered_data\": false}'::jsonb");
        assertThat(second).last().asString().contains("VALUES (2,");
    }

    @Test
    void where_names_cannot_be_given_a_policy_is_made_by_its_own_function() {
        assertThat(JobSql.create(refresh("{\"end_offset\": 100, \"start_offset\": null}"), 1, true, null, "me", OLD)
                        .get(0))
                .isEqualTo("SELECT set_config('hyperferry.job', \"public\".add_continuous_aggregate_policy("
                        + "'\"public\".\"hourly\"'::regclass, start_offset => NULL, end_offset => 100::bigint,"
                        + " schedule_interval => INTERVAL '1 day')::text, true)");
        List<String> retention = JobSql.create(
                job("policy_retention", HOURLY, "{\"drop_after\": \"1 year\"}"), 1, true, null, "me", OLD);
        assertThat(retention.get(0))
                .contains(".add_retention_policy('\"public\".\"hourly\"'::regclass,"
                        + " drop_after => INTERVAL '1 year')");
        assertThat(retention.get(1))
                .contains(
                        "scheduled => false",
                        "config => '{\"drop_after\": \"1 year\"}'::jsonb || jsonb_build_object('hypertable_id', ",
                        "fixed_schedule => false");
        assertThat(JobSql.create(
                                job("policy_compression", HOURLY, "{\"compress_created_before\": \"7 days\"}"),
                                1,
                                true,
                                null,
                                "me",
                                OLD)
                        .get(0))
                .contains("compress_created_before => INTERVAL '7 days'");
        assertThat(JobSql.create(job("policy_reorder", HOURLY, "{\"index_name\": \"it's\"}"), 1, true, null, "me", OLD)
                        .get(0))
                .contains(".add_reorder_policy('\"public\".\"hourly\"'::regclass, 'it''s')");
    }

    @Test
    void an_action_keeps_its_name_limits_zone_and_first_start() {
        Schedule schedule = new Schedule("1 mon", true, "2030-01-01 00:00:00+00", "Asia/Tokyo");

        List<String> sql = JobSql.create(
                action("it's \\ mine", "[1]", schedule, new Limits("00:10:00", 3, "00:00:30")),
                7,
                true,
                null,
                "me",
                NEW);

        assertThat(sql)
                .containsExactly(
                        "SELECT set_config('hyperferry.job', \"public\".add_job("
                                + "coalesce(to_regprocedure('\"app\".\"Act''s\"(integer, jsonb)')::oid::regproc,"
                                + " to_regproc('\"app\".\"Act''s\"')), INTERVAL '1 mon', config => '[1]'::jsonb,"
                                + " initial_start => TIMESTAMPTZ '2030-01-01 00:00:00+00', scheduled => false,"
                                + " fixed_schedule => true, timezone => 'Asia/Tokyo',"
                                + " job_name =>  E'it''s \\\\ mine')::text, true)",
                        "SELECT \"public\".alter_job(current_setting('hyperferry.job')::integer,"
                                + " max_runtime => INTERVAL '00:10:00', max_retries => 3,"
                                + " retry_period => INTERVAL '00:00:30',"
                                + " next_start => TIMESTAMPTZ '2030-01-01 00:00:00+00', timezone => 'Asia/Tokyo')",
                        "INSERT INTO hyperferry.job (position, job)"
                                + " VALUES (7, current_setting('hyperferry.job')::integer)");
    }

    @Test
    void a_job_is_created_as_its_owner_and_everything_else_is_done_as_the_role_that_migrates() {
        List<String> sql = JobSql.create(
                job("policy_retention", HOURLY, "{\"drop_after\": 5000}"), 1, true, "app \"x\"", "me", NEW);

        assertThat(sql.get(0)).isEqualTo("SET LOCAL ROLE \"app \"\"x\"\"\"");
        assertThat(sql.get(1)).contains("add_job(").contains("{\"drop_after\": 5000}");
        assertThat(sql.get(2)).isEqualTo("SET LOCAL ROLE \"me\"");
        assertThat(sql).hasSize(5);
    }

    @Test
    void scheduling_keeps_the_zone_and_a_first_start_that_lies_ahead() {
        assertThat(JobSql.schedule(action(null, null, DAILY, Limits.DEFAULT), 3, NEW))
                .isEqualTo("SELECT \"public\".alter_job((SELECT k.job FROM hyperferry.job k WHERE k.position = 3),"
                        + " scheduled => true)");
        Schedule fixed = new Schedule("1 day", true, "2030-01-01 00:00:00+00", "Asia/Tokyo");
        assertThat(JobSql.schedule(action(null, null, fixed, Limits.DEFAULT), 3, NEW))
                .endsWith(", scheduled => true, initial_start => TIMESTAMPTZ '2030-01-01 00:00:00+00',"
                        + " next_start => CASE WHEN TIMESTAMPTZ '2030-01-01 00:00:00+00' > now()"
                        + " THEN TIMESTAMPTZ '2030-01-01 00:00:00+00' END, timezone => 'Asia/Tokyo')");
        assertThat(JobSql.schedule(action(null, null, fixed, Limits.DEFAULT), 3, with(Set.of())))
                .as("2.11 takes no schedule, and leaves it as it is")
                .endsWith("k.position = 3), scheduled => true)");
    }
}
