package io.hyperferry.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class CopyEngineTest {

    private final CopyEngine engine =
            CopyEngine.from(CopySource.database(new NoServer())).to(CopySink.database(new NoServer()));

    @Test
    void parallelism_below_one_is_refused_with_its_value() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.parallelism(0))
                .withMessage("parallelism must be at least 1: 0");
    }

    @Test
    void a_rate_limit_below_one_byte_a_second_is_refused_with_its_value() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.rateLimit(0))
                .withMessage("rateLimit must be at least 1 byte a second: 0");
    }

    @Test
    void a_blank_thread_name_prefix_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.threadNamePrefix(" "))
                .withMessage("prefix is blank: ' '");
    }

    @Test
    void an_option_makes_a_new_engine() {
        assertThat(engine.parallelism(2)).isNotSameAs(engine);
        assertThat(engine.rateLimit(2)).isNotSameAs(engine);
    }
}
