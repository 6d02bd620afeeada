package io.hyperferry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes meters of a run's events, for <a href="https://docs.micrometer.io/micrometer/reference/">Micrometer</a>, which is an optional
 * dependency: who uses this class brings {@code io.micrometer:micrometer-core} along. Thread-safe.
 *
 * <pre>{@code
 * Migration watched = migration.listener(MigrationMetrics.on(registry, "database", "metrics"));
 * }</pre>
 *
 * <table>
 * <caption>The meters</caption>
 * <tr><th>name</th><th>kind</th><th>what</th></tr>
 * <tr><td>{@code hyperferry.steps}, {@code hyperferry.steps.done}</td><td>gauges</td><td>steps of the plan, and those done</td></tr>
 * <tr><td>{@code hyperferry.slices}, {@code hyperferry.slices.done}</td><td>gauges</td>
 * <td>slices of the plan, and those committed, those of earlier runs included</td></tr>
 * <tr><td>{@code hyperferry.paused}</td><td>gauge</td><td>1 while a run is paused, else 0</td></tr>
 * <tr><td>{@code hyperferry.copied.rows}, {@code hyperferry.copied}</td><td>counters</td>
 * <td>rows, and bytes of COPY data, that were committed; tag {@code table}</td></tr>
 * <tr><td>{@code hyperferry.slice}</td><td>timer</td><td>time of each slice; tag {@code table}</td></tr>
 * <tr><td>{@code hyperferry.runs}</td><td>counter</td>
 * <td>runs that ended; tag {@code outcome}: {@code identical}, {@code different}, {@code cancelled} or {@code failed}</td></tr>
 * </table>
 */
public final class MigrationMetrics implements MigrationListener {
    private final MeterRegistry registry;
    private final Tags tags;
    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong stepsDone = new AtomicLong();
    private final AtomicLong slices = new AtomicLong();
    private final AtomicLong slicesDone = new AtomicLong();
    private final AtomicLong paused = new AtomicLong();

    private MigrationMetrics(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
        gauge("hyperferry.steps", "Steps of the plan", steps);
        gauge("hyperferry.steps.done", "Steps that are done", stepsDone);
        gauge("hyperferry.slices", "Slices of the plan", slices);
        gauge("hyperferry.slices.done", "Slices that are committed", slicesDone);
        gauge("hyperferry.paused", "Whether the run is paused", paused);
    }

    /**
     * Registers the meters of one migration.
     *
     * @param registry where they are registered
     * @param tags names and values in turn that all of them have, to tell several migrations apart
     * @throws IllegalArgumentException when a name has no value
     */
    @SuppressWarnings("exports") // Micrometer is optional, and an automatic module.
    public static MigrationMetrics on(MeterRegistry registry, String... tags) {
        return new MigrationMetrics(Objects.requireNonNull(registry, "registry"), Tags.of(tags));
    }

    private void gauge(String name, String description, AtomicLong value) {
        Gauge.builder(name, value, AtomicLong::get)
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    @Override
    public void onEvent(MigrationEvent event) {
        if (event instanceof MigrationEvent.Planned planned) {
            steps.set(planned.plan().steps().size());
            stepsDone.set(0);
            slices.set(planned.plan().slices().count());
            slicesDone.set(0);
        } else if (event instanceof MigrationEvent.StepFinished finished) {
            // Of a run that began anew, the proof is made anew, too.
            stepsDone.set(finished.number());
            if (finished.step() instanceof Step.CopyData) {
                slicesDone.set(slices.get());
            }
        } else if (event instanceof MigrationEvent.Progress progress) {
            slicesDone.set(progress.slicesDone());
        } else if (event instanceof MigrationEvent.SliceCopied copied) {
            copied(copied);
        } else if (event instanceof MigrationEvent.Paused) {
            paused.set(1);
        } else if (event instanceof MigrationEvent.Resumed) {
            paused.set(0);
        } else if (event instanceof MigrationEvent.Finished finished) {
            ended(finished.report().identical() ? "identical" : "different");
        } else if (event instanceof MigrationEvent.Failed failed) {
            ended(failed.failure() instanceof MigrationCancelledException ? "cancelled" : "failed");
        }
    }

    private void copied(MigrationEvent.SliceCopied copied) {
        Tags ofTable = tags.and("table", copied.table().toString());
        slicesDone.incrementAndGet();
        counter("hyperferry.copied.rows", "Rows that were committed", "rows", ofTable)
                .increment((double) copied.rows());
        counter("hyperferry.copied", "COPY data that was committed", "bytes", ofTable)
                .increment((double) copied.bytes());
        Timer.builder("hyperferry.slice")
                .description("From the claim of a slice until the target had its rows")
                .tags(ofTable)
                .register(registry)
                .record(copied.elapsed());
    }

    private void ended(String outcome) {
        paused.set(0);
        counter("hyperferry.runs", "Runs that ended", "runs", tags.and("outcome", outcome))
                .increment();
    }

    private Counter counter(String name, String description, String unit, Tags all) {
        return Counter.builder(name)
                .description(description)
                .baseUnit(unit)
                .tags(all)
                .register(registry);
    }
}
