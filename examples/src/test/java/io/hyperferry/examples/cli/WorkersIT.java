package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes that join a run: some are killed, or their leader is, and each slice still arrives exactly once. */
@ExtendWith(TimescaleExtension.class)
class WorkersIT {
    private static final Pattern COPIED = Pattern.compile("copied ([0-9,]+) slices");

    @TempDir
    Path directory;

    private static TestDatabase source;
    private static int slices;

    private TestDatabase target;
    private final List<String> story = new ArrayList<>();

    @BeforeAll
    static void fill(@Source TestDatabase filled) {
        KillIT.fill(filled);
        slices = KillIT.slices(filled);
        source = filled;
    }

    @BeforeEach
    void create(@Target TestDatabase targets) {
        target = targets.createSibling("joined");
    }

    /** A leader that is slow itself, so that those that join have something to do. */
    private CliProcess lead() {
        return CliProcess.start(
                directory,
                Map.of(),
                CliRuns.words(
                        source, target, "migrate", "--split-by", "6h", "--parallelism", "1", "--rate-limit", "300kB"));
    }

    private CliProcess work(TestDatabase from) {
        return CliProcess.start(
                directory,
                Map.of(),
                List.of(
                        "work",
                        "--source",
                        from.url(),
                        "--target",
                        target.url(),
                        "--parallelism",
                        "2",
                        "--rate-limit",
                        "2MB",
                        "--patience",
                        "2m"));
    }

    private static long copied(Captured worker) {
        Matcher number = COPIED.matcher(worker.out());
        assertThat(number.find()).as(worker.out() + worker.err()).isTrue();
        return Long.parseLong(number.group(1).replace(",", ""));
    }

    private Map<String, String> awaitMarks(int atLeast) {
        await().atMost(Duration.ofSeconds(100))
                .pollInterval(Duration.ofMillis(17))
                .until(() -> KillIT.marks(target).size() >= atLeast);
        return KillIT.marks(target);
    }

    private void assertAllArrivedOnce(Map<String, String> marksBefore, Captured leader) {
        assertThat(leader.exit()).as("%s\n%s", story, leader.err()).isZero();
        assertThat(leader.out()).contains("Verified identical");
        assertThat(KillIT.marks(target))
                .as("%s: a mark that was committed stays as it is", story)
                .containsAllEntriesOf(marksBefore)
                .hasSize(slices);
        KillIT.assertSameRows(source, target, story);
    }

    @Test
    void three_workers_of_which_one_is_killed() throws IOException, InterruptedException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        story.add("seed " + seed);
        List<CliProcess> workers = new ArrayList<>();
        workers.add(work(source));
        CliProcess leader = lead();
        workers.add(work(source));
        workers.add(work(source));
        awaitMarks(1);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> target.count("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode ="
                                + " 'ShareLock' AND database = (SELECT oid FROM pg_database WHERE datname ="
                                + " current_database())")
                        == 3);
        CliProcess victim = workers.remove(random.nextInt(3));
        int moment = KillIT.marks(target).size() + 1 + random.nextInt(slices / 3);

        Map<String, String> marks = awaitMarks(moment);
        assertThat(victim.isAlive()).isTrue();
        victim.signal("KILL");
        story.add("killed one at " + marks.size() + " of " + slices + " slices");

        assertThat(victim.await().exit()).isEqualTo(128 + 9);
        for (CliProcess worker : workers) {
            Captured ended = worker.await();
            assertThat(ended.exit()).as("%s\n%s", story, ended.err()).isZero();
            assertThat(copied(ended)).isPositive();
            story.add("another one copied " + copied(ended));
        }
        assertAllArrivedOnce(marks, leader.await());
        System.err.println("WorkersIT: " + story);
    }

    @Test
    void the_leader_is_killed_and_a_worker_goes_on_with_the_next() throws IOException, InterruptedException {
        CliProcess first = lead();
        CliProcess worker = work(source);
        awaitMarks(10);
        first.signal("KILL");
        assertThat(first.await().exit()).isEqualTo(128 + 9);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            Captured status = Captured.run(Map.of(), "status", "--target", target.url());
            return status.out().contains("interrupted") && status.out().contains("workers   0 joined");
        });
        Map<String, String> marks = KillIT.marks(target);
        assertThat(marks).hasSizeLessThan(slices);
        assertThat(worker.isAlive()).isTrue();
        story.add("the first leader was killed, with " + marks.size() + " slices done");

        CliProcess second = lead();

        Captured ended = worker.await();
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertAllArrivedOnce(marks, second.await());
        assertThat(KillIT.marks(target).values().stream()
                        .filter(it -> it.startsWith("attempt 1 "))
                        .count())
                .as("the worker claimed nothing more for a leader that was gone")
                .isEqualTo(marks.size());
        System.err.println("WorkersIT: " + story + ", the worker copied " + copied(ended));
    }

    @Test
    void a_worker_with_another_source_is_refused(@Source TestDatabase other) {
        CliProcess leader = lead();
        TestDatabase elsewhere = other.createSibling("elsewhere");

        Captured refused = work(elsewhere).await();

        assertThat(refused.exit()).as(refused.err()).isEqualTo(Exit.PREFLIGHT);
        assertThat(refused.err())
                .contains("source database was " + source.name())
                .contains("nothing was changed")
                .doesNotContain("\tat ");
        Captured helped = work(source).await();
        assertThat(helped.exit()).as(helped.err()).isZero();
        assertAllArrivedOnce(Map.of(), leader.await());
    }
}
