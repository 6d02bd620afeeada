package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.testkit.Faults;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresTimescale;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The source's jobs are paused when asked for, and in their exact state again afterwards, whatever happens. */
@ExtendWith(TimescaleExtension.class)
@RequiresCommunity
@RequiresTimescale("2.12+")
class PauseSourceJobsIT {
    private static final String STATE = """
            SELECT j.*, s.next_start FROM _timescaledb_config.bgw_job j
            LEFT JOIN _timescaledb_internal.bgw_job_stat s ON s.job_id = j.id WHERE j.id >= 1000 ORDER BY j.id""";
    private static final String SCHEDULED = """
            SELECT count(*) FROM _timescaledb_config.bgw_job WHERE id >= 1000 AND scheduled""";

    private TestDatabase from;
    private TestDatabase to;

    @BeforeEach
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        from.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, n int)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, 1 FROM generate_series(TIMESTAMPTZ '2026-01-01 UTC',"
                        + " '2026-01-03 23:00 UTC', '1 hour') t",
                "SELECT add_retention_policy('readings', INTERVAL '100 years', initial_start => '2041-01-01 UTC',"
                        + " timezone => 'Europe/Berlin')",
                "CREATE PROCEDURE act(job_id int, config jsonb) LANGUAGE sql AS 'SELECT 1'",
                "SELECT add_job('act', '1 hour', initial_start => '2042-01-01 UTC', timezone => 'Asia/Tokyo')",
                "SELECT add_job('act', '1 hour', initial_start => '2043-01-01 UTC', timezone => 'Asia/Tokyo', scheduled => false)",
                "SELECT add_job('act', '2 hours', fixed_schedule => false, initial_start => '2044-01-01 UTC',"
                        + " timezone => 'America/Lima')",
                "SELECT alter_job(add_job('act', '3 hours'), next_start => 'infinity')");
    }

    private Migration pausing() {
        return Migrations.between(from, to).pauseSourceJobs();
    }

    @Test
    void they_are_paused_while_it_runs_and_as_before_at_the_end() {
        List<List<@Nullable String>> before = from.rows(STATE);
        List<Long> during = Collections.synchronizedList(new ArrayList<>());

        MigrationReport report = pausing()
                .listener(event -> {
                    if (event instanceof MigrationEvent.StepStarted) {
                        during.add(from.count(SCHEDULED));
                    }
                })
                .run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(during).isNotEmpty().containsOnly(0L);
        assertThat(from.rows(STATE)).isEqualTo(before);
        assertThat(to.count(SCHEDULED))
                .as("the target has the state before the pause")
                .isEqualTo(4);
        assertThat(Migrations.between(from, to).verify().identical()).isTrue();
        assertThat(to.value("SELECT to_regclass('hyperferry.paused_job')")).isNull();
    }

    @Test
    void without_being_asked_for_they_are_left_alone() {
        List<Long> during = Collections.synchronizedList(new ArrayList<>());
        String versions = "SELECT id, xmin FROM _timescaledb_config.bgw_job WHERE id >= 1000 ORDER BY id";
        boolean table = "r"
                .equals(from.value("SELECT relkind FROM pg_class WHERE oid = '_timescaledb_config.bgw_job'::regclass"));
        List<List<@Nullable String>> before = table ? from.rows(versions) : List.of();

        Migrations.between(from, to)
                .listener(event -> during.add(from.count(SCHEDULED)))
                .run();

        assertThat(during).containsOnly(4L);
        assertThat(table ? from.rows(versions) : List.of()).isEqualTo(before);
    }

    @Test
    void after_a_failure_they_are_as_before() {
        from.execute(
                "CREATE FUNCTION fails(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS"
                        + " $$ BEGIN IF current_setting('hyperferry_test.broken', true) = 'yes'"
                        + " THEN RAISE EXCEPTION 'broken on purpose'; END IF; RETURN $1; END $$",
                "CREATE INDEX breaks ON readings (fails(n))");
        to.superuser().execute("ALTER DATABASE \"" + to.name() + "\" SET hyperferry_test.broken = 'yes'");
        List<List<@Nullable String>> before = from.rows(STATE);

        assertThatThrownBy(pausing()::run).hasMessageContaining("broken on purpose");

        assertThat(from.rows(STATE)).isEqualTo(before);
        to.superuser().execute("ALTER DATABASE \"" + to.name() + "\" RESET hyperferry_test.broken");
        assertThat(Migrations.between(from, to).run().identical())
                .as("gone on with without pausing")
                .isTrue();
        assertThat(from.rows(STATE)).isEqualTo(before);
    }

    @Test
    void while_a_run_begins_anew_they_stay_paused() {
        List<List<@Nullable String>> before = from.rows(STATE);
        List<Long> during = Collections.synchronizedList(new ArrayList<>());
        AtomicBoolean struck = new AtomicBoolean();

        MigrationReport report = pausing()
                .backoff(Duration.ofMillis(20), Duration.ofMillis(100))
                .listener(event -> {
                    if (event instanceof MigrationEvent.StepStarted step
                            && step.step() instanceof Step.RestorePostData
                            && struck.compareAndSet(false, true)) {
                        Faults.terminateBackends(to, "hyperferry");
                    } else if (event instanceof MigrationEvent.Restarting || event instanceof MigrationEvent.Finished) {
                        during.add(from.count(SCHEDULED));
                    }
                })
                .retries(1)
                .run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(during).containsExactly(0L, 0L);
        assertThat(from.rows(STATE)).isEqualTo(before);
    }

    @Test
    void after_a_cancellation_they_are_as_before() throws InterruptedException {
        List<List<@Nullable String>> before = from.rows(STATE);
        CountDownLatch copying = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        MigrationRun run = pausing()
                .listener(event -> {
                    if (event instanceof MigrationEvent.StepStarted step && step.step() instanceof Step.CopyData) {
                        copying.countDown();
                        await(cancelled);
                    }
                })
                .start();
        await(copying);
        assertThat(from.count(SCHEDULED)).isZero();

        run.cancel();
        cancelled.countDown();

        assertThatThrownBy(run::await).isInstanceOf(MigrationCancelledException.class);
        assertThat(from.rows(STATE)).isEqualTo(before);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void what_the_preflight_refuses_pauses_nothing_and_leaves_no_trace() {
        to.execute("CREATE TABLE mine (id int)");
        List<List<@Nullable String>> before = from.rows(STATE);

        assertThatThrownBy(pausing()::run).isInstanceOf(PreflightException.class);

        assertThat(from.rows(STATE)).isEqualTo(before);
        assertThat(to.value("SELECT to_regnamespace('hyperferry')")).isNull();
    }

    @Test
    void jobs_of_a_role_that_the_sources_role_may_not_act_as_are_refused() {
        from.createRole("hf_pauser", "LOGIN PASSWORD 'x'");
        String url = from.url().replaceFirst("//[^@]*@", "//hf_pauser:x@");
        Migration migration =
                Migration.from(url).to(to.url()).pgTools(Migrations.tools(to)).pauseSourceJobs();
        from.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC");

        PreflightException refused = catchThrowableOfType(PreflightException.class, migration::run);

        assertThat(refused.problems())
                .filteredOn(Problem::blocks)
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.code()).isEqualTo(Problem.Code.JOBS_NOT_PAUSABLE);
                    assertThat(it.message()).contains("4 jobs");
                    assertThat(it.remedy()).contains("GRANT \"" + from.user() + "\" TO \"hf_pauser\"");
                });
        assertThat(migration.plan().problems()).extracting(Problem::code).contains(Problem.Code.JOBS_NOT_PAUSABLE);
        assertThat(Migrations.isUntouched(to)).isTrue();
    }

    @Test
    void a_job_that_runs_is_waited_for_and_one_that_runs_for_too_long_is_named() {
        from.execute(
                "CREATE PROCEDURE slow(job_id int, config jsonb) LANGUAGE plpgsql AS $$ BEGIN"
                        + " PERFORM pg_sleep((config ->> 'seconds')::float); END $$",
                "SELECT add_job('slow', '1 hour', config => '{\"seconds\": 12}', fixed_schedule => false)");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> from.count("SELECT count(*) FROM timescaledb_information.job_stats"
                                + " WHERE job_status = 'Running'")
                        == 1);

        MigrationException tooLong = catchThrowableOfType(
                MigrationException.class,
                () -> Migrations.between(from, to)
                        .pauseSourceJobs(Duration.ofMillis(500))
                        .run());

        assertThat(tooLong.code()).isEqualTo(MigrationException.Code.SOURCE_JOBS);
        assertThat(tooLong).hasMessageContaining("public.slow");
        assertThat(from.count(SCHEDULED)).isEqualTo(5);
        assertThat(to.value("SELECT to_regnamespace('hyperferry')")).isNull();
        List<Long> running = Collections.synchronizedList(new ArrayList<>());
        MigrationReport report = pausing()
                .listener(event -> {
                    if (event instanceof MigrationEvent.Planned) {
                        running.add(from.count("SELECT count(*) FROM timescaledb_information.job_stats"
                                + " WHERE job_status = 'Running'"));
                    }
                })
                .run();
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(running).containsExactly(0L);
    }

    @Test
    void a_job_that_somebody_scheduled_or_removed_meanwhile_is_left_alone() {
        String tokyo = "(SELECT min(id) FROM _timescaledb_config.bgw_job WHERE timezone = 'Asia/Tokyo')";

        pausing()
                .listener(event -> {
                    if (event instanceof MigrationEvent.StepStarted step && step.step() instanceof Step.ScheduleJobs) {
                        from.execute(
                                "SELECT alter_job(" + tokyo + ", scheduled => true, timezone => 'Asia/Seoul')",
                                "SELECT delete_job(id) FROM _timescaledb_config.bgw_job"
                                        + " WHERE proc_name = 'policy_retention'");
                    }
                })
                .run();

        assertThat(from.count(SCHEDULED)).isEqualTo(3);
        assertThat(from.count("SELECT count(*) FROM _timescaledb_config.bgw_job WHERE timezone = 'Asia/Seoul'"))
                .isEqualTo(1);
    }
}
