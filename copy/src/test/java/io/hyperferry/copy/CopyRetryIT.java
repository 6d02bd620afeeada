package io.hyperferry.copy;

import static io.hyperferry.copy.Sides.APPLICATION;
import static io.hyperferry.copy.Sides.execute;
import static io.hyperferry.copy.Sides.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Faults;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TcpProxy;
import io.hyperferry.testkit.TcpProxy.Direction;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What fails for a passing reason is tried again, with new connections and a new claim: no row is lost, none comes twice. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
@Timeout(60)
class CopyRetryIT {

    private static final int TASKS = 40;
    private static final int ROWS = 2000;

    private final TestDatabase source;
    private final TestDatabase target;
    private final TcpProxy toSource;
    private final TcpProxy toTarget;
    private final List<CopyEvent.Retrying> retries = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger started = new AtomicInteger();

    CopyRetryIT(@Source TestDatabase source, @Target TestDatabase target) {
        this.source = source;
        this.target = target;
        toSource = TcpProxy.before(source);
        toTarget = TcpProxy.before(target);
    }

    @BeforeEach
    void tables() {
        target.execute(
                "DROP TABLE IF EXISTS rows, ledger",
                "CREATE TABLE rows (task int, i int)",
                "CREATE TABLE ledger (task int PRIMARY KEY, done boolean)",
                "INSERT INTO ledger SELECT i FROM generate_series(0, " + (TASKS - 1) + ") i");
    }

    @AfterEach
    void nothing_is_left_behind() {
        toSource.close();
        toTarget.close();
        Conditions.untilNone(source);
        Conditions.untilNone(target);
    }

    private CopyEngine engine() {
        return CopyEngine.from(CopySource.database(toSource.dataSource(APPLICATION)))
                .to(CopySink.database(toTarget.dataSource(APPLICATION)))
                .backoff(Duration.ofMillis(20), Duration.ofMillis(500))
                .listener(event -> {
                    if (event instanceof CopyEvent.Retrying retrying) {
                        retries.add(retrying);
                    } else if (event instanceof CopyEvent.Started) {
                        started.incrementAndGet();
                    }
                });
    }

    private static CopyTask numbered(int number) {
        return task("task " + number, "SELECT " + number + ", i FROM generate_series(1, " + ROWS + ") i", "rows");
    }

    /** A queue as a migration has it: tasks are rows of the target, locked by their claim and marked in its transaction. */
    private static final class LedgerQueue implements CopyQueue {

        @Override
        public Optional<CopyClaim> claim(Connection target) throws SQLException {
            try (Statement statement = target.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT task FROM ledger WHERE done IS NULL ORDER BY task LIMIT 1"
                                    + " FOR UPDATE SKIP LOCKED")) {
                return row.next() ? Optional.of(new Marked(row.getInt(1))) : Optional.empty();
            }
        }

