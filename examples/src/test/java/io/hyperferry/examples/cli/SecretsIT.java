package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TcpProxy;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A password goes to the servers and nowhere else, whatever a migration writes, and whatever goes wrong. */
@ExtendWith(TimescaleExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@AnyEdition
class SecretsIT {
    /** Any piece of it that turns up somewhere is found by one of the words. */
    private static final List<String> WORDS = List.of("Zq7S3cretA", "Zq7S3cretB", "Zq7S3cretC");

    private static final String PASSWORD =
            "Zq7S3cretA '\"\\ %s @:/?#&=+$(id)${x} Zq7S3cretB \\'; -- | `id` é Zq7S3cretC ";
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static final String ROLE = "hf_secretive";

    /** All loggers, the driver's and jOOQ's included, with all that they have to say. */
    private String options;

    private Path directory;
    private Path temporary;
    private TestDatabase from;
    private TestDatabase to;

    @BeforeAll
    void fill(@Source TestDatabase source, @Target TestDatabase target, @TempDir Path files) throws IOException {
        directory = files;
        temporary = Files.createDirectory(files.resolve("tmp"));
        from = source.createSibling("secrets");
        to = target.createSibling("secrets");
        for (TestDatabase side : List.of(from, to)) {
            side.createRole(ROLE, "");
            side.superuser()
                    .execute(
                            "ALTER ROLE " + ROLE + " LOGIN PASSWORD '" + PASSWORD.replace("'", "''") + "'",
                            "ALTER DATABASE \"" + side.name() + "\" OWNER TO " + ROLE);
        }
        from.superuser()
                .execute(
                        "SET ROLE " + ROLE,
                        "CREATE TABLE readings (time timestamptz NOT NULL, n int)",
                        "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                        "INSERT INTO readings"
                                + " SELECT generate_series(TIMESTAMPTZ '2026-01-01 UTC', '2026-01-03 UTC', '1 hour'), 1");
        Path logging = Files.writeString(
                directory.resolve("logging.properties"),
                "handlers=java.util.logging.ConsoleHandler\n.level=ALL\njava.util.logging.ConsoleHandler.level=ALL\n");
        options = "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace -Dorg.slf4j.simpleLogger.log.io.hyperferry=trace"
                + " -Djava.util.logging.config.file=" + logging + " -Djava.io.tmpdir=" + temporary;
    }

    @Test
    void nothing_of_it_is_written_when_all_goes_well() throws IOException {
        Path gate = directory.resolve("gate");
        Path report = directory.resolve("report.html");
        Set<String> seen = new TreeSet<>();

        CliProcess run = start(
                url(from, PASSWORD),
                url(to, PASSWORD),
                waitingTools(gate),
                "migrate",
                "--verbose",
                "--report",
                report.toString());
        // pg_dump, its command around it, and the migration itself, while pg_dump waits and cannot be missed.
        Awaitility.await().atMost(LONGEST).until(() -> {
            seen.addAll(commandLines());
            return seen.stream().anyMatch(it -> it.contains("--format=custom"));
        });
        Files.createFile(gate);
        Awaitility.await().atMost(LONGEST).until(() -> {
            seen.addAll(commandLines());
            return !run.isAlive();
        });
        Captured end = run.await();

        assertThat(end.exit()).as(end.err()).isZero();
        assertThat(end.err())
                .as("the driver's and jOOQ's words are among those looked at")
                .contains("FE=>", "org.jooq");
        assertThat(seen).anyMatch(it -> it.contains("hyperferry.jar"));
        assertClean(seen);
        assertClean(List.of(end.out(), end.err(), Files.readString(report)));
        assertClean(ledger());
        Map<String, String> environment =
                Map.of("HYPERFERRY_SOURCE", url(from, PASSWORD), "HYPERFERRY_TARGET", url(to, PASSWORD));
        for (String command :
                List.of("plan --format text", "plan --format sql", "plan --format json", "status", "verify")) {
            Captured told = Captured.run(environment, command.split(" "));
            assertThat(told.exit()).as("%s: %s", command, told.err()).isZero();
            assertClean(List.of(told.out(), told.err()));
        }
        assertThat(temporary).as("what needs no file makes none").isEmptyDirectory();
    }

    @Test
    void nor_is_it_when_data_goes_through_files() throws IOException {
        Path export = directory.resolve("export");
        TestDatabase imported = ownSibling("imported");

        Captured exporting = start(
                        url(from, PASSWORD),
                        url(imported, PASSWORD),
                        tools(),
                        "export",
                        "--directory",
                        export.toString(),
                        "--verbose")
                .await();
        Captured importing = start(
                        url(from, PASSWORD),
                        url(imported, PASSWORD),
                        List.of(),
                        "import",
                        "--directory",
                        export.toString(),
                        "--verbose")
                .await();

        assertThat(exporting.exit()).as(exporting.err()).isZero();
        assertThat(importing.exit()).as(importing.err()).isZero();
        assertClean(List.of(exporting.out(), exporting.err(), importing.out(), importing.err()));
        List<String> written = new ArrayList<>();
        try (Stream<Path> files = Files.walk(export)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                written.add(file.getFileName().toString());
                written.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(written).as("schema, catalog, manifest and data").hasSizeGreaterThan(8);
        assertClean(written);
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void nor_is_it_when_a_server_refuses_it_or_is_gone() {
        String gone;
        try (TcpProxy proxy = TcpProxy.before(from)) {
            gone = proxy.url().replaceFirst("//[^@]*@", "//" + ROLE + ":" + encoded(PASSWORD) + "@");
        }

        Captured refused = start(url(from, "x" + PASSWORD), url(to, PASSWORD), tools(), "plan", "--verbose")
                .await();
        Captured unreachable =
                start(gone, url(to, PASSWORD), tools(), "plan", "--verbose").await();

        assertThat(refused.exit()).isEqualTo(Exit.PREFLIGHT);
        assertThat(refused.err()).contains("password authentication failed");
        assertThat(unreachable.exit()).isEqualTo(Exit.PREFLIGHT);
        assertThat(unreachable.err()).contains("refused");
        assertClean(List.of(refused.out(), refused.err(), unreachable.out(), unreachable.err()));
    }

    @Test
    void nor_is_it_when_the_command_around_pg_dump_tells_it() {
        List<String> telling = new ArrayList<>(List.of(
                "sh",
                "-c",
                "case \"$*\" in *custom*) printf \"told: %s\" \"$PGPASSWORD\" >&2; exit 1;; esac; exec \"$@\"",
                "sh"));
        telling.addAll(tools());
        TestDatabase untouched = ownSibling("told");

        Captured failed = start(url(from, PASSWORD), url(untouched, PASSWORD), telling, "migrate", "--verbose")
                .await();

        assertThat(failed.err()).contains("told: ***");
        assertClean(List.of(failed.out(), failed.err()));
        assertThat(temporary).as("what fails leaves no file").isEmptyDirectory();
    }

    private TestDatabase ownSibling(String suffix) {
        TestDatabase sibling = to.createSibling(suffix);
        sibling.superuser().execute("ALTER DATABASE \"" + sibling.name() + "\" OWNER TO " + ROLE);
        return sibling;
    }

    private static void assertClean(Collection<String> texts) {
        for (String text : texts) {
            // The text itself would be a very long message.
            assertThat(WORDS.stream().filter(text::contains))
                    .as(() -> "found in " + around(text))
                    .isEmpty();
        }
    }

    private static String around(String text) {
        int at = WORDS.stream()
                .mapToInt(text::indexOf)
                .filter(it -> it >= 0)
                .min()
                .orElse(0);
        return text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 200));
    }

    private CliProcess start(String source, String target, List<String> tools, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        if (!tools.isEmpty()) {
            all.add("--pg-tools-command");
            all.add(tools.stream().map(it -> "'" + it + "'").collect(Collectors.joining(" ")));
        }
        return CliProcess.start(
                directory,
                Map.of(
                        "HYPERFERRY_SOURCE", source,
                        "HYPERFERRY_TARGET", target,
                        "JDK_JAVA_OPTIONS", options,
                        "TMPDIR", temporary.toString()),
                all);
    }

    private List<String> tools() {
        return to.server().quickToolPrefix();
    }

    /** Tools of which the one that takes the schema waits for a file. */
    private List<String> waitingTools(Path gate) {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "case \"$*\" in *--format=custom*) while [ ! -e " + gate
                        + " ]; do sleep 0.05; done;; esac; exec \"$@\"",
                "sh"));
        command.addAll(tools());
        return command;
    }

    /** The command lines of all processes of this machine, as every user of it can read them. */
    private static List<String> commandLines() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : (Iterable<Path>) processes::iterator) {
                try {
                    lines.add(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                            .replace('\0', ' '));
                } catch (IOException e) {
                    // No process, or one that is gone again.
                }
            }
        }
        return lines;
    }

    private List<String> ledger() {
        List<String> rows = new ArrayList<>();
        to.superuser()
                .rows("SELECT tablename FROM pg_tables WHERE schemaname = 'hyperferry'")
                .forEach(table -> to.superuser()
                        .rows("SELECT t::text FROM hyperferry." + table.get(0) + " t")
                        .forEach(row -> rows.add(String.valueOf(row.get(0)))));
        assertThat(rows).hasSizeGreaterThan(10);
        return rows;
    }

    private static String url(TestDatabase database, String password) {
        return "postgres://" + ROLE + ":" + encoded(password) + "@" + database.host() + ":" + database.port() + "/"
                + database.name();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
