package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command line is killed at random moments, again and again, and the same command goes on each time: nothing is lost, nothing comes twice.
 *
 * <p>How often is {@code hyperferry.kills}, for this and all other tests that kill.
 */
@ExtendWith(TimescaleExtension.class)
class KillIT {
    /** A sample; {@code dev/test -Dhyperferry.kills=10} is thorough. */
    static final int KILLS = Integer.getInteger("hyperferry.kills", 3);

    private static final int DAYS_COMPRESSED = 10;
    private static final List<String> TABLES = List.of("readings", "packed", "sensors", "log");

    @TempDir
    Path directory;

    /** Thirty days in quarters, three plain tables, and the compressed days, or their quarters on an edition without columnstore. */
    private int slices;

    private final List<String> story = new ArrayList<>();

    @Test
    void killed_again_and_again_it_loses_nothing_and_copies_no_finished_slice_again(
            @Source TestDatabase source, @Target TestDatabase targets) throws IOException, InterruptedException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        fill(source);
        slices = slices(source);
        long whole = durationOfAWholeRun(source, targets.createSibling("calm"));
        story.add("seed " + seed + ", a whole run takes " + whole + " ms");
        int kills = 0;
        while (kills < KILLS) {
            TestDatabase target = targets.createSibling("killed");
            kills += killWhileItMoves(source, target, KILLS - kills, whole, random);
            finish(source, target);
        }
        System.err.println("KillIT: " + story);
    }

    /** Kills a migration again and again until its data has arrived, at most so many times; gives how many times it did. */
    private int killWhileItMoves(TestDatabase source, TestDatabase target, int most, long whole, Random random)
            throws IOException, InterruptedException {
        Map<String, String> marks = Map.of();
        int kills = 0;
        while (kills < most && marks.size() < slices) {
            CliProcess run = CliProcess.start(directory, Map.of(), words(source, target));
            String moment = random.nextBoolean()
                    ? letRunFor(Math.round(whole * random.nextDouble()))
                    : letCopy(Math.min(slices - 1, marks.size() + 1 + random.nextInt(20)), run, target);
            boolean killed = run.isAlive();
            if (killed) {
                run.signal("KILL");
            }
            run.await();
            CliRuns.awaitNoSession(source, target);
            kills += killed ? 1 : 0;
            Map<String, String> now = marks(target);
            story.add((killed ? "killed after " : "ended before ") + moment + ", " + now.size() + " slices done");
            assertThat(now)
                    .as("%s: a mark that was committed stays as it is", story)
                    .containsAllEntriesOf(marks);
            marks = now;
        }
        return kills;
    }

    private void finish(TestDatabase source, TestDatabase target) {
        Map<String, String> marks = marks(target);
        Captured last =
                CliProcess.start(directory, Map.of(), words(source, target)).await();

        assertThat(last.exit()).as("%s\n%s", story, last.err()).isZero();
        assertThat(last.out()).contains("Verified identical");
        assertThat(marks(target)).as("%s", story).containsAllEntriesOf(marks).hasSize(slices);
        assertSameRows(source, target, story);
        story.add("finished and identical");
    }

    /** Compares the rows of both sides, without Hyperferry. */
    static void assertSameRows(TestDatabase source, TestDatabase target, List<String> story) {
        for (String table : TABLES) {
            String digest =
                    "SELECT count(*) || ' ' || coalesce(sum(hash_record_extended(t, 0)), 0) FROM " + table + " t";
            assertThat(target.value(digest)).as("%s: %s", table, story).isEqualTo(source.value(digest));
        }
    }

    /** Any moment, also one in which nothing is copied. */
    private static String letRunFor(long millis) throws InterruptedException {
        Thread.sleep(millis);
        return millis + " ms";
    }

    /** A moment in the middle of copying. */
    private static String letCopy(int slices, CliProcess run, TestDatabase target) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(7))
                .until(() -> !run.isAlive() || marks(target).size() >= slices);
        return slices + " slices";
    }

    /** The slices of a migration that splits by six hours. */
    static int slices(TestDatabase source) {
        return 30 * 4 + 3 + (source.server().community() ? DAYS_COMPRESSED : DAYS_COMPRESSED * 4);
    }

    static void fill(TestDatabase source) {
        source.execute(
                "CREATE TABLE sensors (id serial PRIMARY KEY, name text NOT NULL)",
                "INSERT INTO sensors (name) SELECT 'sensor ' || i FROM generate_series(1, 10) i",
                "CREATE TABLE readings (time timestamptz NOT NULL, sensor int NOT NULL REFERENCES sensors, level float8, note text)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, 1 + extract(epoch FROM t)::bigint / 4 % 10, sin(extract(epoch FROM t)), md5(t::text)"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01 00:00+00', '2026-01-30 23:59:59+00', '4 seconds') t",
                "CREATE TABLE log (line text)",
                "INSERT INTO log SELECT repeat('line ' || i, 20) FROM generate_series(1, 50000) i",
                "CREATE TABLE nothing ()",
                "ALTER TABLE readings ADD PRIMARY KEY (time, sensor)",
                "CREATE INDEX ON readings (level)",
                "CREATE TABLE packed (time timestamptz NOT NULL, sensor int, level float8)",
                "SELECT create_hypertable('packed', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO packed SELECT time, sensor, level FROM readings WHERE time < '2026-01-11 00:00+00'");
        if (source.server().community()) {
            source.execute(
                    "ALTER TABLE packed SET (timescaledb.compress, timescaledb.compress_segmentby = 'sensor')",
                    "SELECT compress_chunk(c) FROM show_chunks('packed') c",
                    "INSERT INTO packed VALUES ('2026-01-02 00:00:01+00', 1, 1), ('2026-01-08 00:00:01+00', 1, 1)");
        }
    }

    private long durationOfAWholeRun(TestDatabase source, TestDatabase target) {
        long start = System.nanoTime();
        Captured calm =
                CliProcess.start(directory, Map.of(), words(source, target)).await();
        assertThat(calm.exit()).as(calm.err()).isZero();
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private static List<String> words(TestDatabase source, TestDatabase target) {
        return CliRuns.words(source, target, "migrate", "--split-by", "6h", "--parallelism", "2");
    }

    /** Which attempt copied each slice that is done, and when. */
    static Map<String, String> marks(TestDatabase target) {
        if (target.value("SELECT to_regclass('hyperferry.slice')::text") == null) {
            return Map.of();
        }
        return target
                .rows("SELECT position::text, 'attempt ' || attempt || ' at ' || done_at FROM hyperferry.slice"
                        + " WHERE done_at IS NOT NULL")
                .stream()
                .collect(Collectors.toMap(KillIT::position, KillIT::mark));
    }

    private static String position(List<@Nullable String> row) {
        return String.valueOf(row.get(0));
    }

    private static String mark(List<@Nullable String> row) {
        return String.valueOf(row.get(1));
    }
}
