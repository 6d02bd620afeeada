package io.hyperferry.copy;

import static io.hyperferry.copy.Conditions.assertCancels;
import static io.hyperferry.copy.Sides.execute;
import static io.hyperferry.copy.Sides.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** From any moment, a cancelled run ends within two seconds and leaves nothing. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
@Timeout(30)
class CopyCancellationIT {

    private static final CopyTask LARGE =
            task("large", "SELECT repeat('x', 1000) FROM (SELECT generate_series(1, 1000000000)) g", "rows");
    private static final CopyTask SMALL = task("small", "SELECT 'x' FROM generate_series(1, 5000)", "rows");
    private static final CopyTask ASLEEP = task("asleep", "SELECT 'x' FROM pg_sleep(600)", "rows");

    private final TestDatabase source;
    private final TestDatabase target;
    private final Sides sides;
    private final List<CopyRun> runs = new ArrayList<>();

    CopyCancellationIT(@Source TestDatabase source, @Target TestDatabase target) {
        this.source = source;
        this.target = target;
        this.sides = new Sides(source, target);
    }

    @BeforeEach
    void tables() {
        target.execute("DROP TABLE IF EXISTS rows", "CREATE UNLOGGED TABLE rows (t text)");
    }

    private CopyRun start(int parallelism, CopyQueue queue) {
        CopyRun run = sides.engine().parallelism(parallelism).start(queue);
        runs.add(run);
        return run;
    }

    @AfterEach
    void nothing_is_left_behind() {
        runs.forEach(CopyRun::cancel);
        sides.assertClean();
        sides.close();
    }

    @Test
    void while_rows_flow() throws Exception {
        CountDownLatch flows = new CountDownLatch(1);
        CopyRun run = sides.engine()
                .parallelism(2)
                .listener(event -> {
                    if (event instanceof CopyEvent.Progress) {
                        flows.countDown();
                    }
                })
                .start(CopyQueue.of(List.of(LARGE, LARGE)));
        assertThat(flows.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(run.isDone()).isFalse();

        assertCancels(run);

        assertThat(target.count("SELECT count(*) FROM rows")).isZero();
    }

    @Test
    void while_the_source_computes_its_first_row() {
        CopyRun run = start(2, CopyQueue.of(List.of(ASLEEP, ASLEEP)));
        Conditions.untilQuery(source, "%pg_sleep(600)%");

        assertCancels(run);
    }

    @Test
    void while_the_target_takes_nothing() throws SQLException {
        target.execute(
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM pg_sleep(600); RETURN new; END $$",
                "CREATE TRIGGER slow BEFORE INSERT ON rows FOR EACH ROW EXECUTE FUNCTION slow()");
        CopyRun run = start(1, CopyQueue.of(List.of(LARGE)));
        // The source waits for its client, because its client waits for the target.
        Conditions.until(source, "wait_event = 'ClientWrite'");

        assertCancels(run);
    }

    @Test
    void while_a_lock_on_the_target_is_held_by_another() throws SQLException {
        try (Connection other = target.connect()) {
            other.setAutoCommit(false);
            execute(other, "LOCK TABLE rows");
            CopyRun run = start(2, CopyQueue.of(List.of(SMALL, SMALL)));
            Conditions.until(target, "wait_event_type = 'Lock'");

            assertCancels(run);

            other.rollback();
        }
    }

    @Test
    void while_a_claim_waits_in_the_server() {
        CopyRun run = start(2, connection -> {
            execute(connection, "SELECT pg_sleep(600)");
            return Optional.empty();
        });
        Conditions.untilQuery(target, "%pg_sleep(600)%");

        assertCancels(run);
    }

    @Test
    void while_a_claim_survives_the_first_cancellations() {
        CopyRun run = start(1, connection -> {
            for (int i = 1; i < 4; i++) {
                execute(connection, "SAVEPOINT here");
                try {
                    execute(connection, "SELECT pg_sleep(600)");
                } catch (SQLException e) {
                    execute(connection, "ROLLBACK TO here");
                }
            }
            execute(connection, "SELECT pg_sleep(600)");
            return Optional.empty();
        });
        Conditions.untilQuery(target, "%pg_sleep(600)%");
        Instant begun = Instant.now();

        assertCancels(run);

        assertThat(Duration.between(begun, Instant.now()))
                .as("by cancelling again, before connections are aborted")
                .isLessThan(Duration.ofMillis(950));
    }

    @Test
    void while_a_hook_ignores_everything() throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        AtomicBoolean release = new AtomicBoolean();
        CopyRun run = start(1, connection -> {
            execute(connection, "LOCK TABLE rows");
            reached.countDown();
            while (!release.get()) {
                Thread.onSpinWait();
            }
            return Optional.empty();
        });
        assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();

        assertCancels(run);

        assertThat(target.count("SELECT count(*) FROM rows"))
                .as("no lock is held")
                .isZero();
        release.set(true);
    }

    @Test
    void at_any_moment_and_the_next_user_of_a_connection_is_safe() throws InterruptedException {
        Random random = new Random(11);
        for (int i = 0; i < 15; i++) {
            CopyRun run = start(3, CopyQueue.of(List.of(SMALL, SMALL, SMALL, SMALL, SMALL, SMALL, SMALL, SMALL)));
            TimeUnit.MICROSECONDS.sleep(random.nextInt(120_000));
            run.cancel();
            long copied = committed(run) * 5_000;
            sides.assertClean();
            assertThat(target.count("SELECT count(*) FROM rows")).isEqualTo(copied);
            target.execute("TRUNCATE rows");
        }
    }

    private static long committed(CopyRun run) {
        try {
            return run.await().tasks();
        } catch (CopyCancelledException e) {
            assertThat(e.getSuppressed()).isEmpty();
            return e.summary().tasks();
        }
    }

    @Test
    void after_the_end_changes_nothing() {
        CopyRun run = sides.engine().start(CopyQueue.of(List.of(SMALL)));
        CopySummary summary = run.await();

        run.cancel();

        assertThat(run.isDone()).isTrue();
        assertThat(run.await()).isEqualTo(summary);
    }

    @Test
    void by_interrupting_the_thread_that_waits() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        Thread waiting = new Thread(() -> {
            try {
                sides.engine().parallelism(1).run(CopyQueue.of(List.of(LARGE)));
            } catch (CopyCancelledException e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
            }
        });
        waiting.start();
        Conditions.untilQuery(source, "COPY%");

        waiting.interrupt();
        waiting.join(2_000);

        assertThat(thrown.get()).isInstanceOf(CopyCancelledException.class);
        assertThat(flag).isTrue();
    }
}
