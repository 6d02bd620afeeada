package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the process that loads CSV with an import id, at any moment: every row is there once. Ten times with {@code -Dhyperferry.kills=10}. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class KillLoadIT {
    private static final int KILLS = Integer.getInteger("hyperferry.kills", 3);
    private static final int ROWS = 60_000;
    private static final int ROWS_OF_A_BATCH = 250;

    @TempDir
    Path directory;

    private final List<String> story = new ArrayList<>();

    @Test
    void killed_again_and_again_it_loads_every_row_once(@Target TestDatabase target)
            throws IOException, InterruptedException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        story.add("seed " + seed);
        target.execute("CREATE TABLE readings (id int, note text)");
        Path file = directory.resolve("readings.csv");
        StringBuilder csv = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            csv.append(i).append(",\"value\nof ").append(i).append("\"\n");
        }
        Files.writeString(file, csv);

        for (int kills = 0; kills < KILLS; kills++) {
            long before = marks(target);
            CliProcess load = CliProcess.start(directory, Map.of(), words(target, file, "--rate-limit", "400kB"));
            long more = 1L + random.nextInt(ROWS / ROWS_OF_A_BATCH / (KILLS + 1));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(7))
                    .until(() -> !load.isAlive() || marks(target) >= before + more);
            assertThat(load.isAlive()).as("%s", story).isTrue();
            load.signal("KILL");
            load.await();
            CliRuns.awaitNoSession(target);
            story.add("killed with " + marks(target) + " batches");
            assertThat(target.count("SELECT count(*) FROM readings"))
                    .as("%s", story)
                    .isEqualTo(target.count("SELECT coalesce(sum(records), 0) FROM hyperferry_load.batch"));
        }

        Captured last =
                CliProcess.start(directory, Map.of(), words(target, file)).await();
        assertThat(last.exit()).as("%s\n%s", story, last.err()).isZero();
        assertThat(last.out()).contains("records were loaded earlier under this import id");
        assertThat(target.value("SELECT count(*) || ' ' || count(DISTINCT id) || ' ' || max(id)"
                        + " || ' ' || count(*) FILTER (WHERE note = E'value\\nof ' || id) FROM readings"))
                .as("%s", story)
                .isEqualTo(ROWS + " " + ROWS + " " + (ROWS - 1) + " " + ROWS);
        System.err.println("KillLoadIT: " + story);
    }

    private static List<String> words(TestDatabase target, Path file, String... more) {
        List<String> words = new ArrayList<>(List.of("load-csv", "--target", target.url(), "--table", "readings"));
        words.addAll(List.of("--import-id", "killed", "--parallelism", "3"));
        words.addAll(List.of("--batch-rows", String.valueOf(ROWS_OF_A_BATCH)));
        words.addAll(List.of(more));
        words.add(file.toString());
        return words;
    }

    private static long marks(TestDatabase target) {
        return target.value("SELECT to_regclass('hyperferry_load.batch')::text") == null
                ? 0
                : target.count("SELECT count(*) FROM hyperferry_load.batch");
    }
}
