package io.hyperferry.copy;

import static io.hyperferry.copy.Conditions.assertCancels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All workers of a run together carry no more than the limit, whatever it is at the moment. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
@Timeout(60)
class CopyRateLimitIT {

    private static final int ROWS = 1_500;
    private static final int BATCH = 64 * 1024;

    private final TestDatabase target;
    private final Sides sides;

    CopyRateLimitIT(@Source TestDatabase source, @Target TestDatabase target) {
        this.target = target;
        this.sides = new Sides(source, target);
    }

    @BeforeEach
    void tables() {
        target.execute("DROP TABLE IF EXISTS rows", "CREATE UNLOGGED TABLE rows (i int, t text)");
    }

    @AfterEach
    void nothing_is_left_behind() {
        sides.assertClean();
        sides.close();
    }

    /** About 1.5 MB. */
    private static CopyTask task(int number) {
        int from = number * ROWS;
        String rows = "SELECT g, repeat('x', 1000) FROM generate_series(" + from + ", " + (from + ROWS - 1) + ") g";
        return Sides.task("part " + number, rows, "rows");
    }

    private static CopyQueue tasks(int count) {
        return CopyQueue.of(Stream.iterate(0, i -> i + 1)
                .limit(count)
                .map(CopyRateLimitIT::task)
                .toList());
    }

    private static CopyTask endless() {
        return Sides.task(
                "endless", "SELECT g, repeat('x', 1000) FROM (SELECT generate_series(1, 1000000000) g) s", "rows");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void a_run_takes_as_long_as_its_bytes_need(int workers) {
        CopySummary free = sides.engine().parallelism(workers).run(tasks(4));
        target.execute("TRUNCATE rows");
        long limit = free.bytes() / 2;

        CopySummary limited =
                sides.engine().parallelism(workers).rateLimit(limit).run(tasks(4));

        assertThat(limited.bytes()).isEqualTo(free.bytes());
        assertThat(limited.elapsed())
                .as("two seconds' worth of bytes; without a limit it took %s", free.elapsed())
                .isGreaterThanOrEqualTo(Duration.ofSeconds(2))
                .isLessThan(free.elapsed().plusSeconds(4));
        assertAllRows(4);
    }

    static Stream<Named<Consumer<CopyRun>>> higher() {
        return Stream.of(
                Named.of("raised", run -> run.rateLimit(1L << 30)), Named.of("lifted", CopyRun::liftRateLimit));
    }

    @ParameterizedTest
    @MethodSource("higher")
    void a_limit_that_is_raised_lets_those_go_that_wait(Consumer<CopyRun> raise) {
        // Otherwise it takes years.
        CopyRun run = sides.engine().parallelism(2).rateLimit(1).start(tasks(4));
        awaitLimited(2);
        Instant raised = Instant.now();

        raise.accept(run);

        assertThat(run.await().tasks()).isEqualTo(4);
        assertThat(Duration.between(raised, Instant.now())).isLessThan(Duration.ofSeconds(10));
        assertAllRows(4);
    }

    @Test
    void a_limit_that_is_set_while_rows_flow_holds_from_then_on() {
        List<CopyEvent.Progress> progress = Collections.synchronizedList(new ArrayList<>());
        CopyRun run = sides.engine()
                .parallelism(2)
                .listener(event -> {
                    if (event instanceof CopyEvent.Progress p) {
                        progress.add(p);
                    }
                })
                .start(CopyQueue.of(List.of(endless(), endless())));
        awaitProgress(progress, 2);
        long limit = 1024 * 1024;

        run.rateLimit(limit);
        int before = progress.size() + 1;
        awaitProgress(progress, before + 3);
        assertCancels(run);

        CopyEvent.Progress first = progress.get(before);
        CopyEvent.Progress last = progress.get(before + 2);
        assertThat(bytes(progress.get(0), progress.get(1)))
                .as("without a limit")
                .isGreaterThan(5 * allowed(limit, progress.get(0), progress.get(1)));
        assertThat(bytes(first, last))
                .as("from one event to the next but one, with the limit")
                .isLessThanOrEqualTo(allowed(limit, first, last) + 2 * BATCH)
                .isGreaterThan(allowed(limit, first, last) / 2);
    }

    private static double bytes(CopyEvent.Progress from, CopyEvent.Progress to) {
        return to.bytes() - from.bytes();
    }

    private static double allowed(long limit, CopyEvent.Progress from, CopyEvent.Progress to) {
        return limit * (to.elapsed().minus(from.elapsed()).toNanos() / 1e9);
    }

    private static void awaitProgress(List<CopyEvent.Progress> progress, int events) {
        await().atMost(Duration.ofSeconds(20)).until(() -> progress.size() >= events);
    }

    @Test
    void workers_that_wait_are_cancelled_in_time() {
        CopyRun run = sides.engine().parallelism(3).rateLimit(1).start(tasks(3));
        awaitLimited(3);

        assertCancels(run);

        assertThat(target.count("SELECT count(*) FROM rows")).isZero();
    }

    @Test
    void workers_that_wait_do_not_hold_up_the_failure_of_another() {
        CopyTask broken =
                Sides.task("broken", "SELECT 1 / (i - 1), 'x' FROM pg_sleep(1), generate_series(1, 1) i", "rows");
        CopyRun run = sides.engine().parallelism(3).rateLimit(1).start(CopyQueue.of(List.of(task(0), task(1), broken)));
        Instant begun = Instant.now();

        assertThatThrownBy(run::await)
                .isInstanceOf(CopyException.class)
                .hasMessageContaining("division by zero")
                .hasNoSuppressedExceptions();

        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void a_run_refuses_less_than_a_byte_a_second_and_goes_on() {
        CopyRun run = sides.engine().start(tasks(1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> run.rateLimit(0))
                .withMessage("rateLimit must be at least 1 byte a second: 0");

        assertThat(run.await().tasks()).isEqualTo(1);
        run.rateLimit(1);
        run.liftRateLimit();
    }

    /** Until all workers have written a batch and wait; the source's backends wait for them. */
    private void awaitLimited(int workers) {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(Conditions.count(target, "wait_event = 'ClientRead' AND query LIKE 'COPY%'"))
                    .isEqualTo(workers);
            assertThat(Thread.getAllStackTraces().entrySet())
                    .filteredOn(it -> it.getKey().getName().startsWith(CopyEngine.DEFAULT_THREAD_NAME_PREFIX)
                            && it.getKey().getState() == Thread.State.TIMED_WAITING)
                    .hasSize(workers);
        });
    }

    private void assertAllRows(int parts) {
        assertThat(target.value(
                        "SELECT count(*) || ' ' || count(DISTINCT i) || ' ' || min(i) || ' ' || max(i) FROM rows"))
                .isEqualTo(parts * ROWS + " " + parts * ROWS + " 0 " + (parts * ROWS - 1));
    }
}
