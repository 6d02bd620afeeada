package io.hyperferry.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperferry.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;

/** Waits for what a server does. */
final class Conditions {

    private Conditions() {}

    /** Until one of the engine's backends runs such a query. */
    static void untilQuery(TestDatabase database, String like) {
        until(database, "state = 'active' AND query LIKE '" + like + "'");
    }

    /** Until one of the engine's backends is like this. */
    static void until(TestDatabase database, String condition) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> count(database, condition) > 0);
    }

    /** Until the engine has no backend any more. */
    static void untilNone(TestDatabase database) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> count(database, "true") == 0);
    }

    /** How many of the engine's backends are like this. */
    static long count(TestDatabase database, String condition) {
        return database.count("SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + Sides.APPLICATION
                + "' AND " + condition);
    }

    /** Cancels a run, and asserts that it ends in time and throws what it should. */
    static void assertCancels(CopyRun run) {
        Instant begun = Instant.now();

        run.cancel();

        assertThatThrownBy(run::await)
                .isInstanceOf(CopyCancelledException.class)
                .hasMessage("Copying was cancelled after 0 tasks with 0 rows")
                .hasNoSuppressedExceptions();
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(2));
        assertThat(run.isDone()).isTrue();
    }
}
