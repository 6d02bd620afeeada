package io.hyperferry.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoleTest {

    @Test
    void each_role_has_settings_of_its_own() {
        assertThat(Role.SOURCE.image().property()).isEqualTo("hyperferry.test.source.image");
        assertThat(Role.TARGET.image().variable()).isEqualTo("HYPERFERRY_TEST_TARGET_IMAGE");
        assertThat(Role.SOURCE.url().property()).isEqualTo("hyperferry.test.source.url");
        assertThat(Role.TARGET.timescaleVersion().variable()).isEqualTo("HYPERFERRY_TEST_TARGET_TIMESCALEDB");
    }
}
