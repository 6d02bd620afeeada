package io.hyperferry.examples.cli;

import io.hyperferry.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** Commands between test databases, and their ends. */
final class CliRuns {
    private CliRuns() {}

    /** A command with both sides, and PostgreSQL's tools where the server brings them. */
    static List<String> words(TestDatabase source, TestDatabase target, String... command) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("--source", source.url(), "--target", target.url()));
        words.addAll(tools(target));
        return words;
    }

    /** PostgreSQL's tools where the server brings them, as words of a command. */
    static List<String> tools(TestDatabase target) {
        List<String> prefix = target.server().quickToolPrefix();
        return prefix.isEmpty()
                ? List.of()
                : List.of(
                        "--pg-tools-command",
                        prefix.stream().map(it -> "'" + it + "'").collect(Collectors.joining(" ")));
    }

    /** Waits until the servers have noticed that a killed process is gone. */
    static void awaitNoSession(TestDatabase... databases) {
        for (TestDatabase database : databases) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() ->
                            database.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                            + " AND application_name = 'hyperferry'")
                                    == 0);
        }
    }
}
