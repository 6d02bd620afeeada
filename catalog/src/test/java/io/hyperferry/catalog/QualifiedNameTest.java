package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QualifiedNameTest {
    @Test
    void names_are_ordered_by_schema_first_and_by_character_and_not_by_language() {
        List<QualifiedName> names = List.of(
                QualifiedName.of("a", "z"),
                QualifiedName.of("Z", "a"),
                QualifiedName.of("a", "Z"),
                QualifiedName.of("a", "a"),
                QualifiedName.of("a", "ä"));

        assertThat(names.stream().sorted())
                .extracting(QualifiedName::toString)
                .containsExactly("Z.a", "a.Z", "a.a", "a.z", "a.ä");
    }

    @Test
    void case_makes_another_name() {
        assertThat(QualifiedName.of("public", "Readings")).isNotEqualTo(QualifiedName.of("public", "readings"));
    }

    @Test
    void a_missing_part_is_refused_and_named() {
        assertThatNullPointerException()
                .isThrownBy(() -> QualifiedName.of(missing(), "t"))
                .withMessage("schema");
        assertThatNullPointerException()
                .isThrownBy(() -> QualifiedName.of("s", missing()))
                .withMessage("name");
    }

    @SuppressWarnings("NullAway") // what a caller without null checks can do
    private static String missing() {
        @Nullable String none = null;
        return none;
    }
}
