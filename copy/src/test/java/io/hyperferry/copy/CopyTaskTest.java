package io.hyperferry.copy;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class CopyTaskTest {

    @Test
    void a_blank_part_is_refused_by_name() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CopyTask("t", " ", "COPY"))
                .withMessage("copyOut is blank: ' '");
    }

    @Test
    @SuppressWarnings("NullAway") // the point of the test
    void a_missing_part_is_refused_by_name() {
        assertThatNullPointerException()
                .isThrownBy(() -> new CopyTask("t", "COPY", null))
                .withMessage("copyIn");
    }
}
