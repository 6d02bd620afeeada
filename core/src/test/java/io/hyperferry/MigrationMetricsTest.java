package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hyperferry.catalog.QualifiedName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The meters, from events. */
class MigrationMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MigrationMetrics metrics = MigrationMetrics.on(registry, "database", "metrics");
    private final MigrationPlan plan = Migration.from("postgres://nowhere/source")
            .to("postgres://nowhere/target")
            .plan(TestCatalogs.source(), TestCatalogs.target());

    private double gauge(String name) {
        return registry.get(name).tag("database", "metrics").gauge().value();
    }

    private double counter(String name, String tag, String value) {
        return registry.get(name)
                .tag("database", "metrics")
                .tag(tag, value)
                .counter()
                .count();
    }

    @Test
    void they_follow_a_run() {
        long slices = plan.slices().count();
        Slice slice = plan.slices().findFirst().orElseThrow();
        QualifiedName table = plan.tables().get(0).table();

        metrics.onEvent(new MigrationEvent.Planned(plan, false));
        metrics.onEvent(new MigrationEvent.StepFinished(1, plan.steps().get(0), Duration.ofSeconds(1), false));
        metrics.onEvent(new MigrationEvent.SliceCopied(table, slice, 10, 1_000, Duration.ofMillis(20)));
        metrics.onEvent(new MigrationEvent.SliceCopied(table, slice, 5, 500, Duration.ofMillis(40)));
        metrics.onEvent(new MigrationEvent.Paused());

        assertThat(gauge("hyperferry.steps")).isEqualTo(plan.steps().size());
        assertThat(gauge("hyperferry.steps.done")).isEqualTo(1);
        assertThat(gauge("hyperferry.slices")).isEqualTo((double) slices);
        assertThat(gauge("hyperferry.slices.done")).isEqualTo(2);
        assertThat(gauge("hyperferry.paused")).isEqualTo(1);
        assertThat(counter("hyperferry.copied.rows", "table", table.toString())).isEqualTo(15);
        assertThat(counter("hyperferry.copied", "table", table.toString())).isEqualTo(1_500);
        assertThat(registry.get("hyperferry.slice").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(60);

        metrics.onEvent(new MigrationEvent.Resumed());
        metrics.onEvent(new MigrationEvent.Failed(new MigrationCancelledException()));
        assertThat(gauge("hyperferry.paused")).isZero();
        assertThat(counter("hyperferry.runs", "outcome", "cancelled")).isEqualTo(1);

        metrics.onEvent(new MigrationEvent.Planned(plan, true));
        assertThat(gauge("hyperferry.steps.done")).isZero();
        metrics.onEvent(
                new MigrationEvent.Failed(new MigrationException(MigrationException.Code.STEP_FAILED, "no", null)));
        assertThat(counter("hyperferry.runs", "outcome", "failed")).isEqualTo(1);
    }

    @Test
    void a_tag_without_a_value_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> MigrationMetrics.on(registry, "database"));
    }

    @Test
    void two_listeners_hear_of_everything_even_when_one_throws() {
        MigrationListener both = ((MigrationListener) event -> {
                    throw new IllegalStateException("first");
                })
                .andThen(metrics);

        try {
            both.onEvent(new MigrationEvent.Paused());
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("first");
        }

        assertThat(gauge("hyperferry.paused")).isEqualTo(1);
    }
}
