package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * While rows are copied, retention drops chunks of the source, a policy compresses others, and the application reads all of them and writes. A job waits for
 * the slice that reads its chunk, and whoever comes behind the job waits with it: never longer than a slice takes.
 */
@ExtendWith(TimescaleExtension.class)
@RequiresCommunity
class NeverInTheWayIT {
    private static final int DAYS = 16;

    /** What queries and compressing take by themselves, on a machine that does other things, too. */
    private static final Duration THEIR_OWN = Duration.ofMillis(1500);

    private final AtomicBoolean copying = new AtomicBoolean();
    private final AtomicLong longestSlice = new AtomicLong();
    private final List<CompletableFuture<Duration>> application = new ArrayList<>();
    private final AtomicInteger reads = new AtomicInteger();

    /** Something that is done again and again. */
    private interface Deed {
        /** Does it for the next time. */
        void with(Statement statement, int turn) throws SQLException;
    }

    @Test
    void readers_and_writers_wait_no_longer_than_a_slice_takes_when_jobs_come_along(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("busy");
        TestDatabase to = target.createSibling("to");
        fill(from);
        List<CompletableFuture<Integer>> jobs = new ArrayList<>();

        MigrationReport report = Migrations.between(from, to)
                .parallelism(2)
                .rateLimit(400_000)
                .listener(event -> {
                    if (event instanceof MigrationEvent.StepStarted step && step.step() instanceof Step.CopyData) {
                        copying.set(true);
                        application.add(repeat(from, NeverInTheWayIT::read));
                        application.add(repeat(from, NeverInTheWayIT::write));
                        jobs.add(supply(() -> compressAndDrop(from)));
                    } else if (event instanceof MigrationEvent.SliceCopied slice) {
                        longestSlice.accumulateAndGet(slice.elapsed().toMillis(), Math::max);
                    } else if (event instanceof MigrationEvent.StepFinished step
                            && step.step() instanceof Step.CopyData) {
                        copying.set(false);
                    }
                })
                .run();

        assertThat(jobs.get(0).orTimeout(1, TimeUnit.MINUTES).join())
                .as("chunks that jobs had to do with")
                .isEqualTo(DAYS / 2);
        Duration bound = Duration.ofMillis(longestSlice.get()).plus(THEIR_OWN);
        assertThat(longestSlice.get()).as("a slice takes its time here").isGreaterThan(300);
        for (CompletableFuture<Duration> each : application) {
            assertThat(each.join()).isLessThanOrEqualTo(bound);
        }
        assertThat(reads.get()).as("what the application could do meanwhile").isGreaterThan(DAYS);
        Map<String, Long> readings = report.tables().get(0).readings();
        assertThat(readings.values().stream().mapToLong(it -> it).sum()).isEqualTo(DAYS);
        System.err.println("NeverInTheWayIT: longest slice " + longestSlice.get() + " ms, longest read and write "
                + application.stream().map(CompletableFuture::join).toList() + ", " + reads.get()
                + " reads and writes, "
                + readings);
    }

    private static void fill(TestDatabase from) {
        from.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, n int, note text)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, 1, repeat('x', 100) FROM generate_series(TIMESTAMPTZ '2026-01-01 UTC',"
                        + " TIMESTAMPTZ '2026-01-01 UTC' + INTERVAL '" + DAYS
                        + " days' - INTERVAL '1 minute', '1 minute') t",
                "ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'n')");
    }

    private static void read(Statement statement, int turn) throws SQLException {
        statement.execute("SELECT count(*) FROM readings");
    }

    private static void write(Statement statement, int turn) throws SQLException {
        statement.execute("INSERT INTO readings VALUES (TIMESTAMPTZ '2026-01-01 UTC' + INTERVAL '1 day' * "
                + (DAYS / 2 + turn % (DAYS / 2)) + ", 2, 'written meanwhile')");
    }

    /** Does it while rows are copied, and gives the longest that it took. */
    private CompletableFuture<Duration> repeat(TestDatabase database, Deed deed) {
        return supply(() -> {
            long longest = 0;
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                for (int turn = 0; copying.get(); turn++) {
                    long start = System.nanoTime();
                    deed.with(statement, turn);
                    longest = Math.max(longest, System.nanoTime() - start);
                    reads.incrementAndGet();
                }
                return Duration.ofNanos(longest);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Each has a thread of its own: all of them wait for the server. */
    private static <T> CompletableFuture<T> supply(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> {
            Thread thread = new Thread(task, "application");
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** What retention and a compression policy do: the one drops the oldest chunks, the other compresses those after them. */
    private static int compressAndDrop(TestDatabase database) {
        int chunks = 0;
        for (int day = 0; day < DAYS / 4; day++) {
            database.execute(
                    "SELECT compress_chunk(c) FROM show_chunks('readings') c WHERE c = (SELECT format('%I.%I', chunk_schema,"
                            + " chunk_name)::regclass FROM timescaledb_information.chunks WHERE hypertable_name = 'readings'"
                            + " AND range_start = TIMESTAMPTZ '2026-01-01 UTC' + INTERVAL '" + (DAYS / 4 + day)
                            + " days')",
                    "SELECT drop_chunks('readings', older_than => TIMESTAMPTZ '2026-01-01 UTC' + INTERVAL '" + (day + 1)
                            + " days')");
            chunks += 2;
        }
        return chunks;
    }
}
