package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresTimescale;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Policies and user-defined actions arrive exactly, and none of them runs before both sides were found identical. */
@ExtendWith(TimescaleExtension.class)
@RequiresCommunity
@RequiresTimescale("2.12+")
class JobsIT {
    /** Everything that TimescaleDB keeps about jobs, but for ids; the names of relations stand in for theirs. */
    private static final String JOBS = """
            SELECT regexp_replace(replace(j.application_name, 'Compression Policy', 'Columnstore Policy'), ' \\[\\d+]$', ''),
                   j.schedule_interval, j.max_runtime, j.max_retries, j.retry_period, j.proc_schema, j.proc_name,
                   j.owner, j.scheduled, j.fixed_schedule, j.initial_start, h.schema_name, h.table_name,
                   CASE WHEN j.proc_name LIKE 'policy_%' THEN j.config - 'hypertable_id' ELSE j.config END, c.schema_name, c.table_name, j.check_schema, j.check_name, j.timezone,
                   coalesce(s.next_start = 'infinity', false)
            FROM _timescaledb_config.bgw_job j
            LEFT JOIN _timescaledb_catalog.hypertable h ON h.id = j.hypertable_id
            LEFT JOIN _timescaledb_catalog.hypertable c
                ON j.proc_name LIKE 'policy_%' AND c.id = (j.config ->> 'hypertable_id')::int
            LEFT JOIN _timescaledb_internal.bgw_job_stat s ON s.job_id = j.id
            WHERE j.id >= 1000
            ORDER BY j.id""";

    private static final String INFORMATION = """
            SELECT regexp_replace(replace(application_name, 'Compression Policy', 'Columnstore Policy'), ' \\[\\d+]$', ''),
                   schedule_interval, max_runtime, max_retries, retry_period, proc_schema, proc_name, owner, scheduled,
                   fixed_schedule, CASE WHEN proc_name LIKE 'policy_%' THEN config - 'hypertable_id' ELSE config END, initial_start, hypertable_schema, hypertable_name,
                   check_schema, check_name
            FROM timescaledb_information.jobs WHERE job_id >= 1000 ORDER BY job_id""";

    private static final String RUNS = """
            SELECT count(*) FROM _timescaledb_internal.bgw_job_stat WHERE job_id >= 1000 AND total_runs > 0""";

    private TestDatabase from;
    private TestDatabase to;

    @BeforeEach
    void create(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        from.execute(
                "CREATE SCHEMA \"O ps\"",
                "CREATE TABLE \"O ps\".\"Read ings\" (time timestamptz NOT NULL, device int, level float)",
                "SELECT create_hypertable('\"O ps\".\"Read ings\"', 'time', chunk_time_interval => INTERVAL '1 day')",
                "CREATE INDEX \"By device\" ON \"O ps\".\"Read ings\" (device, time)",
                "INSERT INTO \"O ps\".\"Read ings\" SELECT t, n, n FROM generate_series(TIMESTAMPTZ '2026-01-01 UTC',"
                        + " '2026-01-04 23:00 UTC', '1 hour') t, generate_series(1, 3) n",
                "ALTER TABLE \"O ps\".\"Read ings\" SET (timescaledb.compress, timescaledb.compress_segmentby = 'device')",
                "CREATE TABLE counted (at bigint NOT NULL, n int)",
                "SELECT create_hypertable('counted', 'at', chunk_time_interval => 1000)",
                "INSERT INTO counted SELECT i, i FROM generate_series(1, 3000) i",
                "ALTER TABLE counted SET (timescaledb.compress, timescaledb.compress_segmentby = '')",
                "CREATE FUNCTION counted_now() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 3000::bigint'",
                "SELECT set_integer_now_func('counted', 'counted_now')",
                "CREATE TABLE plain (id int)",
                "CREATE TABLE runs (at timestamptz NOT NULL, database text, what text)");
    }

