package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runnable jar as a process, between real servers. */
@ExtendWith(TimescaleExtension.class)
class CliIT {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final TestDatabase source;
    private final TestDatabase targets;

    @TempDir
    Path directory;

    CliIT(@Source TestDatabase source, @Target TestDatabase targets) {
        this.source = source;
        this.targets = targets;
    }

    @BeforeAll
    static void fill(@Source TestDatabase source) {
        source.execute(
                "CREATE TABLE sensors (id int PRIMARY KEY, name text NOT NULL)",
                "INSERT INTO sensors SELECT i, 'sensor ' || i FROM generate_series(1, 10) i",
                "CREATE TABLE readings (time timestamptz NOT NULL, sensor int NOT NULL REFERENCES sensors, level float8)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, 1 + extract(epoch FROM t)::bigint / 10 % 10, sin(extract(epoch FROM t))"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01 00:00+00', '2026-01-11 00:00+00', '10 seconds') t",
                "ANALYZE");
    }

    @Test
    void a_migration_is_done_verified_told_and_cleaned_up() throws IOException {
        TestDatabase target = targets.createSibling("ok");
        Path report = directory.resolve("report.json");

        Captured planned = run("plan", target, "--format", "sql");
        assertThat(planned.exit()).as(planned.err()).isEqualTo(Exit.DONE);
        assertThat(planned.out()).contains("create_hypertable");
        assertUntouched(target);

        Captured migrated = run("migrate", target, "--split-by", "12h", "--report", report.toString());
        assertThat(migrated.exit()).as(migrated.err()).isEqualTo(Exit.DONE);
        assertThat(migrated.out()).contains("Verified identical").contains("public.readings");
        assertThat(migrated.err()).contains("planned: ", "copy data: done in").doesNotContain("jOOQ", "tip of the day");
        assertThat(Files.readString(report))
                .contains("\"identical\" : true", "\"differences\" : [ ]", "\"mismatches\" : [ ]", "\"readings\"");
        assertThat(target.count("SELECT count(*) FROM readings")).isEqualTo(86_401);

        Captured status = run(List.of("status", "--target", target.url()), Map.of());
        assertThat(status.exit()).isEqualTo(Exit.DONE);
        assertThat(status.out()).contains("done and verified at");

        Captured cleaned = run(List.of("clean-up", "--target", target.url()), Map.of());
        assertThat(cleaned.exit()).as(cleaned.err()).isEqualTo(Exit.DONE);
        assertThat(target.value("SELECT to_regnamespace('hyperferry')")).isNull();
        assertThat(run(List.of("status", "--target", target.url()), Map.of()).err())
                .contains("error NO_LEDGER");
    }

    @Test
    void problems_a_kept_plan_a_page_and_a_watch_from_elsewhere() throws Exception {
        TestDatabase target = targets.createSibling("watched");
        Path page = directory.resolve("report.html");
        Path kept = directory.resolve("plan.json");

        Captured ready = run("preflight", target);
        assertThat(ready.exit()).as(ready.err()).isEqualTo(Exit.DONE);
        assertThat(ready.out()).contains("can be migrated");
        Files.writeString(kept, run("plan", target, "--format", "json").out());
        assertThat(run("plan", target, "--diff", kept.toString()).out()).isEqualTo("nothing changed\n");
        assertThat(run("plan", target, "--diff", kept.toString(), "--exclude", "public.sensors")
                        .out())
                .contains("option exclude new: public.sensors", "table gone: public.sensors");
        assertUntouched(target);

        CliProcess migrating = CliProcess.start(
                directory,
                Map.of(),
                words(
                        "migrate",
                        target,
                        "--split-by=12h",
                        "--parallelism=1",
                        "--rate-limit=150kB",
                        "--progress=bar",
                        "--report=" + page));
        waitForSlices(migrating, target);
        Captured watched =
                run(List.of("status", "--watch", "--interval", "PT0.2S", "--target", target.url()), Map.of());
        Captured migrated = migrating.await();

        assertThat(migrated.exit()).as(migrated.err()).isEqualTo(Exit.DONE);
        assertThat(watched.exit()).as(watched.out()).isEqualTo(Exit.DONE);
        assertThat(watched.out()).contains("running at: copy data; step ", " left to copy", "done and verified at");
        assertThat(migrated.err().split("[\r\n]+"))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(80))
                .anySatisfy(line -> assertThat(line).startsWith("reading both databases"))
                .anySatisfy(line -> assertThat(line).contains("copy data", "[=", "/s, ", " left"));
        assertThat(Files.readString(page))
                .startsWith("<!DOCTYPE html>")
                .contains("Verified identical", "public.readings");

