package io.hyperferry.copy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RateLimitTest {

    private static final int BATCH = BinaryRelay.BATCH;
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;

    @ParameterizedTest
    @ValueSource(longs = {100 * KIB, 20 * MIB, 500 * MIB, 1024 * MIB})
    void many_workers_together_carry_what_is_allowed_and_one_batch_each(long allowed) throws InterruptedException {
        int workers = 3;
        long start = System.nanoTime();
        RateLimit limit = new RateLimit(allowed);
        AtomicInteger batches = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        AtomicBoolean tooMuch = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            threads.add(started(() -> {
                while (!enough.get()) {
                    long carried = (long) BATCH * batches.incrementAndGet();
                    double seconds = (System.nanoTime() - start) / 1e9;
                    if (carried > allowed * seconds + workers * BATCH) {
                        tooMuch.set(true);
                    }
                    limit.pay(BATCH);
                }
            }));
        }
        TimeUnit.MILLISECONDS.sleep(1_500);
        long carried = (long) BATCH * batches.get();
        double seconds = (System.nanoTime() - start) / 1e9;
        enough.set(true);
        limit.set(RateLimit.NONE);
        join(threads);

        assertThat(tooMuch).as("more than is allowed, at any moment").isFalse();
        assertThat((double) carried).as("of %s allowed", allowed * seconds).isGreaterThan(0.5 * allowed * seconds);
    }

    @Test
    void a_pause_is_followed_by_no_burst() throws InterruptedException {
        RateLimit limit = new RateLimit(10 * MIB);
        TimeUnit.MILLISECONDS.sleep(1_000);
        long start = System.nanoTime();

        limit.pay(3 * MIB);

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("all but a tenth of a second")
                .isBetween(Duration.ofMillis(199), Duration.ofMillis(1_000));
    }

    @Test
    void no_limit_makes_nobody_wait() throws InterruptedException {
        RateLimit limit = new RateLimit(RateLimit.NONE);
        long start = System.nanoTime();

        for (int i = 0; i < 1_000; i++) {
            limit.pay(Integer.MAX_VALUE);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(longs = {RateLimit.NONE, 10 * MIB})
    void a_higher_limit_wakes_those_that_wait(long higher) throws InterruptedException {
        RateLimit limit = new RateLimit(1);
        List<Thread> asleep = List.of(started(() -> limit.pay(BATCH)), started(() -> limit.pay(BATCH)));
        asleep.forEach(RateLimitTest::awaitSleep);

        limit.set(higher);

        join(asleep);
    }

    @Test
    void a_lower_limit_counts_at_once_and_what_was_saved_under_the_higher_is_gone() throws InterruptedException {
        RateLimit limit = new RateLimit(RateLimit.NONE);
        limit.pay(BATCH);

        limit.set(1);
        Thread asleep = started(() -> limit.pay(BATCH));

        awaitSleep(asleep);
        asleep.interrupt();
        join(List.of(asleep));
    }

    @Test
    void an_interrupt_wakes_who_waits() throws InterruptedException {
        RateLimit limit = new RateLimit(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread asleep = started(() -> {
            try {
                limit.pay(BATCH);
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        awaitSleep(asleep);

        asleep.interrupt();

        assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void less_than_a_byte_a_second_is_refused(long limit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimit(1).set(limit))
                .withMessage("rateLimit must be at least 1 byte a second: " + limit);
    }

    private interface Body {
        void run() throws InterruptedException;
    }

    private static Thread started(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void awaitSleep(Thread thread) {
        await().atMost(Duration.ofSeconds(5)).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(5_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }
}
