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
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Loading CSV by the command line: what it prints, and how it ends. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class LoadCsvIT {
    private final TestDatabase target;

    @TempDir
    private Path directory;

    LoadCsvIT(@Target TestDatabase target) {
        this.target = target;
    }

    @BeforeEach
    void table() {
        target.execute("DROP TABLE IF EXISTS readings", "CREATE TABLE readings (id int, note text)");
    }

    @Test
    void a_file_is_loaded_and_told_of() throws IOException {
        Path file = Files.writeString(directory.resolve("a.csv"), "text;nr\n'a;b';1\nNULL;2\nx;no number\n");
        Path rejects = directory.resolve("rejects.csv");

        Captured result = Captured.run(
                Map.of("HYPERFERRY_TARGET", target.url()),
                "load-csv",
                "--table",
                "public.readings",
                "--header",
                "match",
                "--map",
                "text=note",
                "--map",
                "nr=id",
                "--delimiter",
                ";",
                "--quote",
                "'",
                "--null",
                "NULL",
                "--rejects",
                rejects.toString(),
                file.toString());

        assertThat(result.exit()).as(result.err()).isEqualTo(Exit.DONE);
        assertThat(result.out()).contains("loaded 2 rows into public.readings from 1 file", "1 records were rejected");
        assertThat(target.rows("SELECT id, note FROM readings ORDER BY id"))
                .containsExactly(List.of("1", "a;b"), java.util.Arrays.asList("2", null));
        assertThat(rejects).content().contains(",4,22P02,", "no number");
    }

    @Test
    void what_cannot_be_loaded_changes_nothing() throws IOException {
        Path file = Files.writeString(directory.resolve("a.csv"), "1,a\n");

        Captured missing =
                Captured.run(Map.of(), "load-csv", "--target", target.url(), "--table", "nothing", file.toString());

        assertThat(missing.exit()).isEqualTo(Exit.PREFLIGHT);
        assertThat(missing.err())
                .contains("there is no table nothing", "nothing was changed")
                .doesNotContain("\tat ");
        Captured away = Captured.run(
                Map.of(), "load-csv", "--target", "postgres://app:hush@localhost:1/x", "--table", "t", file.toString());
        assertThat(away.exit()).isEqualTo(Exit.PREFLIGHT);
        assertThat(away.err()).contains("no connection to the target").doesNotContain("hush", "\tat ");
    }

    @Test
    void a_record_that_is_refused_ends_it() throws IOException {
        Path file = Files.writeString(directory.resolve("a.csv"), "1,a\ns3cret,b\n");

        Captured result =
                Captured.run(Map.of(), "load-csv", "--target", target.url(), "--table", "readings", file.toString());

        assertThat(result.exit()).isEqualTo(Exit.FAILED);
        assertThat(result.err()).contains("line 2, column id").doesNotContain("s3cret");
    }

    @Test
    void a_signal_ends_it_at_once_and_the_next_goes_on() throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("a.csv"), "1,some text of a row\n".repeat(20_000));
        List<String> words = List.of(
                "load-csv",
                "--target",
                target.url(),
                "--table",
                "readings",
                "--import-id",
                "cancelled",
                "--batch-rows",
                "500",
                file.toString());
        List<String> slowly = new java.util.ArrayList<>(words);
        slowly.addAll(1, List.of("--rate-limit", "50kB", "--progress", "plain"));
        CliProcess load = CliProcess.start(directory, Map.of(), slowly);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> target.count("SELECT count(*) FROM readings") > 0);
        long begun = System.nanoTime();

        load.signal("TERM"); // a shell may have its jobs ignore the one of Ctrl-C
        Captured cancelled = load.await();

        assertThat(cancelled.exit()).as(cancelled.err()).isEqualTo(Exit.CANCELLED);
        assertThat(cancelled.err()).contains("with an import id the same command goes on");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
        assertThat(target.count("SELECT count(*) FROM readings")).isLessThan(20_000);
        Captured rest = CliProcess.start(directory, Map.of(), words).await();
        assertThat(rest.exit()).as(rest.err()).isEqualTo(Exit.DONE);
        assertThat(target.count("SELECT count(*) FROM readings")).isEqualTo(20_000);
    }
}
