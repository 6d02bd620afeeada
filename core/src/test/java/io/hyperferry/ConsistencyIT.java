package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens on the source between the snapshot and a slice's turn neither loses a row silently nor doubles one. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class ConsistencyIT {
    private TestDatabase from;
    private TestDatabase to;

    @BeforeEach
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        from.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, n int)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, 1"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01 00:00+00', '2026-01-04 23:59+00', '1 minute') t",
                "CREATE TABLE plain (n int)",
                "INSERT INTO plain VALUES (1), (2)");
    }

    /** Runs a migration, and some SQL on the source when the plan is made and nothing is read yet. */
    private MigrationReport runWith(Consistency consistency, String... meanwhile) {
        AtomicBoolean done = new AtomicBoolean();
        MigrationReport report = Migrations.between(from, to)
                .splitBy(Duration.ofHours(12))
                .consistency(consistency)
                .listener(event -> {
                    if (event instanceof MigrationEvent.StepStarted step && step.step() instanceof Step.CopyData) {
                        from.execute(meanwhile);
                        done.set(true);
                    }
                })
                .run();
        assertThat(done).as("the listener's exceptions are only logged").isTrue();
        return report;
    }

    private static Map<String, Long> readings(MigrationReport report, String table) {
        return report.tables().stream()
                .filter(it -> it.table().name().equals(table))
                .findFirst()
                .orElseThrow()
                .readings();
    }

    @Test
    void rows_written_after_the_snapshot_stay_away() {
        MigrationReport report = runWith(
                Consistency.SNAPSHOT,
                "INSERT INTO readings VALUES ('2026-01-02 12:00:30+00', 99)",
                "DELETE FROM plain WHERE n = 1");

        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(4 * 1440);
        assertThat(to.count("SELECT count(*) FROM plain")).isEqualTo(2);
        assertThat(readings(report, "readings")).isEqualTo(Map.of("SNAPSHOT", 8L));
    }

    @Test
    void each_slice_reads_what_is_there_when_its_turn_comes() {
        MigrationReport report =
                runWith(Consistency.EACH_SLICE, "INSERT INTO readings VALUES ('2026-01-02 12:00:30+00', 99)");

        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(4 * 1440 + 1);
        assertThat(readings(report, "readings")).isEqualTo(Map.of("EACH_SLICE", 8L));
    }

    @Test
    void a_chunk_that_retention_dropped_is_said_to_be_gone() {
        MigrationReport report = runWith(
                Consistency.SNAPSHOT,
                "SELECT drop_chunks('readings', older_than => TIMESTAMPTZ '2026-01-02 00:00+00')");

        assertThat(readings(report, "readings")).isEqualTo(Map.of("SNAPSHOT", 6L, "DROPPED", 2L));
        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(3 * 1440);
        assertThat(report.toText()).contains("2 slices were dropped on the source meanwhile");
    }

    @Test
    void a_truncated_table_is_read_as_it_is_and_said_to_be_rewritten() {
        MigrationReport report = runWith(Consistency.SNAPSHOT, "TRUNCATE plain", "INSERT INTO plain VALUES (7)");

        assertThat(readings(report, "plain")).isEqualTo(Map.of("REWRITTEN", 1L));
        assertThat(to.value("SELECT string_agg(n::text, ',') FROM plain")).isEqualTo("7");
    }

    @Test
    @RequiresCommunity
    void a_chunk_that_was_compressed_meanwhile_loses_and_doubles_nothing() {
        from.execute("ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'n')");

        MigrationReport report = runWith(
                Consistency.SNAPSHOT,
                "INSERT INTO readings VALUES ('2026-01-01 12:00:30+00', 1)",
                "SELECT compress_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-03 00:00+00') c");

        assertThat(readings(report, "readings")).isEqualTo(Map.of("SNAPSHOT", 4L, "REWRITTEN", 4L));
        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(4 * 1440 + 1);
    }

    @Test
    @RequiresCommunity
    void compressed_and_partially_compressed_chunks_lose_no_row() {
        from.execute(
                "ALTER TABLE readings SET (timescaledb.compress)",
                "SELECT compress_chunk(c) FROM show_chunks('readings') c",
                "INSERT INTO readings VALUES ('2026-01-02 12:00:30+00', 99)");

        MigrationReport report = runWith(Consistency.SNAPSHOT);

        assertThat(report.identical()).isTrue();
        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(4 * 1440 + 1);
        assertThat(to.count("SELECT count(*) FROM timescaledb_information.chunks WHERE is_compressed"))
                .isEqualTo(4);
    }

    @Test
    @RequiresCommunity
    void an_aggregate_that_is_excluded_and_what_reads_it_stay_behind_and_are_named() {
        from.execute(
                "CREATE MATERIALIZED VIEW hourly WITH (timescaledb.continuous) AS"
                        + " SELECT time_bucket('1 hour', time) AS bucket, count(*) FROM readings GROUP BY 1",
                "CREATE VIEW on_hourly AS SELECT * FROM hourly",
                "CREATE FUNCTION hourly_count() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM on_hourly; END",
                "CREATE VIEW beside AS SELECT time_bucket('1 day', time) FROM readings",
                "COMMENT ON VIEW on_hourly IS 'gone, too'");

        MigrationReport report = Migrations.between(from, to).exclude("hourly").run();

        assertThat(report.leftOut())
                .anyMatch(it -> it.startsWith("public.hourly: "))
                .anyMatch(it -> it.startsWith("public.on_hourly: reads public.hourly"))
                .anyMatch(it -> it.startsWith("FUNCTION public.hourly_count(): needs VIEW public.on_hourly"));
        assertThat(to.count("SELECT count(*) FROM pg_views WHERE viewname IN ('hourly', 'on_hourly')"))
                .isZero();
        assertThat(to.count("SELECT count(*) FROM beside")).isEqualTo(4 * 1440);
    }
}
