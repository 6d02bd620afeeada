package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.OwnServer;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * An export is killed again and again, and so is the import of it elsewhere, after the source's server has gone. Run again, both go on, and in the end
 * everything is there once.
 */
@ExtendWith(TimescaleExtension.class)
class KillExportIT {
    private static final int KILLS = KillIT.KILLS;
    private static final List<String> TABLES = List.of("readings", "packed", "sensors", "log");

    @TempDir
    Path directory;

    private final Random random = new Random();
    private final List<String> story = new ArrayList<>();

    @Test
    void killed_again_and_again_on_each_side_of_the_gap_it_loses_nothing(@Target TestDatabase target)
            throws IOException, InterruptedException {
        Path export = directory.resolve("export");
        Map<String, @Nullable String> digests = new HashMap<>();
        int slices;
        try (OwnServer server = OwnServer.source()) {
            TestDatabase source = server.createDatabase("source");
            KillIT.fill(source);
            slices = KillIT.slices(source);
            TABLES.forEach(it -> digests.put(it, digest(source, it)));
            List<String> words = new ArrayList<>(List.of("export", "--source", source.url(), "--split-by", "6h"));
            words.addAll(List.of("--directory", export.toString(), "--parallelism", "2"));
            words.addAll(CliRuns.tools(source));
            killAndFinish(words, () -> exported(export).size(), slices, "Exported: ");
        }

        List<String> words =
                List.of("import", "--directory", export.toString(), "--target", target.url(), "--parallelism", "2");
        killAndFinish(words, () -> KillIT.marks(target).size(), slices, "Verified identical");

        TABLES.forEach(
                it -> assertThat(digest(target, it)).as("%s: %s", it, story).isEqualTo(digests.get(it)));
        System.err.println("KillExportIT: " + story);
    }

    private void killAndFinish(List<String> words, IntSupplier done, int slices, String end)
            throws IOException, InterruptedException {
        int share = slices / (KILLS + 1);
        for (int kill = 1; kill <= KILLS; kill++) {
            int before = done.getAsInt();
            int moment = Math.min(slices - 1, before + 1 + random.nextInt(share));
            CliProcess run = CliProcess.start(directory, Map.of(), words);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(7))
                    .until(() -> !run.isAlive() || done.getAsInt() >= moment);
            assertThat(run.isAlive()).as("%s: it is not at its end", story).isTrue();
            run.signal("KILL");
            run.await();
            story.add(words.get(0) + " killed after " + done.getAsInt() + " slices");
            assertThat(done.getAsInt()).as("%s", story).isGreaterThanOrEqualTo(before);
        }
        Captured last = CliProcess.start(directory, Map.of(), words).await();
        assertThat(last.exit()).as("%s\n%s", story, last.err()).isZero();
        assertThat(last.out()).contains(end);
        assertThat(done.getAsInt()).isEqualTo(slices);
    }

    /** The lines of the export's list of slices that are whole. */
    private static List<String> exported(Path export) {
        Path list = export.resolve("slices.jsonl");
        if (!Files.exists(list)) {
            return List.of();
        }
        try {
            String text = Files.readString(list);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable String digest(TestDatabase database, String table) {
        return database.value(
                "SELECT count(*) || ' ' || coalesce(sum(hash_record_extended(t, 0)), 0) FROM " + table + " t");
    }
}
