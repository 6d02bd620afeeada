package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A hypertable of thousands of chunks on servers with PostgreSQL's default of 64 locks a transaction. */
@ExtendWith(TimescaleExtension.class)
class ManyChunksIT {
    private static final int CHUNKS = 3_000;

    @Test
    @RequiresCommunity
    void three_thousand_chunks_are_planned_in_seconds_and_created_within_the_locks_there_are(
            @Source TestDatabase source, @Target TestDatabase target) {
        source.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, n int)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 hour',"
                        + " create_default_indexes => false)");
        // In bunches, because the source's locks end with a transaction, too.
        for (int from = 0; from < CHUNKS; from += 500) {
            source.execute("INSERT INTO readings SELECT TIMESTAMPTZ '2026-01-01 UTC' + i * INTERVAL '1 hour', i"
                    + " FROM generate_series(" + from + ", " + (from + 499) + ") i");
        }
        assertThat(target.value("SHOW max_locks_per_transaction")).isEqualTo("64");
        Migration migration = Migrations.between(source, target);

        MigrationPlan plan = migration.plan();
        // The least of three, and a bound with room: what else the machine does at the time is not of interest.
        Duration planned = LongStream.range(0, 3)
                .map(again -> {
                    long start = System.nanoTime();
                    migration.plan();
                    return System.nanoTime() - start;
                })
                .mapToObj(Duration::ofNanos)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        MigrationReport report = migration.run();

        assertThat(plan.slices()).hasSize(CHUNKS);
        assertThat(planned).isLessThan(Duration.ofSeconds(6));
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(target.count("SELECT count(*) FROM show_chunks('readings')")).isEqualTo(CHUNKS);
    }
}
