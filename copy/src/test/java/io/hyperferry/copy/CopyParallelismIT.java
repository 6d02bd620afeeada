package io.hyperferry.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Workers come and go while a run is under way, and every row arrives once. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
@Timeout(60)
class CopyParallelismIT {

    private static final int ROWS = 100;

    private final TestDatabase target;
    private final Sides sides;

    CopyParallelismIT(@Source TestDatabase source, @Target TestDatabase target) {
        this.target = target;
        this.sides = new Sides(source, target);
    }

    @BeforeEach
    void tables() {
        target.execute("DROP TABLE IF EXISTS rows", "CREATE UNLOGGED TABLE rows (i int)");
    }

    @AfterEach
    void nothing_is_left_behind() {
        sides.assertClean();
        sides.close();
    }

    private static CopyQueue tasks(int count) {
        return CopyQueue.of(IntStream.range(0, count)
                .mapToObj(i -> Sides.task(
                        "part " + i,
                        "SELECT g FROM generate_series(" + i * ROWS + ", " + (i * ROWS + ROWS - 1) + ") g",
                        "rows"))
                .toList());
    }

    /** Tasks that go no further than to their commit, until they are let through. */
    private static final class Gate implements CopyQueue {

        private final CopyQueue tasks;
        private final AtomicInteger waiting = new AtomicInteger();
        private final Semaphore open = new Semaphore(0, true);

        Gate(int count) {
            tasks = tasks(count);
        }

        @Override
        public Optional<CopyClaim> claim(Connection connection) throws SQLException {
            return tasks.claim(connection).map(claim -> new CopyClaim() {
                @Override
                public CopyTask task() {
                    return claim.task();
                }

                @Override
                public void beforeCommit(Connection connection, CopyResult result) throws SQLException {
                    waiting.incrementAndGet();
                    try {
                        open.acquire();
                    } catch (InterruptedException e) {
                        throw new SQLException("the gate stayed shut", e);
                    } finally {
                        waiting.decrementAndGet();
                    }
                }
            });
        }

        /** Until so many tasks stand before the gate. */
        void awaitWaiting(int count) {
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(waiting).hasValue(count));
        }