        @Override
        public boolean takeBack(CopyClaim claim, boolean mayBeCommitted) {
            return true;
        }
    }

    private record Marked(int number) implements CopyClaim {

        @Override
        public CopyTask task() {
            return numbered(number);
        }

        @Override
        public void beforeCommit(Connection target, CopyResult result) throws SQLException {
            execute(target, "UPDATE ledger SET done = true WHERE task = " + number);
        }
    }

    private static CopyQueue inMemory() {
        return CopyQueue.of(
                IntStream.range(0, TASKS).mapToObj(CopyRetryIT::numbered).toList());
    }

    private void untilStarted(int tasks) {
        await().pollInterval(Duration.ofMillis(5)).until(() -> started.get() >= tasks);
    }

    private void assertAllOnce() {
        assertThat(target.value("SELECT count(*) || ' ' || count(DISTINCT (task, i)) FROM rows"))
                .isEqualTo(TASKS * ROWS + " " + TASKS * ROWS);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void a_network_that_breaks_on_the_source_side(Direction direction) {
        toSource.cutAfter(direction == Direction.TO_CLIENT ? 300_000 : 3_000, direction);

        CopySummary summary = engine().parallelism(3).run(inMemory());

        assertAllOnce();
        assertThat(toSource.cuts()).isEqualTo(1);
        assertThat(retries).singleElement().satisfies(retry -> {
            assertThat(retry.retry()).isEqualTo(1);
            assertThat(retry.failure().sqlState().orElseThrow()).startsWith("08");
            assertThat(retry.pause()).isBetween(Duration.ofMillis(15), Duration.ofMillis(25));
        });
        assertThat(summary.retries())
                .containsOnly(entry(retries.get(0).failure().sqlState().orElseThrow(), 1L));
        assertThat(summary.tasks()).isEqualTo(TASKS);
        assertThat(summary.rows()).isEqualTo((long) TASKS * ROWS);
    }

    @Test
    void a_network_that_breaks_on_the_target_side() {
        toTarget.cutAfter(300_000, Direction.TO_SERVER);

        engine().parallelism(3).run(inMemory());

        assertAllOnce();
        assertThat(toTarget.cuts()).isEqualTo(1);
        assertThat(retries).hasSize(1);
    }

    @Test
    void a_connection_lost_between_the_commit_and_its_answer_doubles_nothing() {
        toTarget.cutAnswerTo("COMMIT");

        CopySummary summary = engine().parallelism(1).run(new LedgerQueue());

        assertThat(toTarget.cuts()).isEqualTo(1);
        assertThat(retries)
                .singleElement()
                .satisfies(retry ->
                        assertThat(retry.failure().task().orElseThrow()).isEqualTo(numbered(0)));
        // The server had committed it: nobody copied it again.
        assertThat(summary.tasks()).isEqualTo(TASKS - 1);
        assertThat(target.count("SELECT count(*) FROM ledger WHERE done")).isEqualTo(TASKS);
        assertAllOnce();
    }

    @Test
    void without_a_mark_a_lost_answer_to_a_commit_is_final_and_said_so() {
        toTarget.cutAnswerTo("COMMIT");

        CopyException failure = catchThrowableOfType(
                CopyException.class, () -> engine().parallelism(1).run(inMemory()));

        assertThat(failure.getMessage())
                .startsWith("Copying task 0 failed on the target: whether it was committed is not known: ");
        assertThat(retries).isEmpty();
        assertThat(target.count("SELECT count(DISTINCT task) FROM rows")).isEqualTo(1);
    }

    @Test
    void both_networks_break_again_and_again() {
        CopyRun run = engine().parallelism(3).start(new LedgerQueue());
        for (int i = 0; i < 12; i++) {
            TcpProxy network = i % 2 == 0 ? toSource : toTarget;
            int cuts = network.cuts();
            network.cutAfter(50_000, i % 2 == 0 ? Direction.TO_CLIENT : Direction.TO_SERVER);
            await().pollInterval(Duration.ofMillis(1)).until(() -> run.isDone() || network.cuts() > cuts);
        }

        run.await();

        assertAllOnce();
        assertThat(retries).hasSizeGreaterThan(5);
    }

    @Test
    void a_stall_holds_it_up_and_is_no_failure() throws InterruptedException {
        CopyRun run = engine().parallelism(2).rateLimit(1_000_000).start(new LedgerQueue());
        untilStarted(2);
        toSource.stall();
        Thread.sleep(500);
        toSource.restore();

        run.await();

        assertAllOnce();
        assertThat(retries).isEmpty();
    }

    @Test
    void cancelled_while_the_network_stalls_it_ends_in_time() throws InterruptedException {
        CopyRun run = engine().parallelism(2).rateLimit(1_000_000).start(new LedgerQueue());
        untilStarted(2);
        toSource.stall();
        toTarget.stall();
        Thread.sleep(100);
        Instant begun = Instant.now();

        run.cancel();

        assertThatThrownBy(run::await).isInstanceOf(CopyCancelledException.class);
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void cancelled_while_it_waits_for_the_next_try_it_ends_at_once() throws InterruptedException {
        CopyRun run = engine().backoff(Duration.ofMinutes(1), Duration.ofMinutes(1))
                .parallelism(2)
                .rateLimit(1_000_000)
                .start(new LedgerQueue());
        untilStarted(2);
        toSource.cut();
        await().until(() -> retries.size() == 2);
        Instant begun = Instant.now();

        run.cancel();

        assertThatThrownBy(run::await).isInstanceOf(CopyCancelledException.class);
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofMillis(500));
    }

    @Test
    void it_gives_up_after_so_many_retries() {
        AtomicInteger tries = new AtomicInteger();
        CopyQueue queue = new CopyQueue() {
            @Override
            public Optional<CopyClaim> claim(Connection connection) {
                tries.incrementAndGet();
                return Optional.of(
                        () -> task("crowded", "SELECT 1, 1 FROM pg_terminate_backend(pg_backend_pid())", "rows"));
            }

            @Override
            public boolean takeBack(CopyClaim claim, boolean mayBeCommitted) {
                return !mayBeCommitted;
            }
        };

        CopyException failure = catchThrowableOfType(
                CopyException.class, () -> engine().parallelism(1).retries(3).run(queue));

        assertThat(tries).hasValue(4);
        assertThat(retries).extracting(CopyEvent.Retrying::retry).containsExactly(1, 2, 3);
        assertThat(failure.task().orElseThrow().name()).isEqualTo("crowded");
        assertThat(failure.sqlState().orElseThrow()).isIn("57P01", "08006");
    }

    @Test
    void a_deadlock_a_lock_timeout_and_a_statement_timeout_pass() {
        List<String> states = new ArrayList<>(List.of("40001", "40P01", "55P03", "53100", "57P03"));
        CopyQueue memory = inMemory();
        CopyQueue queue = new CopyQueue() {
            @Override
            public Optional<CopyClaim> claim(Connection connection) throws SQLException {
                if (!states.isEmpty()) {
                    String state = states.remove(0);
                    execute(connection, "DO $$ BEGIN RAISE SQLSTATE '" + state + "'; END $$");
                }
                return memory.claim(connection);
            }

            @Override
            public boolean takeBack(CopyClaim claim, boolean mayBeCommitted) {
                return memory.takeBack(claim, mayBeCommitted);
            }
        };

        CopySummary summary = engine().parallelism(1).run(queue);

        assertThat(summary.retries()).containsOnlyKeys("40001", "40P01", "55P03", "53100", "57P03");
        assertAllOnce();
    }

    @Test
    void a_query_that_an_administrator_cancels_is_final() {
        CopyTask asleep = task("asleep", "SELECT 1, 1 FROM pg_sleep(600)", "rows");
        CopyRun run = engine().parallelism(1).start(CopyQueue.of(List.of(asleep)));
        Conditions.untilQuery(source, "%pg_sleep(600)%");

        source.execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%'"
                + " AND pid <> pg_backend_pid()");

        assertThatThrownBy(run::await).hasMessageContaining("user request").hasMessageContaining("57014");
        assertThat(retries).isEmpty();
    }

    @Test
    void backends_that_are_terminated_are_replaced() {
        CopyRun run = engine().parallelism(3).rateLimit(1_000_000).start(new LedgerQueue());
        for (TestDatabase side : List.of(source, target, source)) {
            Conditions.until(side, "backend_type = 'client backend'");
            Faults.terminateBackends(side, APPLICATION);
        }

        run.await();

        assertAllOnce();
        assertThat(retries).isNotEmpty();
    }

    @Test
    void options_say_what_they_refuse() {
        assertThatThrownBy(() -> engine().retries(-1)).hasMessage("retries must not be negative: -1");
        assertThatThrownBy(() -> engine().backoff(Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessage("the first pause must be longer than zero: PT0S");
        assertThatThrownBy(() -> engine().backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessage("the longest pause, PT1S, is shorter than the first, PT2S");
    }
}
