package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A command that paused the source's jobs is killed; the next one puts them back, whatever it is. */
@ExtendWith(TimescaleExtension.class)
@RequiresCommunity
class KilledPauseIT {
    private static final String STATE = """
            SELECT j.*, s.next_start FROM _timescaledb_config.bgw_job j
            LEFT JOIN _timescaledb_internal.bgw_job_stat s ON s.job_id = j.id WHERE j.id >= 1000 ORDER BY j.id""";
    private static final String SCHEDULED =
            "SELECT count(*) FROM _timescaledb_config.bgw_job WHERE id >= 1000 AND scheduled";

    @TempDir
    Path directory;

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
                        + " '2026-01-10 23:00 UTC', '1 hour') t",
                "CREATE PROCEDURE act(job_id int, config jsonb) LANGUAGE sql AS 'SELECT 1'",
                "SELECT add_job('act', '1 hour', initial_start => '2042-01-01 UTC', timezone => 'Asia/Tokyo')",
                "SELECT add_job('act', '1 hour', initial_start => '2043-01-01 UTC', timezone => 'Asia/Tokyo',"
                        + " scheduled => false)",
                "SELECT add_retention_policy('readings', INTERVAL '100 years', initial_start => '2041-01-01 UTC')");
    }

    /** Kills it while the newest chunk cannot be read. */
    private void killWhileCopying() throws SQLException, IOException, InterruptedException {
        String chunk = from.value("SELECT c::text FROM show_chunks('readings') c ORDER BY c DESC LIMIT 1");
        try (Connection blocker = from.connect();
                Statement statement = blocker.createStatement()) {
            CliProcess run = CliProcess.start(directory, Map.of(), words("migrate", "--pause-source-jobs"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> from.count(SCHEDULED) == 0);
            // The dump of the schema is over when the ledger is there.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> to.value("SELECT to_regclass('hyperferry.run')") != null);
            blocker.setAutoCommit(false);
            statement.execute("LOCK TABLE " + chunk + " IN ACCESS EXCLUSIVE MODE");
            assertThat(run.isAlive()).isTrue();
            run.signal("KILL");
            run.await();
            blocker.rollback();
        }
        assertThat(from.count(SCHEDULED)).isZero();
    }

    @Test
    void the_same_command_puts_them_back_in_the_end() throws SQLException, IOException, InterruptedException {
        List<List<@Nullable String>> before = from.rows(STATE);
        killWhileCopying();

        Captured again = run(words("migrate", "--pause-source-jobs"));

        assertThat(again.exit()).as(again.err()).isEqualTo(Exit.DONE);
        assertThat(from.rows(STATE)).isEqualTo(before);
        assertThat(to.count(SCHEDULED))
                .as("the target has the state before the pause")
                .isEqualTo(2);
    }

    @Test
    void the_command_without_the_option_puts_them_back_first() throws SQLException, IOException, InterruptedException {
        List<List<@Nullable String>> before = from.rows(STATE);
        killWhileCopying();

        Captured again = run(words("migrate"));

        assertThat(again.exit()).as(again.err()).isEqualTo(Exit.DONE);
        assertThat(from.rows(STATE)).isEqualTo(before);
        assertThat(to.value("SELECT to_regclass('hyperferry.paused_job')")).isNull();
    }

    @Test
    void clean_up_puts_them_back_and_asks_for_the_source() throws SQLException, IOException, InterruptedException {
        List<List<@Nullable String>> before = from.rows(STATE);
        killWhileCopying();

        Captured refused = run(List.of("clean-up", "--target", to.url()));

        assertThat(refused.exit()).isEqualTo(Exit.FAILED);
        assertThat(refused.err()).contains("error SOURCE_JOBS", from.name(), "--source");
        assertThat(to.value("SELECT to_regclass('hyperferry.run')")).isNotNull();

        Captured cleaned = run(List.of("clean-up", "--source", from.url(), "--target", to.url()));

        assertThat(cleaned.exit()).as(cleaned.err()).isEqualTo(Exit.DONE);
        assertThat(from.rows(STATE)).isEqualTo(before);
        assertThat(to.value("SELECT to_regnamespace('hyperferry')")).isNull();
    }

    @Test
    void killed_at_any_moment_the_next_run_puts_them_back() throws IOException, InterruptedException {
        List<List<@Nullable String>> before = from.rows(STATE);
        for (int millis = 600; millis < 3000; millis += 400) {
            CliProcess run = CliProcess.start(directory, Map.of(), words("migrate", "--pause-source-jobs"));
            Thread.sleep(millis);
            run.signal("KILL");
            run.await();
        }

        Captured last = run(words("migrate"));

        assertThat(last.exit()).as(last.err()).isEqualTo(Exit.DONE);
        assertThat(from.rows(STATE)).isEqualTo(before);
    }

    private Captured run(List<String> words) {
        return CliProcess.start(directory, Map.of(), words).await();
    }

    private List<String> words(String... command) {
        return CliRuns.words(from, to, command);
    }
}
