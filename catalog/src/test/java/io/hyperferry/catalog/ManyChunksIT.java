package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TimescaleExtension.class)
class ManyChunksIT {
    private static final System.Logger LOG = System.getLogger(ManyChunksIT.class.getName());
    private static final int CHUNKS = 2_000;
    private static final Duration BOUND = Duration.ofSeconds(15);

    @Test
    void two_thousand_chunks_are_read_in_seconds(@Source TestDatabase source) {
        source.execute(
                "CREATE TABLE long_lived (at timestamptz NOT NULL, v int)",
                "SELECT create_hypertable('long_lived', 'at', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO long_lived SELECT '2020-01-01 12:00+00'::timestamptz + i * INTERVAL '1 day', i"
                        + " FROM generate_series(1, " + CHUNKS + ") i");
        long start = System.nanoTime();

        Hypertable hypertable = Reading.hypertable(source, "long_lived");

        Duration took = Duration.ofNanos(System.nanoTime() - start);
        LOG.log(Level.INFO, "{0} chunks read in {1} ms", CHUNKS, took.toMillis());
        assertThat(hypertable.chunks()).hasSize(CHUNKS).doesNotHaveDuplicates();
        assertThat(took).isLessThan(BOUND);
    }
}
