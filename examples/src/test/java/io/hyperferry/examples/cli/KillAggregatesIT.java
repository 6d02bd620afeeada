package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command line is killed again and again while it makes continuous aggregates and jobs, with the source's jobs paused. The same command goes on
 * each time: no row of an aggregate is lost, no job comes twice, and the source's jobs are as they were.
 */
@ExtendWith(TimescaleExtension.class)
@RequiresCommunity
class KillAggregatesIT {
    private static final int KILLS = KillIT.KILLS;
    private static final List<String> VIEWS = List.of("hourly", "daily");

    /** All that a server says about its jobs; ids and owners are its own. */
    private static final String JOBS_OF_SOURCE =
            "SELECT to_jsonb(j)::text FROM timescaledb_information.jobs j WHERE job_id >= 1000 ORDER BY job_id";

    private static final String JOBS =
            "SELECT proc_name, coalesce(hypertable_name, '') AS relation, scheduled, schedule_interval, max_runtime, fixed_schedule,"
                    + " initial_start, config - 'mat_hypertable_id' - 'hypertable_id' AS config"
                    + " FROM timescaledb_information.jobs WHERE job_id >= 1000";

    @TempDir
    Path directory;

    private final List<String> story = new ArrayList<>();

    @Test
    void killed_again_and_again_it_keeps_every_row_and_makes_each_job_once(
            @Source TestDatabase source, @Target TestDatabase targets) throws IOException, InterruptedException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        story.add("seed " + seed);
        fill(source);
        List<List<@Nullable String>> jobs = source.rows(JOBS_OF_SOURCE);
        int kills = 0;
        while (kills < KILLS) {
            TestDatabase target = targets.createSibling("killed");
            for (boolean finished = false; !finished && kills < KILLS; ) {
                boolean killed = killOnce(source, target, random);
                kills += killed ? 1 : 0;
                finished = !killed;
            }
            finish(source, target);
            assertThat(source.rows(JOBS_OF_SOURCE)).as("%s", story).isEqualTo(jobs);
        }
        System.err.println("KillAggregatesIT: " + story);
    }

    /** Kills one run at a random moment of a random step; gives false when it ended before that. */
    private boolean killOnce(TestDatabase source, TestDatabase target, Random random)
            throws IOException, InterruptedException {
        CliProcess run = CliProcess.start(directory, Map.of(), words(source, target));
        long done = stepsDone(target);
        long until = done + 1 + random.nextInt(8);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !run.isAlive() || stepsDone(target) >= until);
        Thread.sleep(random.nextInt(150));
        boolean killed = run.isAlive();
        if (killed) {
            run.signal("KILL");
        }
        run.await();
        CliRuns.awaitNoSession(source, target);
        story.add((killed ? "killed with " : "ended with ") + stepsDone(target) + " steps done");
        return killed;
    }

    private void finish(TestDatabase source, TestDatabase target) {
        Captured last =
                CliProcess.start(directory, Map.of(), words(source, target)).await();

        assertThat(last.exit()).as("%s\n%s", story, last.err()).isZero();
        assertThat(last.out()).contains("Verified identical");
        for (String view : VIEWS) {
            String digest = "SELECT count(*) || ' ' || sum(hash_record_extended(v, 0)) FROM " + view + " v";
            assertThat(target.value(digest)).as("%s: %s", view, story).isEqualTo(source.value(digest));
        }
        String jobs = "SELECT string_agg(j::text, ' ' ORDER BY j::text) FROM (" + JOBS + ") j";
        assertThat(normalized(target, jobs)).as("%s", story).isEqualTo(normalized(source, jobs));
        target.execute("CALL refresh_continuous_aggregate('hourly', NULL, NULL)");
        assertThat(target.value("SELECT count(*) FROM hourly WHERE hour < '2026-01-20 00:00+00'"))
                .as("hours whose raw data is gone: %s", story)
                .isEqualTo(source.value("SELECT count(*) FROM hourly WHERE hour < '2026-01-20 00:00+00'"));
        story.add("finished and identical");
    }

    /** Until 2.19 the name that a job of an aggregate shows is the storage's, which every server chooses. */
    private static String normalized(TestDatabase database, String query) {
        return String.valueOf(database.value(query)).replaceAll("_materialized_hypertable_\\d+", "storage");
    }

    private static void fill(TestDatabase source) {
        source.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, sensor int NOT NULL, level float8)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, s, sin(extract(epoch FROM t)) + s"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01 00:00+00', '2026-01-30 23:59:00+00', '2 minutes') t,"
                        + " generate_series(1, 4) s",
                """
                CREATE MATERIALIZED VIEW hourly WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
                SELECT time_bucket('1 hour', time) AS hour, sensor, avg(level) AS level, count(*) AS n
                FROM readings GROUP BY 1, 2 WITH NO DATA""",
                """
                CREATE MATERIALIZED VIEW daily WITH (timescaledb.continuous, timescaledb.materialized_only = true) AS
                SELECT time_bucket('1 day', hour) AS day, sensor, max(level) AS level, sum(n) AS n
                FROM hourly GROUP BY 1, 2 WITH NO DATA""",
                "CALL refresh_continuous_aggregate('hourly', NULL, '2026-01-30 00:00+00')",
                "CALL refresh_continuous_aggregate('daily', NULL, '2026-01-29 00:00+00')",
                "SELECT drop_chunks('readings', older_than => TIMESTAMPTZ '2026-01-20 00:00+00')",
                "CREATE INDEX ON hourly (level)",
                "ALTER MATERIALIZED VIEW daily SET (timescaledb.compress, timescaledb.compress_segmentby = 'sensor')",
                "SELECT compress_chunk(c) FROM show_chunks('daily') c",
                "CREATE PROCEDURE tidy(job_id int, config jsonb) LANGUAGE plpgsql AS 'BEGIN NULL; END'",
                "SELECT add_continuous_aggregate_policy('hourly', NULL, INTERVAL '1 hour', INTERVAL '1 hour',"
                        + " initial_start => TIMESTAMPTZ '2100-01-01 00:00+00')",
                "SELECT add_continuous_aggregate_policy('daily', INTERVAL '30 days', INTERVAL '1 day', INTERVAL '1 day',"
                        + " initial_start => TIMESTAMPTZ '2100-01-01 00:00+00', timezone => 'Europe/Berlin')",
                "SELECT alter_job(add_retention_policy('readings', INTERVAL '10 years',"
                        + " initial_start => TIMESTAMPTZ '2100-01-01 00:00+00'), scheduled => false)",
                "SELECT add_job('tidy', INTERVAL '3 hours', '{\"much\": [1, null]}',"
                        + " initial_start => TIMESTAMPTZ '2100-01-01 00:00+00')");
    }

    private static List<String> words(TestDatabase source, TestDatabase target) {
        return CliRuns.words(source, target, "migrate", "--pause-source-jobs", "--parallelism", "2");
    }

    private static long stepsDone(TestDatabase target) {
        return target.value("SELECT to_regclass('hyperferry.step')::text") == null
                ? 0
                : target.count("SELECT count(*) FROM hyperferry.step WHERE done_at IS NOT NULL");
    }
}
