package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.MigrationEvent.Restarting;
import io.hyperferry.MigrationReport.Retry;
import io.hyperferry.MigrationReport.StepResult;
import io.hyperferry.MigrationReport.TableResult;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Faults;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TcpProxy;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that loses the connections that lead it begins anew by itself, and says so. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class RestartIT {
    private static final String DIGEST = "SELECT count(*) || ' ' || sum(hash_record_extended(r, 0)) FROM readings r";

    /** The session that holds the lock of the run. */
    private static final String KILL_LEADER =
            "SELECT count(pg_terminate_backend(pid, 10000)) FROM (SELECT DISTINCT l.pid"
                    + " FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted"
                    + " AND a.datname = current_database() AND a.application_name = 'hyperferry') leader";

    private final List<MigrationEvent> events = Collections.synchronizedList(new ArrayList<>());
    private TestDatabase from;
    private TestDatabase to;

    @BeforeEach
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source;
        to = target.createSibling("to");
        if (from.value("SELECT to_regclass('readings')::text") == null) {
            Migrations.fillReadings(from, 6);
            from.execute(
                    "CREATE INDEX ON readings (n)",
                    "CREATE TABLE small (id int PRIMARY KEY)",
                    "INSERT INTO small SELECT generate_series(1, 10)");
        }
    }

    @AfterEach
    void leaveNothingBehind() {
        Migrations.awaitNoSession(from, to);
    }

    private Migration migration(Consumer<MigrationEvent> onEvent) {
        return Migrations.between(from, to)
                .backoff(Duration.ofMillis(20), Duration.ofMillis(200))
                .listener(event -> {
                    events.add(event);
                    onEvent.accept(event);
                });
    }

    private List<Restarting> restarts() {
        return events.stream()
                .filter(Restarting.class::isInstance)
                .map(Restarting.class::cast)
                .toList();
    }

    private static boolean begins(MigrationEvent event, String step) {
        return event instanceof MigrationEvent.StepStarted started
                && started.step().getClass().getSimpleName().equals(step);
    }

    private void assertArrived(MigrationReport report) {
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.value(DIGEST)).isEqualTo(from.value(DIGEST));
        assertThat(to.value("SELECT sum(row_count)::text FROM hyperferry.slice"))
                .isEqualTo(to.value("SELECT ((SELECT count(*) FROM readings) + (SELECT count(*) FROM small))::text"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RestorePreData", "CopyData", "RestorePostData", "Verify"})
    void a_leading_session_that_is_killed_in_any_step_is_replaced(String step) {
        AtomicBoolean struck = new AtomicBoolean();

        MigrationReport report = migration(event -> {
                    if (begins(event, step) && struck.compareAndSet(false, true)) {
                        assertThat(to.count(KILL_LEADER)).isEqualTo(1);
                    }
                })
                .run();

        assertArrived(report);
        assertThat(report.attempts()).isEqualTo(1);
        assertThat(report.steps()).noneMatch(StepResult::earlier);
        assertThat(report.snapshots())
                .as("the snapshot outlives the target's session")
                .isEqualTo(1);
        assertThat(restarts()).singleElement().satisfies(it -> {
            assertThat(it.restart()).isEqualTo(1);
            assertThat(it.reason()).startsWith("57P01");
            assertThat(it.step()).isPresent();
        });
        assertThat(report.retries()).extracting(Retry::reason).containsExactly("57P01");
        assertThat(report.toText()).contains("Tried again:\n  the run, at: ");
        assertThat(events).filteredOn(MigrationEvent.Planned.class::isInstance).hasSize(1);
        assertThat(events)
                .filteredOn(MigrationEvent.StepFinished.class::isInstance)
                .as("no step is told twice")
                .hasSameSizeAs(report.steps());
        assertThat(to.count("SELECT count(*) FROM hyperferry.attempt")).isEqualTo(1);
    }

    @Test
    void all_sessions_of_the_target_may_be_killed_while_rows_travel() {
        AtomicBoolean struck = new AtomicBoolean();

        MigrationReport report = migration(event -> {
                    if (event instanceof MigrationEvent.SliceCopied && struck.compareAndSet(false, true)) {
                        assertThat(Faults.terminateBackends(to, "hyperferry")).isPositive();
                    }
                })
                .run();

        assertArrived(report);
        assertThat(restarts()).hasSize(1);
        assertThat(report.tables()).allSatisfy(it -> {
            assertThat(it.readings()).containsOnlyKeys("SNAPSHOT");
            assertThat(it.slicesNow()).isEqualTo(it.slices());
        });
    }

    @Test
    void a_plan_that_could_not_be_made_is_made_anew() {
        try (TcpProxy network = TcpProxy.before(from)) {
            network.cutAnswerTo("pg_export_snapshot");

            MigrationReport report = Migration.from(network.url())
                    .to(to.url())
                    .pgTools(Migrations.tools(to))
                    .backoff(Duration.ofMillis(20), Duration.ofMillis(200))
                    .listener(events::add)
                    .run();

            assertThat(network.cuts()).isEqualTo(1);
            assertArrived(report);
            assertThat(report.attempts()).isEqualTo(1);
            assertThat(report.retries()).extracting(Retry::what).containsExactly("the run, between two steps");
        }
    }

    @Test
    void a_run_that_does_not_get_on_says_how_to_go_on_and_the_next_one_does() {
        Migration failing = migration(event -> {
            if (begins(event, "RestorePostData")) {
                to.count(KILL_LEADER);
            }
        });

        MigrationException failure = catchThrowableOfType(
                MigrationException.class, () -> failing.retries(2).run());

        assertThat(failure.code()).isEqualTo(MigrationException.Code.STEP_FAILED);
        assertThat(failure)
                .hasMessageContaining("57P01")
                .hasMessageContaining("restarted 2 times in a row without progress")
                .hasMessageContaining("run it again to go on from there");
        assertThat(restarts()).extracting(Restarting::restart).containsExactly(1, 2);

        MigrationReport report = Migrations.between(from, to).run();

        assertArrived(report);
        assertThat(report.attempts()).isEqualTo(2);
        assertThat(report.tables()).extracting(TableResult::slicesNow).containsOnly(0);
    }

    @Test
    void what_it_gets_done_gives_it_new_patience() {
        Set<Integer> struck = ConcurrentHashMap.newKeySet();

        MigrationReport report = migration(event -> {
                    if (event instanceof MigrationEvent.StepStarted started && struck.add(started.number())) {
                        to.count(KILL_LEADER);
                    }
                })
                .retries(1)
                .run();

        assertArrived(report);
        assertThat(restarts())
                .hasSameSizeAs(report.steps())
                .extracting(Restarting::restart)
                .containsOnly(1);
    }

    @Test
    void a_lost_network_does_not_leave_the_lock_with_a_session_that_still_works() throws SQLException {
        try (TcpProxy network = TcpProxy.before(to);
                Connection blocker = to.connect()) {
            blocker.setAutoCommit(false);
            List<CompletableFuture<Void>> cut = new ArrayList<>();
            AtomicBoolean struck = new AtomicBoolean();
            MigrationReport report = Migration.from(from.url())
                    .to(network.url())
                    .pgTools(Migrations.tools(to))
                    .backoff(Duration.ofMillis(20), Duration.ofMillis(200))
                    .listener(event -> {
                        events.add(event);
                        if (begins(event, "Analyze") && struck.compareAndSet(false, true)) {
                            lockSmall(blocker);
                            cut.add(CompletableFuture.runAsync(() -> cutWhileItWaits(network, blocker)));
                        }
                    })
                    .run();

            assertThat(cut).singleElement().satisfies(CompletableFuture::join);
            assertArrived(report);
            assertThat(restarts()).hasSize(1);
        }
    }

    private static void lockSmall(Connection blocker) {
        try (Statement statement = blocker.createStatement()) {
            statement.execute("LOCK TABLE small IN ACCESS EXCLUSIVE MODE");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A session that waits for a lock hears nothing of its client: it goes on only when the lock is there, or it is ended. */
    private void cutWhileItWaits(TcpProxy network, Connection blocker) {
        String waiting = "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'hyperferry' AND wait_event_type = 'Lock'";
        Awaitility.await().until(() -> to.value(waiting) != null);
        String leader = to.value(waiting);
        network.cut();
        Awaitility.await().until(() -> to.count("SELECT count(*) FROM pg_stat_activity WHERE pid = " + leader) == 0);
        try {
            blocker.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_run_that_waits_to_begin_anew_can_be_cancelled() {
        AtomicBoolean waiting = new AtomicBoolean();
        MigrationRun run = migration(event -> {
                    if (begins(event, "RestorePostData")) {
                        to.count(KILL_LEADER);
                    } else if (event instanceof Restarting) {
                        waiting.set(true);
                    }
                })
                .backoff(Duration.ofMinutes(5), Duration.ofMinutes(5))
                .start();
        Awaitility.await().untilTrue(waiting);

        run.cancel();

        assertThat(catchThrowableOfType(MigrationException.class, run::await).code())
                .isEqualTo(MigrationException.Code.CANCELLED);
        assertThat(restarts()).hasSize(1);
    }
}
