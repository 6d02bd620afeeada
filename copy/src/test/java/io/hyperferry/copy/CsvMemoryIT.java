package io.hyperferry.copy;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The module's pom gives the tests a small heap; this loads several times as much, with as many batches at a time as workers. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class CsvMemoryIT {

    private static final int PARTS = 250;

    @Test
    void far_more_than_the_heap_is_loaded(@Target TestDatabase target) {
        target.execute("CREATE UNLOGGED TABLE large (t text)");
        byte[] megabyte = CsvFiles.utf8(("x".repeat(1_023) + "\n").repeat(1_024));
        InputStream csv = new SequenceInputStream(Collections.enumeration(IntStream.range(0, PARTS)
                .mapToObj(i -> new ByteArrayInputStream(megabyte))
                .toList()));
        Runtime memory = Runtime.getRuntime();
        AtomicLong live = new AtomicLong();
        try (HikariDataSource pool = CsvFiles.pool(target)) {

            CsvLoadReport report = CsvLoad.into(pool, "large")
                    .parallelism(8)
                    .listener(event -> {
                        memory.gc();
                        live.accumulateAndGet(memory.totalMemory() - memory.freeMemory(), Math::max);
                    })
                    .run(csv);

            assertThat(report.rows()).isEqualTo(PARTS * 1_024L);
            assertThat(report.bytes()).isEqualTo((long) PARTS * megabyte.length);
        }
        assertThat(live.get()).isPositive().isLessThan(64L << 20);
    }
}
