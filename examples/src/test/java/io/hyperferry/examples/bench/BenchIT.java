package io.hyperferry.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench as a process, at a scale that shows nothing but that all ways work. */
@RequiresCommunity
class BenchIT {
    @TempDir
    Path directory;

    @Test
    void all_ways_move_the_same_rows_and_are_shown(@Source TestDatabase source, @Target TestDatabase target)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Path.of("target", "hyperferry.jar").toAbsolutePath().toString(),
                Bench.class.getName(),
                "--rows=20000",
                "--rounds=1",
                "--output=" + directory));
        if (!source.server().toolPrefix().isEmpty()) {
            command.add("--tools=" + String.join(" ", source.server().toolPrefix()));
        }
        // It makes databases of its own.
        Map<String, String> sides = Map.of(
                "HYPERFERRY_SOURCE", source.superuser().url(),
                "HYPERFERRY_TARGET", target.superuser().url());

        List<String> printed = Processes.run(command, sides, "", directory.resolve("bench.log"));

        assertThat(String.join("\n", printed))
                .contains("copy and indexes, c0 / b")
                .doesNotContain(source.superuser().password());
        String page = Files.readString(directory.resolve("bench.md"));
        for (Way way : Way.values()) {
            assertThat(page).containsPattern("\\| 1 \\| " + way.letter() + " \\| [0-9.]+ s \\|");
        }
        assertThat(page).contains("| copy data |").doesNotContain(" NaN");
        assertThat(Files.readString(directory.resolve("bench.svg")))
                .startsWith("<svg ")
                .endsWith("</svg>\n");
        assertThat(source.count("SELECT count(*) FROM pg_database WHERE datname LIKE 'bench%'"))
                .isZero();
        assertThat(target.count("SELECT count(*) FROM pg_database WHERE datname LIKE 'bench%'"))
                .isZero();
    }

    @Test
    void a_data_set_is_the_same_whenever_it_is_made_and_its_digest_sees_a_changed_value(
            @Source TestDatabase source, @Target TestDatabase target) {
        Dataset dataset = Dataset.ofRows(1000, 2, Dataset.USUAL_METRICS);
        source.execute(dataset.createTable(), dataset.createHypertable(true), dataset.insert(0), dataset.insert(1));
        target.execute(dataset.createTable(), dataset.createHypertable(true), dataset.insert(0), dataset.insert(1));
        assertThat(target.value(Dataset.digest())).isEqualTo(source.value(Dataset.digest()));

        target.execute("UPDATE readings SET samples = samples + 1 WHERE time = '2026-01-02' AND device = 1");

        assertThat(target.value(Dataset.digest())).isNotEqualTo(source.value(Dataset.digest()));
    }
}
