package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.MigrationCancelledException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {
    private static final ReportFile.Sides SIDES = new ReportFile.Sides("old:5432/metrics", "new:5432/metrics");

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            name -> null);

    @TempDir
    Path directory;

    @Test
    void while_the_command_runs_the_file_says_so() throws IOException {
        Path path = Files.writeString(directory.resolve("r.json"), "Verified identical");
        ReportFile file = ReportFile.tried(path);

        String meanwhile = ReportFile.recorded(file, SIDES, console, () -> content(path));

        assertThat(meanwhile)
                .contains("\"outcome\" : \"RUNNING\"", "\"title\" : \"Running since ", "; not finished\"", "old:5432")
                .doesNotContain("Verified");
    }

    @Test
    void a_failure_of_any_kind_is_written_without_its_message() {
        Path path = directory.resolve("r.html");
        ReportFile file = ReportFile.tried(path);

        assertThatThrownBy(() -> ReportFile.recorded(file, SIDES, console, () -> {
                    throw new IllegalStateException("s3cret");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(content(path))
                .contains("<title>Failed: java.lang.IllegalStateException")
                .doesNotContain("s3cret");
    }

    @Test
    void an_interrupted_thread_writes_and_stays_interrupted() {
        Path path = directory.resolve("r.json");
        ReportFile file = ReportFile.tried(path);

        assertThatThrownBy(() -> ReportFile.recorded(file, SIDES, console, () -> {
                    Thread.currentThread().interrupt();
                    throw new MigrationCancelledException();
                }))
                .isInstanceOf(MigrationCancelledException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(content(path)).contains("\"title\" : \"Cancelled\"");
    }

    @Test
    void a_link_stays_a_link_and_nothing_else_is_left() throws IOException {
        Path real = Files.writeString(directory.resolve("real.json"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link.json"), real);
        ReportFile file = ReportFile.tried(link);

        assertThat(file.writeJson(() -> "new", console)).isTrue();

        assertThat(link).isSymbolicLink();
        assertThat(real).hasContent("new");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactlyInAnyOrder(real, link);
        }
    }

    private static String content(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