    /** Thirty jobs: every kind of policy, paused ones, odd zones and starts, actions with configs of all forms. */
    private void thirtyJobs() {
        from.execute(
                "CREATE PROCEDURE act(job_id int, config jsonb) LANGUAGE plpgsql AS $$ BEGIN"
                        + " INSERT INTO public.runs VALUES (clock_timestamp(), current_database(), config ->> 'what'); END $$",
                "CREATE FUNCTION \"O ps\".\"A ct'\"(job_id int, config jsonb) RETURNS void LANGUAGE sql AS 'SELECT'",
                // TimescaleDB finds a job's procedure by its arguments, regproc only when it is the only one of its
                // name.
                "CREATE PROCEDURE twice(job_id int, config jsonb) LANGUAGE sql AS 'SELECT 1'",
                "CREATE FUNCTION \"O ps\".checked(config jsonb) RETURNS void LANGUAGE plpgsql AS"
                        + " $$ BEGIN IF config ->> 'bad' IS NOT NULL THEN RAISE EXCEPTION 'bad'; END IF; END $$",
                "SELECT add_retention_policy('\"O ps\".\"Read ings\"', INTERVAL '100 years')",
                "SELECT add_compression_policy('\"O ps\".\"Read ings\"', INTERVAL '90 years', schedule_interval => INTERVAL '3 hours',"
                        + " initial_start => TIMESTAMPTZ '2040-02-29 12:34:56.789+01', timezone => 'Europe/Berlin')",
                "SELECT add_reorder_policy('\"O ps\".\"Read ings\"', 'By device', initial_start => TIMESTAMPTZ '2020-01-01 UTC',"
                        + " timezone => 'Asia/Kathmandu')",
                "SELECT add_retention_policy('counted', 100000, schedule_interval => INTERVAL '1 month',"
                        + " initial_start => '2021-01-31 23:00 UTC')",
                "SELECT add_compression_policy('counted', 90000)",
                "SELECT alter_job(id, scheduled => false, max_retries => 7, config => config || '{\"maxchunks_to_compress\": 3,"
                        + " \"verbose_log\": true}') FROM _timescaledb_config.bgw_job WHERE proc_name = 'policy_compression'"
                        + " AND hypertable_id = (SELECT id FROM _timescaledb_catalog.hypertable WHERE table_name = 'counted')",
                "SELECT add_job('act', '1 second', config => '{\"what\": \"soon\"}', initial_start => '2020-01-01')",
                "SELECT add_job('act', '1 second', config => '{\"what\": \"drifting\"}', fixed_schedule => false)",
                "SELECT add_job('act', '00:00:01', fixed_schedule => false)",
                "SELECT add_job('act', '1 day 02:03:04.567', config => 'null', fixed_schedule => false, scheduled => false)",
                "SELECT add_job('act', '1 year 2 mons', config => '[1, {\"a\": [true, null, 1.50]}]')",
                "SELECT add_job('act', '1 day 3 hours', config => '\"text\"', timezone => 'America/St_Johns')",
                "SELECT add_job('act', '7 days', config => '{\"hypertable_id\": 12345, \"it''s\": \"back\\\\slash\"}',"
                        + " initial_start => '2038-01-19 03:14:07 UTC', timezone => 'Pacific/Chatham', scheduled => false)",
                "SELECT add_job('\"O ps\".\"A ct''\"', '1 hour', check_config => '\"O ps\".checked', config => '{}')",
                "SELECT add_job('\"O ps\".\"A ct''\"', '1 hour', check_config => '\"O ps\".checked')",
                "SELECT add_job('twice', '5 minutes', fixed_schedule => false, initial_start => '2035-05-05 UTC')",
                "SELECT add_job('twice', '5 minutes', fixed_schedule => false, initial_start => '2015-05-05 UTC',"
                        + " timezone => 'UTC')",
                "SELECT add_job('twice', '5 minutes')",
                "CREATE FUNCTION twice(job_id int) RETURNS void LANGUAGE sql AS 'SELECT'",
                // Ahead, as PostgreSQL 17.12 has each job of TimescaleDB 2.29 fail after its work, and one without
                // retries is taken off the schedule then.
                "SELECT alter_job(add_job('act', '1 hour', config => jsonb_build_object('n', n),"
                        + " initial_start => '2036-06-06 UTC'), max_runtime => n * INTERVAL '1 minute',"
                        + " max_retries => n - 1, retry_period => n * INTERVAL '1 second') FROM generate_series(0, 6) n",
                "SELECT alter_job(add_job('act', '2 hours', config => '{\"same\": 1}'), timezone => 'Europe/Lisbon')"
                        + " FROM generate_series(1, 2)",
                "SELECT add_job('act', '2 hours', config => '{\"same\": 1}', scheduled => false,"
                        + " initial_start => '2026-01-01 UTC', timezone => 'Europe/Lisbon')",
                "SELECT alter_job(add_job('act', '3 hours', timezone => 'Africa/Lagos'), next_start => 'infinity',"
                        + " timezone => 'Africa/Lagos')",
                "SELECT {functions}.alter_job_set_hypertable_id(add_job('act', '3 hours', initial_start => '2031-01-01 UTC'),"
                                .replace("{functions}", functions(from))
                        + " '\"O ps\".\"Read ings\"')",
                // Works on a hypertable without being its policy.
                "SELECT add_job('{functions}.policy_retention', '1 day', config => jsonb_build_object('drop_after', 200000,"
                                .replace("{functions}", functions(from))
                        + " 'hypertable_id', (SELECT id FROM _timescaledb_catalog.hypertable WHERE table_name = 'counted')))");
    }

