package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A command line that cannot be used ends with exit code 2 and one message, before anything is connected to. */
class UsageTest {
    private static final Map<String, String> SIDES = Map.of(
            "HYPERFERRY_SOURCE", "postgres://app:hush@localhost:1/metrics",
            "HYPERFERRY_TARGET", "postgres://app:hush@localhost:2/metrics");

    static Stream<Arguments> unusable() {
        return Stream.of(
                Arguments.of("migrate --split-by 0d", "'0d' is not longer than zero"),
                Arguments.of("migrate --split-by -1d", "'-1d' is not longer than zero"),
                Arguments.of("plan --split-by soon", "'soon' is not a duration"),
                Arguments.of("migrate --from yesterday", "'yesterday' is not a moment"),
                Arguments.of("plan --to 2026-02-30", "'2026-02-30' is not a moment"),
                Arguments.of("verify --from 2026-01-01T12:00:00", "'2026-01-01T12:00:00' is not a moment"),
                Arguments.of(
                        "migrate --from 2026-01-02 --to 2026-01-02T02:00:00+02:00",
                        "--from 2026-01-02T00:00:00Z is not before --to 2026-01-02T00:00:00Z"),
                Arguments.of("migrate --parallelism 0", "--parallelism must be at least 1, not 0"),
                Arguments.of("migrate --parallelism -3", "--parallelism must be at least 1, not -3"),
                Arguments.of("migrate --parallelism many", "'many' is not an int"),
                Arguments.of("migrate --rate-limit fast", "'fast' is no size"),
                Arguments.of("migrate --rate-limit 0", "'0' is not a size between 1 byte and"),
                Arguments.of("plan --rate-limit 20MB", "Unknown option"),
                Arguments.of("work --split-by 1d", "Unknown option"),
                Arguments.of("work --parallelism 0", "--parallelism must be at least 1, not 0"),
                Arguments.of("work --patience 0s", "'0s' is not longer than zero"),
                Arguments.of("migrate --integer-time-unit days", "--integer-time-unit"),
                Arguments.of("migrate --consistency weak", "'weak' is none of snapshot, each-slice"),
                Arguments.of("plan --format yaml", "--format"),
                Arguments.of("plan --diff /no/such/plan.json", "--diff /no/such/plan.json cannot be read"),
                Arguments.of("plan --diff pom.xml", "--diff pom.xml has no plan that this version can read"),
                Arguments.of("status --watch --interval 0s", "'0s' is not longer than zero"),
                Arguments.of("load-csv a.csv", "Missing required option: '--table=NAME'"),
                Arguments.of("load-csv --table readings", "Missing required parameter: 'FILE'"),
                Arguments.of("load-csv --table readings --delimiter ;; a.csv", "--delimiter must be one character"),
                Arguments.of(
                        "load-csv --table readings --delimiter ; --quote ; a.csv", "delimiter and quote are the same"),
                Arguments.of("load-csv --table readings --header maybe a.csv", "'maybe' is none of none, skip, match"),
                Arguments.of("load-csv --table readings --map a=b a.csv", "--map needs a header"),
                Arguments.of(
                        "load-csv --table readings --header match --columns a a.csv", "--columns does not go with"),
                Arguments.of("load-csv --table readings --parallelism 0 a.csv", "parallelism must be at least 1: 0"),
                Arguments.of("load-csv --table readings --batch-rows 0 a.csv", "batchRows must be at least 1: 0"),
                Arguments.of("load-csv --table readings - a.csv", "standard input (-) goes with no other file"),
                Arguments.of("completion now", "Unmatched argument"),
                Arguments.of("migrate --progress fancy", "--progress"),
                Arguments.of("migrate --pg-tools /usr/bin --pg-tools-command docker", "mutually exclusive"),
                Arguments.of("migrate --pg-tools-command '", "the quote ' is not closed"),
                Arguments.of(
                        "migrate --report /no/such/directory/report.json",
                        "/no/such/directory/report.json cannot be written"),
                Arguments.of("verify --report /", "is a directory"),
                Arguments.of("verify --sample 0", "--sample must be more than 0 and at most 100 percent, not 0"),
                Arguments.of("verify --sample 101%", "at most 100 percent, not 101%"),
                Arguments.of("verify --sample some", "at most 100 percent, not some"),
                Arguments.of("repair --sample 5", "Unknown option"),
                Arguments.of("catch-up --passes 0", "--passes must be at least 1, not 0"),
                Arguments.of("catch-up --include readings", "Unknown option"),
                Arguments.of(
                        "export --directory d --source postgres://old/metrics --target postgres://new/metrics",
                        "Unknown option"),
                Arguments.of("export", "no directory is given: use --directory DIR"),
                Arguments.of("export --directory d --from 2026-01-02 --to 2026-01-01", "is not before --to"),
                Arguments.of("import", "no directory is given: use --directory DIR"),
                Arguments.of("import --directory d --split-by 1d", "Unknown option"),
                Arguments.of("import --directory d --retries -1", "--retries must not be negative, not -1"),
                Arguments.of("migrate --source mysql://app:hush@old/metrics", "--source is not a PostgreSQL URL"),
                Arguments.of("migrate --target postgres://app:hush@old", "--target is not a PostgreSQL URL"),
                Arguments.of("migrate --target postgres://app:%hush@old/metrics", "--target is not a PostgreSQL URL"),
                Arguments.of("migrate --source", "--source"),
                Arguments.of("migrate postgres://app:hush@old/metrics", "Unmatched argument"),
                Arguments.of("migrate --sauce postgres://app:hush@old/metrics", "Unknown option"),
                Arguments.of("status --source postgres://app:hush@old/metrics", "Unknown option"),
                Arguments.of("move", "move"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void one_message_that_names_the_mistake(String line, String message) {
        Captured result = Captured.run(SIDES, line.split(" ", -1));

        assertThat(result.exit()).isEqualTo(Exit.USAGE);
        assertThat(result.err()).contains(message).contains("--help").doesNotContain("hush", "\tat ");
        assertThat(result.err().lines()).hasSizeLessThanOrEqualTo(3);
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"preflight", "plan", "migrate", "work", "verify", "repair", "catch-up", "status", "clean-up"})
    void a_side_that_is_not_given_is_asked_for(String command) {
        Captured result = Captured.run(Map.of("HYPERFERRY_SOURCE", "postgres://old/metrics"), command);

        assertThat(result.exit()).isEqualTo(Exit.USAGE);
        assertThat(result.err())
                .contains("no target is given: use --target URL, or set the variable HYPERFERRY_TARGET");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preflight",
                "plan",
                "migrate",
                "work",
                "verify",
                "repair",
                "catch-up",
                "export",
                "import",
                "load-csv",
                "status",
                "clean-up"
            })
    void help_has_an_example(String command) {
        Captured result = Captured.run(Map.of(), command, "--help");

        assertThat(result.exit()).isEqualTo(Exit.DONE);
        assertThat(result.out()).contains("Example:", "hyperferry " + command + " --");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void the_completion_is_a_script_that_bash_can_read_and_knows_every_command(@TempDir Path directory)
            throws Exception {
        Captured result = Captured.run(Map.of(), "completion");

        assertThat(result.exit()).isEqualTo(Exit.DONE);
        assertThat(result.out())
                .contains(
                        "preflight plan migrate work verify repair catch-up export import load-csv status clean-up",
                        "--split-by",
                        "--diff");
        Path script = Files.writeString(directory.resolve("completion.sh"), result.out());
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        ". '" + script + "' && COMP_WORDS=(hyperferry mig) COMP_CWORD=1 && _complete_hyperferry"
                                + " && echo \"${COMPREPLY[*]}\"")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
                .isEqualTo("migrate");
        assertThat(bash.waitFor()).isZero();
    }

    @Test
    void the_top_tells_its_commands_exit_codes_and_version() {
        assertThat(Captured.run(Map.of(), "--help").out()).contains("migrate", "clean-up", "130", "Example:");
        assertThat(Captured.run(Map.of(), "--version").out()).startsWith("hyperferry ");
        Captured nothing = Captured.run(Map.of());
        assertThat(nothing.exit()).isEqualTo(Exit.USAGE);
        assertThat(nothing.err()).contains("no command is given");
    }

    @ParameterizedTest
    @ValueSource(strings = {"preflight", "plan", "migrate", "work", "verify", "repair", "catch-up"})
    void servers_that_do_not_answer_are_told_at_once(String command) {
        Captured result = Captured.run(SIDES, command);

        assertThat(result.exit()).isEqualTo(Exit.PREFLIGHT);
        assertThat(result.err())
                .contains("error SOURCE_UNREACHABLE", "error TARGET_UNREACHABLE", "nothing was changed")
                .doesNotContain("hush", "\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"migrate", "verify", "repair", "catch-up"})
    void a_refusal_replaces_an_older_report(String command, @TempDir Path directory) throws IOException {
        Path fresh = directory.resolve("new.json");
        Path old = Files.writeString(directory.resolve("old.html"), "Verified identical");

        for (Path file : List.of(fresh, old)) {
            assertThat(Captured.run(SIDES, command, "--report", file.toString()).exit())
                    .isEqualTo(Exit.PREFLIGHT);
        }

        assertThat(fresh)
                .content()
                .contains("\"title\" : \"Refused: 2 problems\"", "SOURCE_UNREACHABLE", "localhost:1/metrics")
                .doesNotContain("hush");
        assertThat(old)
                .content()
                .contains("<title>Refused: 2 problems", "TARGET_UNREACHABLE")
                .doesNotContain("hush", "dentical");
        assertThat(directory).isDirectoryContaining(file -> file.equals(old)).satisfies(all -> {
            try (Stream<Path> files = Files.list(all)) {
                assertThat(files).containsExactlyInAnyOrder(fresh, old);
            }
        });
    }

    @Test
    void a_refused_export_and_import_replace_an_older_report(@TempDir Path directory) throws IOException {
        Path report = Files.writeString(directory.resolve("report.json"), "old");

        assertThat(Captured.run(
                                SIDES,
                                "export",
                                "--directory",
                                directory.resolve("export").toString(),
                                "--report",
                                report.toString())
                        .exit())
                .isEqualTo(Exit.PREFLIGHT);
        assertThat(report).content().contains("\"title\" : \"Refused: 1 problem\"", "SOURCE_UNREACHABLE");

        Files.writeString(report, "old");
        assertThat(Captured.run(
                                SIDES,
                                "import",
                                "--directory",
                                directory.resolve("none").toString(),
                                "--report",
                                report.toString())
                        .exit())
                .isEqualTo(Exit.PREFLIGHT);
        assertThat(report).content().contains("\"title\" : \"Refused: 1 problem\"", "EXPORT_MISSING");
    }

    @Test
    void a_command_line_that_cannot_be_used_leaves_a_report_as_it_is(@TempDir Path directory) throws IOException {
        Path old = Files.writeString(directory.resolve("old.json"), "old");

        assertThat(Captured.run(SIDES, "verify", "--sample", "200", "--report", old.toString())
                        .exit())
                .isEqualTo(Exit.USAGE);

        assertThat(old).hasContent("old");
    }
}
