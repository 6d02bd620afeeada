package io.hyperferry.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.catalog.QualifiedName;
import org.junit.jupiter.api.Test;

class IdentifiersTest {
    @Test
    void names_and_texts_cannot_break_out_of_their_quotes() {
        assertThat(Identifiers.quote(QualifiedName.of("a\"b", "c.d"))).isEqualTo("\"a\"\"b\".\"c.d\"");
        assertThat(Identifiers.literal("it's")).isEqualTo("'it''s'");
        assertThat(Identifiers.literal("a\\'b")).isEqualTo(" E'a\\\\''b'");
        assertThat(Identifiers.regclass(QualifiedName.of("s", "o'k"))).isEqualTo("'\"s\".\"o''k\"'::regclass");
    }
}