    private static String functions(TestDatabase database) {
        return database.value("SELECT to_regproc('_timescaledb_functions.alter_job_set_hypertable_id')") == null
                ? "_timescaledb_internal"
                : "_timescaledb_functions";
    }

    @Test
    void thirty_jobs_of_all_kinds_arrive_field_by_field_and_none_runs_before_the_end() throws SQLException {
        thirtyJobs();
        List<Long> runsAtVerification = Collections.synchronizedList(new ArrayList<>());
        assertThat(from.rows(JOBS)).hasSize(30);

        MigrationReport report = Migrations.between(from, to)
                .exclude("public.runs")
                .listener(event -> {
                    if (isEndOf(event, Step.Verify.class)) {
                        runsAtVerification.add(to.count(RUNS));
                        runsAtVerification.add(to.count(
                                "SELECT count(*) FROM _timescaledb_config.bgw_job WHERE id >= 1000 AND scheduled"));
                        // Only from now on is there a table that runs could be written to; it stays, as a failure
                        // could take a job off the schedule.
                        to.execute("CREATE TABLE runs (at timestamptz NOT NULL, database text, what text)");
                    }
                })
                .run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(runsAtVerification).containsExactly(0L, 0L);
        assertThat(to.rows(JOBS)).isEqualTo(from.rows(JOBS));
        assertThat(to.rows(INFORMATION)).isEqualTo(from.rows(INFORMATION));
        assertThat(Migrations.differencesButOwners(from, to)).isEmpty();
        assertThat(Migrations.between(from, to).exclude("public.runs").verify().identical())
                .isTrue();
    }

    private static boolean isEndOf(MigrationEvent event, Class<? extends Step> kind) {
        return event instanceof MigrationEvent.StepFinished finished && kind.isInstance(finished.step());
    }

