package io.hyperferry.copy;

import static io.hyperferry.copy.Sides.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The module's pom gives the tests a small heap; this carries several times as much through it. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class ConstantMemoryIT {

    private static final long MEGABYTE = 1024 * 1024;

    @Test
    void far_more_than_the_heap_goes_across(@Source TestDatabase source, @Target TestDatabase target) {
        assertThat(Runtime.getRuntime().maxMemory()).isLessThanOrEqualTo(100 * MEGABYTE);
        target.execute("CREATE UNLOGGED TABLE large (t text)");
        AtomicInteger progress = new AtomicInteger();
        try (Sides sides = new Sides(source, target)) {
            CopyTask half = task("half", "SELECT repeat(g::text, 4000) FROM generate_series(10001, 18500) g", "large");

            CopySummary summary = sides.engine()
                    .parallelism(2)
                    .listener(event -> {
                        if (event instanceof CopyEvent.Progress) {
                            progress.incrementAndGet();
                        }
                    })
                    .run(CopyQueue.of(List.of(half, half)));

            assertThat(summary.bytes()).isGreaterThan(320 * MEGABYTE);
            assertThat(target.count("SELECT sum(length(t)) FROM large")).isEqualTo(2L * 8_500 * 20_000);
            assertThat(progress.get())
                    .isLessThanOrEqualTo((int) summary.elapsed().toSeconds() + 1);
            sides.assertClean();
        }
    }
}
