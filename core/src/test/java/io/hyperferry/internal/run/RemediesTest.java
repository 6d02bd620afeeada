package io.hyperferry.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemediesTest {
    private static String of(String state) {
        return Remedies.of("the source", new IllegalStateException(new SQLException("no", state)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "57P01", "57P03", "53200", "53300", "40P01", "40001", "55P03", "57014", "42501"})
    void running_again_helps_where_the_cause_can_pass_or_be_removed(String state) {
        assertThat(of(state)).containsIgnoringCase("run it again").contains("the source");
    }

    @ParameterizedTest
    @ValueSource(strings = {"22P02", "42883", "42P01", "22012", "XX001"})
    void nobody_is_told_to_run_again_what_fails_again(String state) {
        assertThat(of(state)).doesNotContainIgnoringCase("run it again");
    }

    @Test
    void a_run_goes_on_by_itself_only_after_what_passes() {
        assertThat(Remedies.goOn(new SQLException("lost", "08006"))).isEqualTo("run it again to go on from there");
        assertThat(Remedies.goOn(new SQLException("no such function", "42883")))
                .isEqualTo("remove the cause, then run it again to go on from there");
    }

    @Test
    void a_network_that_fails_without_a_state_is_to_be_checked() {
        assertThat(Remedies.of("the target", new IOException("reset")))
                .isEqualTo("Check that the target runs and accepts connections, then run it again.");
    }
}
