package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.MigrationReport.Retry;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TcpProxy;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a run gets over by itself while it copies, and how it says so. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class FaultsDuringCopyIT {
    private static final String DIGEST = "SELECT count(*) || ' ' || sum(hash_record_extended(r, 0)) FROM readings r";

    /** As the protocol ends a statement, which tells it from READ COMMITTED. */
    private static final String COMMIT = "COMMIT\0";

    private TestDatabase from;
    private TestDatabase to;
    private TcpProxy network;

    @BeforeEach
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        network = TcpProxy.before(to);
        from.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, n int)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, extract(epoch FROM t)::bigint % 1000 FROM generate_series("
                        + "TIMESTAMPTZ '2026-01-01 UTC', '2026-01-06 23:59 UTC', '1 minute') t");
    }

    @AfterEach
    void close() {
        network.close();
        Migrations.awaitNoSession(from, to);
    }

    private Migration migration(Runnable whenCopyingBegins) {
        return Migration.from(from.url())
                .to(network.url())
                .pgTools(Migrations.tools(to))
                .parallelism(1)
                .backoff(Duration.ofMillis(20), Duration.ofMillis(200))
                .listener(event -> {
                    events.add(event);
                    if (event instanceof MigrationEvent.StepStarted step && step.step() instanceof Step.CopyData) {
                        whenCopyingBegins.run();
                    }
                });
    }

    private final List<MigrationEvent> events = new ArrayList<>();

    private void assertArrived() {
        assertThat(to.value(DIGEST)).isEqualTo(from.value(DIGEST));
        assertThat(to.value("SELECT sum(row_count)::text FROM hyperferry.slice"))
                .isEqualTo(to.value("SELECT count(*)::text FROM readings"));
    }

    @Test
    void a_connection_lost_between_commit_and_answer_loses_and_doubles_nothing() {
        MigrationReport report = migration(() -> network.cutAnswerTo(COMMIT)).run();

        assertThat(network.cuts()).isEqualTo(1);
        assertArrived();
        assertThat(report.retries())
                .singleElement()
                .satisfies(it -> assertThat(it.reason()).startsWith("08"))
                .extracting(Retry::what, Retry::times)
                .containsExactly("slice 1 of public.readings", 1L);
        assertThat(report.toText()).contains("Tried again:", "slice 1 of public.readings: 1 time after SQLState 08");
        assertThat(report.snapshots()).isEqualTo(1);
        assertThat(events).filteredOn(MigrationEvent.Retrying.class::isInstance).hasSize(1);
    }

    @Test
    void a_lost_snapshot_is_replaced_and_the_report_says_so() {
        MigrationReport report = migration(() -> from.execute("SELECT pg_terminate_backend(pid, 10000)"
                        + " FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND query LIKE '%pg_export_snapshot%' AND pid <> pg_backend_pid()"))
                .run();

        assertArrived();
        assertThat(report.snapshots()).isEqualTo(2);
        assertThat(report.tables().get(0).readings()).containsOnlyKeys("LATER_SNAPSHOT");
        assertThat(report.toText())
                .contains("6 slices were read under a later snapshot", "in one run with 2 snapshots");
        assertThat(report.retries()).isEmpty();
    }

    @Test
    void without_retries_the_run_ends_and_the_next_one_goes_on() {
        assertThatThrownBy(() ->
                        migration(() -> network.cutAnswerTo(COMMIT)).retries(0).run())
                .isInstanceOfSatisfying(
                        MigrationException.class,
                        e -> assertThat(e.code()).isEqualTo(MigrationException.Code.STEP_FAILED))
                .hasMessageContaining("run it again to go on from there");

        MigrationReport report = migration(() -> {}).run();

        assertArrived();
        assertThat(report.attempts()).isEqualTo(2);
        assertThat(report.snapshots()).isEqualTo(2);
    }
}
