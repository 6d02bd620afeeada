package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.CatchUpReport.Outcome;
import io.hyperferry.DatabaseFacts.Difference;
import io.hyperferry.RandomChanges.Change;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source is changed by chance between a run and a catch-up. A catch-up that ends with "identical" leaves no difference that an independent
 * comparison finds, one that is refused changes nothing, and none changes a row that was equal. The system property {@code hyperferry.changes.runs}
 * specifies how many seeds there are (default: 12), {@code hyperferry.changes.seed} the first one (default: by chance), and
 * {@code hyperferry.changes.most} how many changes are made in a round (default: 4).
 */
@ExtendWith(TimescaleExtension.class)
class RandomChangesIT {
    private static final Logger LOG = LoggerFactory.getLogger(RandomChangesIT.class);
    private static final int MOST = Integer.getInteger("hyperferry.changes.most", 4);

    private final List<String> failures = new ArrayList<>();
    private final Map<String, Integer> outcomes = new TreeMap<>();

    @Test
    void catch_up_after_changes_by_chance_never_ends_identical_with_a_difference(
            @Source TestDatabase source, @Target TestDatabase target) throws Exception {
        long first = Long.getLong(
                "hyperferry.changes.seed", ThreadLocalRandom.current().nextInt(1_000_000));
        long end = first + Long.getLong("hyperferry.changes.runs", 12);
        LOG.info("seeds {} to {}: -Dhyperferry.changes.seed={} repeats them", first, end - 1, first);
        ChangingSource.createRole(source, target);
        target.letTriggersRest();
        for (long seed = first; seed < end; seed++) {
            TestDatabase from = source.createSibling("changes");
            TestDatabase to = target.createSibling("changes");
            new OneSeed(seed, from, to).run();
            drop(source, from);
            drop(target, to);
        }
        LOG.info("seeds {} to {} ended {}", first, end - 1, outcomes);
        assertThat(failures).as("failures of seeds %d to %d", first, end - 1).isEmpty();
    }

    private static void drop(TestDatabase server, TestDatabase database) {
        server.superuser().execute("DROP DATABASE " + database.name() + " WITH (FORCE)");
    }

    private final class OneSeed {
        private final long seed;
        private final TestDatabase source;
        private final TestDatabase target;
        private final RandomChanges generator;
        private final Random random;
        private final boolean community;
        private final boolean owners;
        private final List<Change> changes = new ArrayList<>();

        OneSeed(long seed, TestDatabase source, TestDatabase target) throws IOException {
            this.seed = seed;
            this.source = source;
            this.target = target;
            this.community = source.server().community() && target.server().community();
            this.generator = new RandomChanges(seed, community);
            this.random = generator.random();
            this.owners = random.nextInt(3) == 0;
        }

        void run() throws SQLException, IOException {
            source.execute(ChangingSource.statements(random, community).toArray(String[]::new));
            Migration migration = Migrations.between(source, target)
                    .compressed(pick(CompressedMode.values()))
                    .retries(1)
                    .backoff(Duration.ofMillis(20), Duration.ofMillis(20));
            if (owners) {
                migration = migration.keepOwners();
            }
            if (random.nextBoolean()) {
                migration = migration.splitBy(Duration.ofHours(12));
            }
            migration.run();
            List<Difference> before = read(source).differences(read(target));
            if (!before.isEmpty()) {
                fail("after the run", before);
                return;
            }
            round(migration);
            if (random.nextInt(3) == 0) {
                round(migration);
            }
        }

        private void round(Migration migration) throws SQLException, IOException {
            List<Change> now = generator.make(source, 1 + random.nextInt(MOST));
            changes.addAll(now);
            DatabaseFacts ours = read(source);
            DatabaseFacts before = read(target);
            String outcome;
            List<Difference> different = List.of();
            try {
                CatchUpReport report = migration.catchUp();
                different = ours.differences(read(target));
                outcome = report.outcome().name();
                check(report, different);
            } catch (PreflightException e) {
                outcome = "REFUSED "
                        + e.problems().stream()
                                .filter(Problem::blocks)
                                .map(problem -> problem.code() + " " + problem.object())
                                .toList();
                List<Difference> touched = before.differences(read(target));
                if (!touched.isEmpty()) {
                    fail("refused after it changed the target: " + e.getMessage(), touched);
                }
            } catch (MigrationException e) {
                outcome = "FAILED " + e.code();
                fail("failed: " + e, List.of());
            }
            String kinds = now.stream()
                    .map(change -> change.kind() + (change.made() ? "" : " (not made)"))
                    .collect(Collectors.joining(", "));
            LOG.info("seed {}: {} after {}; differences: {}", seed, outcome, kinds, different);
            outcomes.merge(outcome.replaceFirst(" .*", ""), 1, Integer::sum);
            List<String> lost = before.lost(ours, read(target));
            if (!lost.isEmpty()) {
                fail("rows that were equal were changed (" + outcome + "): " + lost, List.of());
            }
            if (changes.stream().allMatch(change -> change.kind().ofRows())
                    && !outcome.equals("IDENTICAL")
                    && !(outcome.startsWith("REFUSED") && firesForReplicas())) {
                fail("rows and chunks alone were changed, and it ended " + outcome, List.of());
            }
        }

        private void check(CatchUpReport report, List<Difference> different) {
            if (report.outcome() == Outcome.DIFFERENT) {
                return;
            }
            String listed = String.join("\n", report.differences()) + String.join("\n", report.notices());
            List<Difference> missed = different.stream()
                    .filter(it -> !isNamed(it.fact().object(), listed))
                    .toList();
            if (report.outcome() == Outcome.IDENTICAL && !different.isEmpty()) {
                fail("ended identical, with the notices " + report.notices() + ", and is different", different);
            } else if (!missed.isEmpty()) {
                fail("ended identical except for " + report.differences() + ", which does not name", missed);
            }
        }

        /** A sequence of a serial or identity column may be named with its table, with whose name it begins: both are dropped and moved together. */
        private static boolean isNamed(String object, String text) {
            String name = object.replaceFirst("\\(.*", "").replaceFirst(".*\\.", "");
            return Stream.of(name, name.replaceFirst("_[a-z]+_seq$", ""))
                    .anyMatch(each -> Pattern.compile("\\b" + Pattern.quote(each) + "\\b")
                            .matcher(text)
                            .find());
        }

        /** Catch-up refuses to replace rows where a trigger or a rule fires for replicas, too. */
        private boolean firesForReplicas() {
            return target.superuser()
                            .count("SELECT (SELECT count(*) FROM pg_trigger WHERE tgenabled IN ('A', 'R'))"
                                    + " + (SELECT count(*) FROM pg_rewrite WHERE ev_enabled IN ('A', 'R'))")
                    > 0;
        }

        private DatabaseFacts read(TestDatabase database) throws SQLException, IOException {
            return DatabaseFacts.of(database, owners);
        }

        private <T> T pick(T[] values) {
            return values[random.nextInt(values.length)];
        }

        private void fail(String what, List<Difference> differences) {
            String failure = "seed " + seed + ": " + what
                    + differences.stream().map(it -> "\n  " + it).collect(Collectors.joining())
                    + "\n  changes:\n  "
                    + changes.stream().map(Change::toString).collect(Collectors.joining("\n  "));
            LOG.error("{}", failure);
            failures.add(failure);
        }
    }
}
