package io.hyperferry.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.hyperferry.examples.bench.Phase.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class RelayLogTest {
    @Test
    void phases_lie_between_marks_and_processor_times_of_shell_and_children_are_added_up() {
        RelayLog log = RelayLog.parse(List.of(
                "mark START 100.00 nothing",
                "0m0.010000s 0m0.020000s",
                "0m0.000000s 0m0.000000s",
                "memory source 8100",
                "memory source 8200",
                "memory source 8000",
                "[main] INFO copied in 9m9.9s",
                "mark COPY 104.50 binary COPY",
                "0m0.010000s 0m0.020000s",
                "1m1.500000s 0m0.500000s",
                "mark INDEX 106.00 CREATE INDEX",
                "0m0.010000s 0m0.020000s",
                "1m1.500000s 0m0.750000s"));

        assertThat(log.phases()).hasSize(2);
        assertThat(log.phases().get(0).kind()).isEqualTo(Kind.COPY);
        assertThat(log.phases().get(0).title()).isEqualTo("binary COPY");
        assertThat(log.phases().get(0).seconds()).isCloseTo(4.5, within(1e-9));
        assertThat(log.phases().get(0).cpuSeconds()).isCloseTo(62, within(1e-9));
        assertThat(log.phases().get(1).cpuSeconds()).isCloseTo(0.25, within(1e-9));
        assertThat(log.seconds()).isCloseTo(6, within(1e-9));
        assertThat(log.cpuSeconds()).isCloseTo(62.28, within(1e-9));
        assertThat(log.kilobytes("source")).isEqualTo(8200);
        assertThat(log.kilobytes("target")).isZero();
    }

    @Test
    void a_relay_that_says_nothing_of_itself_is_no_measurement() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RelayLog.parse(List.of("psql: error: connection refused")))
                .withMessageContaining("connection refused");
    }
}
