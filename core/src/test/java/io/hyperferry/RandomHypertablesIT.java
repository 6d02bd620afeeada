package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hypertables by chance arrive as they were. The system property {@code hyperferry.test.seeds} tells how many there are (20), and
 * {@code hyperferry.test.seed} the first one's seed (by chance); each has the next seed.
 */
@ExtendWith(TimescaleExtension.class)
class RandomHypertablesIT {
    private static final Logger LOG = LoggerFactory.getLogger(RandomHypertablesIT.class);
    private static final int IN_ONE_DATABASE = 25;

    @Test
    void hypertables_by_chance_arrive_as_they_were(@Source TestDatabase source, @Target TestDatabase target)
            throws SQLException {
        long first =
                Long.getLong("hyperferry.test.seed", ThreadLocalRandom.current().nextInt(1_000_000_000));
        long end = first + Long.getLong("hyperferry.test.seeds", 20);
        LOG.info("seeds {} to {}: -Dhyperferry.test.seed={} repeats them", first, end - 1, first);
        boolean community = source.server().community() && target.server().community();
        for (long from = first; from < end; from += IN_ONE_DATABASE) {
            List<RandomHypertable> hypertables = LongStream.range(from, Math.min(from + IN_ONE_DATABASE, end))
                    .mapToObj(seed -> new RandomHypertable(seed, community))
                    .toList();
            migrate(hypertables, from, source.createSibling("seeds"), target.createSibling("seeds"));
        }
    }

    private static void migrate(List<RandomHypertable> hypertables, long seed, TestDatabase source, TestDatabase target)
            throws SQLException {
        for (RandomHypertable hypertable : hypertables) {
            try {
                source.execute(hypertable.statements().toArray(String[]::new));
            } catch (IllegalStateException e) {
                throw new AssertionError(hypertable + " cannot be made", e);
            }
        }
        // The chunks of a day and those of a year in one go; the far ends of time stay whole.
        Random random = new Random(seed);
        Duration width = Duration.ofMinutes(30 + random.nextInt(20_000));
        int workers = 1 + random.nextInt(4);
        MigrationReport report;
        try {
            report = Migrations.between(source, target)
                    .splitBy(width)
                    .integerTimeUnit(ChronoUnit.MINUTES)
                    .parallelism(workers)
                    .run();
        } catch (MigrationException e) {
            throw new AssertionError(
                    "one of " + hypertables + " did not move, split by " + width + " with " + workers + " workers", e);
        }

        assertThat(report.identical()).as("seed %d: %s", seed, report.toText()).isTrue();
        assertThat(Migrations.differencesButOwners(source, target))
                .as("the catalogs of %s", hypertables)
                .isEmpty();
        for (RandomHypertable hypertable : hypertables) {
            List<List<String>> ours = source.rows(hypertable.digest());
            assertThat(ours.get(0).get(0)).as(hypertable.toString()).isNotEqualTo("0");
            assertThat(target.rows(hypertable.digest()))
                    .as(hypertable.toString())
                    .isEqualTo(ours);
        }
    }
}