        void openWide() {
            open.release(1_000_000);
        }
    }

    private void awaitConnections(int each) {
        for (HikariDataSource pool : List.of(sides.sourcePool, sides.targetPool)) {
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                            .isEqualTo(each));
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(it -> it.startsWith(CopyEngine.DEFAULT_THREAD_NAME_PREFIX))
                .sorted()
                .toList();
    }

    private void assertRows(long tasks) {
        assertThat(target.value("SELECT count(*) || ' ' || count(DISTINCT i) FROM rows"))
                .isEqualTo(tasks * ROWS + " " + tasks * ROWS);
    }

    @Test
    void more_start_at_once_and_fewer_go_after_their_tasks() {
        Gate gate = new Gate(30);
        CopyRun run = sides.engine().parallelism(1).start(gate);
        gate.awaitWaiting(1);
        awaitConnections(1);

        run.parallelism(4);
        gate.awaitWaiting(4);
        awaitConnections(4);
        assertThat(Conditions.count(target, "state LIKE 'idle in transaction%'"))
                .isEqualTo(4);

        run.parallelism(1);
        gate.open.release(4);
        gate.awaitWaiting(1);
        awaitConnections(1);
        assertRows(4);

        run.parallelism(3);
        gate.awaitWaiting(3);
        gate.openWide();

        assertThat(run.await().tasks()).isEqualTo(30);
        assertRows(30);
    }

    @Test
    void who_is_wanted_again_before_he_has_gone_stays() {
        Gate gate = new Gate(20);
        CopyRun run = sides.engine().parallelism(3).start(gate);
        gate.awaitWaiting(3);
        List<String> before = threads();

        run.parallelism(1);
        run.parallelism(3);

        gate.open.release(3);
        gate.awaitWaiting(3);
        assertThat(threads()).isEqualTo(before).hasSize(3);
        gate.openWide();
        assertThat(run.await().tasks()).isEqualTo(20);
    }

    @Test
    void nobody_comes_when_no_work_is_left() {
        Gate gate = new Gate(1);
        CopyRun run = sides.engine().parallelism(2).start(gate);
        gate.awaitWaiting(1);
        awaitConnections(1);
        await().until(() -> threads().size() == 1);

        run.parallelism(4);

        assertThat(threads()).hasSize(1);
        gate.openWide();
        assertThat(run.await().tasks()).isEqualTo(1);
        run.parallelism(4);
        assertThat(run.await().tasks()).isEqualTo(1);
    }

    @Test
    void an_additional_worker_without_a_connection_is_done_without_until_it_is_asked_for_again() throws SQLException {
        Gate gate = new Gate(10);
        List<Connection> taken = new ArrayList<>();
        taken.add(sides.sourcePool.getConnection());
        taken.add(sides.sourcePool.getConnection());
        CopyRun run = sides.engine().parallelism(2).start(gate);
        gate.awaitWaiting(2);

        run.parallelism(4);
        await().atMost(Duration.ofSeconds(10)).until(() -> threads().size() == 2);
        assertThat(sides.targetPool.getHikariPoolMXBean().getActiveConnections())
                .as("those to the other side are given back")
                .isEqualTo(2);
        gate.open.release(2);
        gate.awaitWaiting(2);

        taken.forEach(Sides::close);
        run.parallelism(4);
        gate.awaitWaiting(4);
        gate.openWide();

        assertThat(run.await().tasks()).isEqualTo(10);
        assertRows(10);
    }

    @Test
    void nobody_goes_for_one_who_does_not_come() throws SQLException {
        Gate gate = new Gate(5);
        List<Connection> taken = new ArrayList<>();
        for (int i = 1; i < Sides.POOL_SIZE; i++) {
            taken.add(sides.sourcePool.getConnection());
        }
        CopyRun run = sides.engine().parallelism(1).start(gate);
        gate.awaitWaiting(1);

        run.parallelism(2);
        await().until(() -> sides.sourcePool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
        run.parallelism(1);
        gate.openWide();

        assertThat(run.await().tasks()).isEqualTo(5);
        assertRows(5);
        taken.forEach(Sides::close);
    }

    @Test
    void at_any_moment_and_whatever_ends_the_run() throws InterruptedException {
        Random random = new Random(5);
        for (int i = 0; i < 20; i++) {
            CopyRun run = sides.engine().parallelism(1 + random.nextInt(4)).start(tasks(80));
            List<Thread> restless = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                Random each = new Random(random.nextLong());
                restless.add(new Thread(() -> {
                    while (!run.isDone()) {
                        run.parallelism(1 + each.nextInt(4));
                        LockSupport.parkNanos(each.nextInt(2_000_000));
                    }
                }));
            }
            restless.forEach(Thread::start);
            if (i % 2 == 1) {
                TimeUnit.MICROSECONDS.sleep(random.nextInt(150_000));
                run.cancel();
            }

            long done = committed(run, 80);

            for (Thread thread : restless) {
                thread.join();
            }
            sides.assertClean();
            assertRows(done);
            target.execute("TRUNCATE rows");
        }
    }

    @Test
    void who_came_later_is_cancelled_like_the_others() {
        Gate gate = new Gate(10);
        CopyRun run = sides.engine().parallelism(1).start(gate);
        gate.awaitWaiting(1);
        run.parallelism(3);
        gate.awaitWaiting(3);

        Conditions.assertCancels(run);

        assertThat(gate.waiting).hasValue(0);
        assertRows(0);
    }

    private static long committed(CopyRun run, long all) {
        try {
            CopySummary summary = run.await();
            assertThat(summary.tasks()).isEqualTo(all);
            return all;
        } catch (CopyCancelledException e) {
            assertThat(e.getSuppressed()).isEmpty();
            return e.summary().tasks();
        }
    }

    @Test
    void a_run_refuses_less_than_one_worker_and_goes_on() {
        CopyRun run = sides.engine().start(tasks(3));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> run.parallelism(0))
                .withMessage("parallelism must be at least 1: 0");

        assertThat(run.await().tasks()).isEqualTo(3);
    }
}
