package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From any moment of any step, a cancelled run ends within two seconds, leaves nothing behind, and can be gone on with. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class CancelAnywhereIT {
    private static final int CANCELLATIONS = Integer.getInteger("hyperferry.test.cancellations", 12);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private TestDatabase from;
    private TestDatabase target;

    @BeforeEach
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        this.target = target;
        from.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, n int, note text)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, 1, md5(t::text) FROM generate_series("
                        + "TIMESTAMPTZ '2026-01-01 UTC', '2026-01-10 23:59 UTC', '10 seconds') t",
                "CREATE INDEX ON readings (note)",
                "CREATE TABLE plain AS SELECT i, md5(i::text) AS t FROM generate_series(1, 50000) i",
                "ALTER TABLE plain ADD PRIMARY KEY (i)");
        if (from.server().community()) {
            from.execute(
                    "ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'n')",
                    "SELECT compress_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-04 UTC') c",
                    "CREATE MATERIALIZED VIEW hourly WITH (timescaledb.continuous) AS"
                            + " SELECT time_bucket('1 hour', time) AS hour, count(*) AS n FROM readings GROUP BY 1");
        }
    }

    @Test
    void at_random_moments() throws InterruptedException {
        long seed = Long.getLong("hyperferry.test.seed", new Random().nextLong());
        Random random = new Random(seed);
        Instant begun = Instant.now();
        Migrations.between(from, target.createSibling("calm")).run();
        long whole = Duration.between(begun, Instant.now()).toMillis();
        TestDatabase to = target.createSibling("cancelled");
        int cancelled = 0;
        for (int i = 0; i < CANCELLATIONS; i++) {
            AtomicReference<String> step = new AtomicReference<>("before the first step");
            MigrationRun run = Migrations.between(from, to)
                    .pgTools(Migrations.endingTools(to))
                    .listener(event -> {
                        if (event instanceof MigrationEvent.StepStarted started) {
                            step.set(started.step().title());
                        }
                    })
                    .start();
            Thread.sleep(random.nextInt((int) whole));
            boolean ended = run.isDone();
            Instant moment = Instant.now();
            run.cancel();
            String where = "seed " + seed + ", cancellation " + i + ": " + step.get();
            try {
                run.await();
            } catch (MigrationCancelledException e) {
                cancelled++;
            }
            assertThat(Duration.between(moment, Instant.now())).as(where).isLessThan(LONGEST);
            assertNothingLeft(where, from, to);
            if (ended) {
                to = target.createSibling("cancelled");
            }
        }

        assertThat(cancelled).isPositive();
        assertThat(Migrations.between(from, to).run().identical()).isTrue();
    }

    private static void assertNothingLeft(String where, TestDatabase... databases) {
        for (TestDatabase database : databases) {
            Awaitility.await(where).atMost(Duration.ofSeconds(3)).until(() -> Migrations.sessions(database) == 0);
        }
        Awaitility.await(where)
                .atMost(Duration.ofSeconds(3))
                .until(() -> ProcessHandle.current().descendants().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void a_plan_that_is_interrupted_while_it_connects() throws Exception {
        // Who connects looks into this table first.
        assertInterrupts("pg_class", Migration::plan);
    }

    @Test
    void a_verification_that_is_interrupted() throws Exception {
        assertInterrupts("readings", Migration::verify);
    }

    private interface Verb {
        Object of(Migration migration);
    }

    /** Interrupts it while it waits for a lock. */
    private void assertInterrupts(String relation, Verb verb) throws SQLException, InterruptedException {
        TestDatabase to = target.createSibling("interrupted");
        try (Connection blocker = from.superuser().connect();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("LOCK TABLE " + relation + " IN ACCESS EXCLUSIVE MODE");
            AtomicReference<RuntimeException> thrown = new AtomicReference<>();
            AtomicReference<Boolean> flag = new AtomicReference<>(false);
            Thread thread = new Thread(() -> {
                try {
                    verb.of(Migrations.between(from, to));
                } catch (RuntimeException e) {
                    thrown.set(e);
                    flag.set(Thread.currentThread().isInterrupted());
                }
            });
            thread.start();
            Thread.sleep(1500);
            Instant moment = Instant.now();

            thread.interrupt();
            thread.join(10_000);

            assertThat(Duration.between(moment, Instant.now())).isLessThan(LONGEST);
            assertThat(thrown.get()).isInstanceOf(MigrationCancelledException.class);
            assertThat(flag.get()).isTrue();
            blocker.rollback();
        }
        assertNothingLeft("after the interrupt", from, to);
    }
}
