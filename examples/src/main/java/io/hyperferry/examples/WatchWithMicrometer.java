package io.hyperferry.examples;

import io.hyperferry.Migration;
import io.hyperferry.MigrationMetrics;
import io.hyperferry.MigrationReport;
import io.hyperferry.PgTools;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/**
 * A run that meters watch, in whatever registry a service has: {@code WatchWithMicrometer postgres://app:secret@old:5432/metrics
 * postgres://app:secret@new:5432/metrics}.
 */
public final class WatchWithMicrometer {
    private WatchWithMicrometer() {}

    /** The arguments are the URLs of source and target. */
    public static void main(String[] urls) {
        MeterRegistry registry = new SimpleMeterRegistry();
        move(urls[0], urls[1], PgTools.onPath(), registry);
        for (Meter meter : registry.getMeters()) {
            System.out.println(meter.getId().getName() + " " + meter.measure());
        }
    }

    static MigrationReport move(String source, String target, PgTools tools, MeterRegistry registry) {
        return Migration.from(source)
                .to(target)
                .pgTools(tools)
                .listener(MigrationMetrics.on(registry, "database", "metrics"))
                .run();
    }
}