        TestDatabase full = targets.createSibling("blocked");
        full.execute("CREATE TABLE mine (id int)");
        Captured blocked = run("preflight", full);
        assertRefused(blocked, "TARGET_NOT_EMPTY", "public.mine");
        assertThat(blocked.out()).contains("cannot be migrated, errors 1");
    }

    @Test
    void a_killed_process_leaves_no_older_report_and_a_cancelled_one_writes_its_own() throws Exception {
        TestDatabase target = targets.createSibling("reports");
        Path report = Files.writeString(directory.resolve("old.json"), "Verified identical");
        List<String> words = words(
                "migrate", target, "--split-by=12h", "--parallelism=1", "--rate-limit=50kB", "--report=" + report);

        CliProcess killed = CliProcess.start(directory, Map.of(), words);
        waitForSlices(killed, target);
        killed.signal("KILL");
        killed.await();
        assertThat(report)
                .content()
                .contains("\"outcome\" : \"RUNNING\"", "; not finished")
                .doesNotContain("Verified");

        long before = slicesDone(target);
        CliProcess cancelled = CliProcess.start(directory, Map.of(), words);
        waitForSlices(cancelled, target, before);
        cancelled.signal("INT");
        assertThat(cancelled.await().exit()).isEqualTo(Exit.CANCELLED);
        assertThat(report).content().contains("\"outcome\" : \"CANCELLED\"", "\"title\" : \"Cancelled");

        Path page = Files.writeString(directory.resolve("old.html"), "Verified identical");
        Captured refused = run("migrate", target, "--report", page.toString());
        assertThat(refused.exit()).isEqualTo(Exit.PREFLIGHT);
        assertThat(page)
                .content()
                .contains("<title>Refused: ", "was planned differently")
                .doesNotContain("dentical");
    }

    @Test
    void what_differs_is_told_and_written_and_ends_with_1() throws IOException {
        TestDatabase target = targets.createSibling("differs");
        target.letTriggersRest();
        assertThat(run("migrate", target, "--quiet").exit()).isEqualTo(Exit.DONE);
        target.execute(
                "DELETE FROM sensors WHERE false", "UPDATE readings SET level = 2 WHERE time = '2026-01-05 00:00+00'");
        Path report = directory.resolve("report.json");

        Captured verified = run(sides("verify", target, "--report", report.toString()), Map.of());

        assertThat(verified.exit()).as(verified.err()).isEqualTo(Exit.FAILED);
        assertThat(verified.out()).contains("NOT IDENTICAL");
        assertThat(verified.err()).contains("source and target are not identical");
        assertThat(Files.readString(report)).contains("2026-01-05");

        Captured sampled = run(sides("verify", target, "--sample", "100%"), Map.of());
        assertThat(sampled.exit()).as(sampled.err()).isEqualTo(Exit.FAILED);
        assertThat(sampled.out()).contains("A SAMPLE of 100% of the slices (seed 0) is NOT IDENTICAL");

        Captured repaired = run(sides("repair", target, "--report", report.toString()), Map.of());
        assertThat(repaired.exit()).as(repaired.err()).isEqualTo(Exit.DONE);
        assertThat(repaired.out()).contains("Repaired public.readings, ", "Verified identical");
        assertThat(Files.readString(report)).contains("\"identical\" : true", "\"repairs\"", "2026-01-05");
        assertThat(run(sides("verify", target, "--sample", "0.5", "--sample-seed", "9"), Map.of())
                        .out())
                .contains("A SAMPLE of 0.5% of the slices (seed 9) is identical; the rest was not compared");
    }

    @Test
    void what_changed_since_is_caught_up_and_told() throws IOException {
        TestDatabase changing = source.createSibling("changing");
        changing.execute(
                "CREATE TABLE notes (id int PRIMARY KEY)",
                "COMMENT ON TABLE notes IS 'as it was'",
                "INSERT INTO notes VALUES (1)");
        TestDatabase target = targets.createSibling("caught_up");
        Path report = directory.resolve("caught-up.json");
        List<String> words = new ArrayList<>(List.of(
                "catch-up", "--source", changing.url(), "--target", target.url(), "--report", report.toString()));

        Captured early = run(words, Map.of());
        assertThat(early.exit()).isEqualTo(Exit.PREFLIGHT);
        assertThat(early.err()).contains("error NO_LEDGER");

        List<String> migrate = CliRuns.words(changing, target, "migrate", "--quiet");
        assertThat(run(migrate, Map.of()).exit()).isEqualTo(Exit.DONE);
        changing.execute("INSERT INTO notes VALUES (2)");

        words.addAll(List.of("--passes", "1"));
        Captured moving = run(words, Map.of());
        assertThat(moving.exit()).as(moving.err()).isEqualTo(Exit.FAILED);
        assertThat(moving.out()).contains("public.notes, whole table: 1 rows removed, 2 copied", "NOT CAUGHT UP");
        Captured still = run(words, Map.of());
        assertThat(still.exit()).as(still.err()).isEqualTo(Exit.DONE);
        assertThat(still.out()).contains("Pass 1, ", "nothing had changed", "CAUGHT UP: ");
        assertThat(Files.readString(report)).contains("\"still\" : true", "\"outcome\" : \"IDENTICAL\"", "\"passes\"");
        assertThat(target.count("SELECT count(*) FROM notes")).isEqualTo(2);

        changing.execute(
                "COMMENT ON TABLE notes IS 'changed'", "CREATE TABLE later (id int)", "INSERT INTO later VALUES (1)");
        List<String> quiet =
                new ArrayList<>(List.of("catch-up", "--source", changing.url(), "--target", target.url(), "--quiet"));
        Captured without = run(concat(quiet, "--pg-tools", "/nowhere"), Map.of());
        assertThat(without.exit()).as(without.err()).isEqualTo(Exit.FAILED);
        assertThat(without.out())
                .contains(
                        "public.later, the target has no such table",
                        "table public.notes, comment: source changed, target as it was",
                        "table public.later was not created on the target");
        Captured created = run(CliRuns.words(changing, target, "catch-up", "--quiet"), Map.of());
        assertThat(created.exit()).as(created.err()).isEqualTo(Exit.EXCEPT);
        assertThat(created.out())
                .startsWith("Not followed:")
                .contains("table public.notes, comment: source changed, target as it was")
                .doesNotContain("later");
        assertThat(target.count("SELECT count(*) FROM later")).isEqualTo(1);
    }

    private static List<String> concat(List<String> words, String... more) {
        return Stream.concat(words.stream(), Stream.of(more)).toList();
    }

    @Test
    void quiet_says_nothing_and_passwords_may_come_from_the_environment() {
        TestDatabase target = targets.createSibling("quiet");
        UnaryOperator<String> withoutPassword = url -> url.replaceFirst(":[^:@/]*@", "@");
        List<String> words = new ArrayList<>(List.of("migrate", "--quiet"));
        words.addAll(CliRuns.tools(targets));

        Captured result = run(
                words,
                Map.of(
                        "HYPERFERRY_SOURCE", withoutPassword.apply(source.url()),
                        "HYPERFERRY_TARGET", withoutPassword.apply(target.url()),
                        "PGPASSWORD", source.password()));

        assertThat(result).isEqualTo(new Captured(Exit.DONE, "", ""));
    }

    @Test
    void a_wrong_password_is_told_and_not_shown() {
        TestDatabase target = targets.createSibling("password");
        String wrong = source.url().replaceFirst(":[^:@/]*@", ":wrong-hush@");

        Captured result =
                run(with(CliRuns.tools(targets), "migrate", "--source", wrong, "--target", target.url()), Map.of());

        assertRefused(result, "SOURCE_UNREACHABLE", "Check user and password");
        assertThat(result.err()).doesNotContain("hush");
        assertUntouched(target);
    }

    @Test
    void a_server_that_is_not_there_is_told() {
        TestDatabase target = targets.createSibling("nobody");

        Captured result = run(
                with(
                        CliRuns.tools(targets),
                        "migrate",
                        "--source",
                        "postgres://app:hush@localhost:1/metrics",
                        "--target",
                        target.url()),
                Map.of());

        assertRefused(result, "SOURCE_UNREACHABLE", "Check host and port");
        assertUntouched(target);
    }

    @Test
    void a_database_that_is_not_there_is_told() {
        String nowhere = targets.url().replaceFirst("[^/]+$", "no_such_database");

        Captured result =
                run(with(CliRuns.tools(targets), "migrate", "--source", source.url(), "--target", nowhere), Map.of());

        assertRefused(result, "TARGET_UNREACHABLE", "Check the database's name");
    }

    @Test
    void a_target_without_the_extension_is_told() {
        TestDatabase target = targets.createEmptySibling("bare");

        assertRefused(run("migrate", target), "TARGET_WITHOUT_TIMESCALEDB", "CREATE EXTENSION timescaledb");
        assertUntouched(target);
    }

    @Test
    void a_target_that_has_something_is_told_and_the_plan_is_shown_nevertheless() {
        TestDatabase target = targets.createSibling("full");
        target.execute("CREATE TABLE mine (id int)");

        assertRefused(run("migrate", target), "TARGET_NOT_EMPTY", "public.mine");
        Captured planned = run("plan", target);
        assertRefused(planned, "TARGET_NOT_EMPTY", "public.mine");
        assertThat(planned.out()).contains("create hypertable public.readings");
        assertThat(target.count("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo(1);
        assertThat(target.value("SELECT to_regnamespace('hyperferry')")).isNull();
    }

    @Test
    void a_filter_that_matches_nothing_is_told() {
        TestDatabase target = targets.createSibling("filter");

        assertRefused(
                run("migrate", target, "--include", "public.reedings"), "FILTER_MATCHES_NOTHING", "public.reedings");
        assertRefused(
                run(sides("verify", target, "--exclude", "nope.*"), Map.of()), "FILTER_MATCHES_NOTHING", "nope.*");
        assertUntouched(target);
    }

    @Test
    void tools_that_are_missing_are_told() throws IOException {
        TestDatabase target = targets.createSibling("tools");
        Path empty = Files.createDirectory(directory.resolve("empty"));

        assertRefused(
                run(sides("migrate", target, "--pg-tools", empty.toString()), Map.of()), "TOOL_MISSING", "--pg-tools");
        assertRefused(
                run(sides("migrate", target, "--pg-tools-command", "no-such-command 'a b'"), Map.of()),
                "TOOL_MISSING",
                "no-such-command");
        assertUntouched(target);
    }

    @Test
    void tools_that_are_too_old_are_told() throws IOException {
        TestDatabase target = targets.createSibling("old");
        Path old = Files.createDirectory(directory.resolve("old"));
        for (String tool : List.of("pg_dump", "pg_restore")) {
            Path script = Files.writeString(
                    old.resolve(tool),
                    "#!/bin/sh\necho '" + tool + " (PostgreSQL) 9.6.24'\n",
                    StandardCharsets.US_ASCII);
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }

        assertRefused(run(sides("migrate", target, "--pg-tools", old.toString()), Map.of()), "TOOL_TOO_OLD", "9.6.24");
        assertUntouched(target);
    }

    @Test
    void other_options_than_those_of_the_run_that_is_there_are_told() {
        TestDatabase target = targets.createSibling("other");
        assertThat(run("migrate", target, "--quiet").exit()).isEqualTo(Exit.DONE);

        assertRefused(run("migrate", target, "--split-by", "1h"), "PLAN_CHANGED", "splitBy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void a_signal_cancels_and_the_same_command_goes_on(String signal) throws Exception {
        assumeTrue(!isIgnored(signal), "this process ignores the signal, and its children do, too");
        TestDatabase target = targets.createSibling("cancel");
        List<String> words = words("migrate", target, "--split-by", "10m", "--parallelism", "1");

        CliProcess first = CliProcess.start(directory, Map.of(), words);
        waitForSlices(first, target);
        first.signal(signal);
        Captured cancelled = first.await();

        assertThat(cancelled.exit()).as(cancelled.err()).isEqualTo(Exit.CANCELLED);
        assertThat(cancelled.err()).contains("hyperferry: cancelled").doesNotContain("\tat ");
        assertThat(cancelled.out()).isEmpty();
        long done = slicesDone(target);
        assertThat(done).isBetween(1L, 1440L);
        assertThat(run(List.of("status", "--target", target.url()), Map.of()).out())
                .contains("interrupted");
        assertThat(target.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name LIKE 'hyperferry%' AND application_name <> 'hyperferry-test'"))
                .isZero();

        Captured second = run(words, Map.of());

        assertThat(second.exit()).as(second.err()).isEqualTo(Exit.DONE);
        assertThat(second.err()).contains("going on with an interrupted run");
        assertThat(target.count("SELECT count(*) FROM hyperferry.slice WHERE attempt = 1"))
                .isEqualTo(done);
        assertThat(target.count("SELECT count(*) FROM readings")).isEqualTo(86_401);
    }

    private static void waitForSlices(CliProcess process, TestDatabase target) throws InterruptedException {
        waitForSlices(process, target, 0);
    }

    private static void waitForSlices(CliProcess process, TestDatabase target, long before)
            throws InterruptedException {
        long start = System.nanoTime();
        while (slicesDone(target) <= before) {
            if (System.nanoTime() - start > LONGEST_WAIT.toNanos() || !process.isAlive()) {
                throw new AssertionError("no slice arrives: " + process.await());
            }
            Thread.sleep(20);
        }
    }

    private static long slicesDone(TestDatabase target) {
        return target.value("SELECT to_regclass('hyperferry.slice')") == null
                ? 0
                : target.count("SELECT count(*) FROM hyperferry.slice WHERE done_at IS NOT NULL");
    }

    /** A shell that starts this in the background makes it, and all its children, ignore Ctrl-C. */
    private static boolean isIgnored(String signal) throws IOException {
        Path status = Path.of("/proc/self/status");
        int number = signal.equals("INT") ? 2 : 15;
        return Files.isReadable(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .map(line -> new BigInteger(
                                line.substring("SigIgn:".length()).strip(), 16))
                        .anyMatch(mask -> mask.testBit(number - 1));
    }

    /** One paragraph that names the problem and what to do, exit code 3, nothing changed. */
    private static void assertRefused(Captured result, String code, String text) {
        assertThat(result.exit()).as(result.err()).isEqualTo(Exit.PREFLIGHT);
        assertThat(result.err()).contains("error " + code, text).doesNotContain("\tat ");
    }

    private static void assertUntouched(TestDatabase target) {
        assertThat(target.value("SELECT to_regnamespace('hyperferry')")).isNull();
        assertThat(target.count("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isZero();
    }

    private Captured run(String command, TestDatabase target, String... more) {
        return run(words(command, target, more), Map.of());
    }

    /** A command with both sides and the tools. */
    private List<String> words(String command, TestDatabase target, String... more) {
        return CliRuns.words(
                source,
                target,
                Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new));
    }

    private Captured run(List<String> words, Map<String, String> environment) {
        return CliProcess.start(directory, environment, words).await();
    }

    private List<String> sides(String command, TestDatabase target, String... more) {
        return new ArrayList<>(
                Stream.concat(Stream.of(command, "--source", source.url(), "--target", target.url()), Stream.of(more))
                        .toList());
    }

    private static List<String> with(List<String> tools, String... words) {
        return Stream.concat(Stream.of(words), tools.stream()).toList();
    }
}