    @Test
    void jobs_run_on_the_target_once_they_are_scheduled_and_a_first_start_ahead_stays_ahead() {
        thirtyJobs();
        Migrations.between(from, to).run();

        Awaitility.await()
                .until(() -> to.count("SELECT count(DISTINCT what) FROM runs WHERE database = current_database()"
                                + " AND what IN ('soon', 'drifting')")
                        == 2);
        assertThat(
                        to.rows(
                                "SELECT initial_start = next_start, next_start > now() + INTERVAL '1 year' FROM"
                                        + " timescaledb_information.jobs WHERE job_id >= 1000 AND scheduled AND initial_start > '2030-01-01'"))
                .hasSize(10)
                .allMatch(it -> it.equals(List.of("t", "t")));
        assertThat(to.rows("SELECT next_start FROM timescaledb_information.jobs WHERE job_id >= 1000"
                        + " AND fixed_schedule AND scheduled AND proc_name = 'policy_retention'"))
                .allMatch(it -> Objects.requireNonNull(it.get(0)).compareTo("2026") > 0);
    }

    @Test
    void policies_are_taken_for_what_their_own_functions_make() {
        thirtyJobs();
        Migrations.between(from, to).run();

        String existing = "SELECT add_retention_policy('counted', 100000, if_not_exists => true)";
        assertThat(to.value(existing)).isEqualTo("-1");
        assertThat(to.value("SELECT add_compression_policy('\"O ps\".\"Read ings\"', INTERVAL '90 years',"
                        + " if_not_exists => true)"))
                .isEqualTo("-1");
        to.execute(
                "SELECT remove_retention_policy('counted')",
                "SELECT remove_compression_policy('counted')",
                "SELECT remove_retention_policy('\"O ps\".\"Read ings\"')",
                "SELECT remove_compression_policy('\"O ps\".\"Read ings\"')",
                "SELECT remove_reorder_policy('\"O ps\".\"Read ings\"')");
        assertThat(to.count("SELECT count(*) FROM _timescaledb_config.bgw_job WHERE hypertable_id IS NOT NULL"
                        + " AND proc_name LIKE 'policy_%'"))
                .isZero();
        to.execute("DROP TABLE \"O ps\".\"Read ings\"");
        assertThat(
                        to.count(
                                "SELECT count(*) FROM _timescaledb_config.bgw_job WHERE id >= 1000 AND hypertable_id IS NOT NULL"))
                .isZero();
    }

    @Test
    void nothing_is_scheduled_when_both_sides_differ() {
        from.execute(
                "CREATE PROCEDURE act(job_id int, config jsonb) LANGUAGE sql AS 'SELECT 1'",
                "SELECT add_job('act', '1 second')");
        Migration migration = Migrations.between(from, to).listener(event -> {
            if (isEndOf(event, Step.CreateJobs.class)) {
                to.execute("INSERT INTO plain VALUES (1)");
            }
        });

        VerificationException differs =
                org.assertj.core.api.Assertions.catchThrowableOfType(VerificationException.class, migration::run);

        assertThat(differs.report().identical()).isFalse();
        assertThat(to.rows("SELECT scheduled FROM _timescaledb_config.bgw_job WHERE id >= 1000"))
                .containsExactly(List.of("f"));
        to.execute("DELETE FROM plain");
        assertThat(Migrations.between(from, to).run().identical()).isTrue();
        assertThat(to.rows("SELECT scheduled FROM _timescaledb_config.bgw_job WHERE id >= 1000"))
                .containsExactly(List.of("t"));
    }

    @Test
    void jobs_of_what_stays_behind_stay_behind_and_are_named() {
        thirtyJobs();

        MigrationReport report =
                Migrations.between(from, to).exclude("counted", "public.runs").run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(report.leftOut())
                .contains(
                        "job policy_retention of public.counted: public.counted stays behind",
                        "job policy_compression of public.counted: public.counted stays behind");
        assertThat(to.count("SELECT count(*) FROM _timescaledb_config.bgw_job WHERE id >= 1000"))
                .isEqualTo(27);
    }

