package io.hyperferry.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingTest {

    private static final Setting SETTING = Setting.of("hyperferry.test.source.url");

    @Test
    void derives_the_variable_from_the_property() {
        assertThat(SETTING.variable()).isEqualTo("HYPERFERRY_TEST_SOURCE_URL");
    }

    @Test
    void takes_the_property_before_the_variable() {
        Map<String, String> properties = Map.of("hyperferry.test.source.url", "property");
        Map<String, String> environment = Map.of("HYPERFERRY_TEST_SOURCE_URL", "variable");

        assertThat(SETTING.value(properties::get, environment::get)).contains("property");
        assertThat(SETTING.value(name -> null, environment::get)).contains("variable");
        assertThat(SETTING.value(name -> null, name -> null)).isEmpty();
    }

    @Test
    void takes_a_blank_value_as_none() {
        assertThat(SETTING.value(name -> " ", name -> "variable")).contains("variable");
        assertThat(SETTING.value(name -> " ", name -> "")).isEmpty();
    }
}