    @Test
    void jobs_belong_to_their_owners_when_owners_are_kept_and_to_who_stands_in_for_them() {
        for (TestDatabase database : List.of(from, to)) {
            for (String role : List.of("hf_jobs", "hf_jobs_too")) {
                database.createRole(role, "LOGIN");
            }
        }
        from.superuser().execute("ALTER TABLE counted OWNER TO hf_jobs");
        from.execute(
                "CREATE PROCEDURE act(job_id int, config jsonb) LANGUAGE sql AS 'SELECT 1'",
                "GRANT CREATE ON SCHEMA public TO hf_jobs, hf_jobs_too",
                "SET ROLE hf_jobs",
                "SELECT add_job('act', '1 hour')",
                "SELECT add_retention_policy('counted', 100000)");

        MigrationReport report = Migrations.between(from, to)
                .keepOwners()
                .mapRole("hf_jobs", "hf_jobs_too")
                .run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.rows("SELECT proc_name, owner FROM _timescaledb_config.bgw_job WHERE id >= 1000 ORDER BY id"))
                .containsExactly(List.of("act", "hf_jobs_too"), List.of("policy_retention", "hf_jobs_too"));
    }

    @Test
    void a_role_that_may_not_log_in_is_refused_as_an_owner_of_jobs() {
        from.createRole("hf_jobs", "LOGIN");
        to.createRole("hf_no_login", "");
        from.execute(
                "CREATE PROCEDURE act(job_id int, config jsonb) LANGUAGE sql AS 'SELECT 1'",
                "SET ROLE hf_jobs",
                "SELECT add_job('act', '1 hour')");

        List<Problem> problems = Migrations.between(from, to)
                .keepOwners()
                .mapRole("hf_jobs", "hf_no_login")
                .plan()
                .problems();

        assertThat(problems).filteredOn(Problem::blocks).singleElement().satisfies(it -> {
            assertThat(it.code()).isEqualTo(Problem.Code.ROLE_CANNOT_RUN_JOBS);
            assertThat(it.remedy()).contains("ALTER ROLE \"hf_no_login\" LOGIN");
        });
    }

    @Test
    void a_job_whose_procedure_is_gone_stays_behind_with_a_warning() {
        from.execute(
                "CREATE PROCEDURE act(job_id int, config jsonb) LANGUAGE sql AS 'SELECT 1'",
                "SELECT add_job('act', '1 hour')",
                "DROP PROCEDURE act");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(report.warnings()).extracting(Problem::code).contains(Problem.Code.JOB_LEFT_OUT);
    }

    @Test
    void what_comes_with_loading_straight_into_the_columnstore_does_not_come_twice() {
        assumeTrue(
                Stream.of(from, to).allMatch(it -> it.value("SELECT to_regproc('add_compaction_policy')") != null),
                "TimescaleDB has direct_compress as a property of tables since 2.29");
        from.execute(
                "ALTER TABLE \"O ps\".\"Read ings\" SET (timescaledb.direct_compress)",
                "ALTER TABLE counted SET (timescaledb.direct_compress)",
                "SELECT delete_job(id) FROM _timescaledb_config.bgw_job WHERE proc_name = 'policy_compression'"
                        + " AND hypertable_id = (SELECT id FROM _timescaledb_catalog.hypertable WHERE table_name = 'counted')",
                "SELECT alter_job(id, schedule_interval => '77 minutes', config => config || '{\"max_chunks\": 5}')"
                        + " FROM _timescaledb_config.bgw_job WHERE proc_name = 'policy_compaction'");
        List<@Nullable String> runs = Collections.synchronizedList(new ArrayList<>());

        MigrationReport report = Migrations.between(from, to)
                .listener(event -> {
                    if (isEndOf(event, Step.Verify.class)) {
                        runs.add(to.value(RUNS));
                    }
                })
                .run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(runs).containsExactly("0");
        assertThat(to.rows(JOBS)).isEqualTo(from.rows(JOBS)).hasSize(3);
    }
}
