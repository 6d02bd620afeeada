package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CommandWordsTest {
    @Test
    void white_space_splits() {
        assertThat(CommandWords.split("  docker run\t--rm  -i ")).containsExactly("docker", "run", "--rm", "-i");
        assertThat(CommandWords.split(" ")).isEmpty();
    }

    @Test
    void quotes_keep_words_together_and_can_be_empty() {
        assertThat(CommandWords.split("'a b' \"c d\" e'f g'h ''")).containsExactly("a b", "c d", "ef gh", "");
        assertThat(CommandWords.split("\"it's\" '\"'")).containsExactly("it's", "\"");
    }

    @Test
    void a_backslash_keeps_the_next_character_but_not_in_single_quotes() {
        assertThat(CommandWords.split("a\\ b \"\\\"\" 'c\\d' \\\\")).containsExactly("a b", "\"", "c\\d", "\\");
    }

    @Test
    void nothing_is_expanded() {
        assertThat(CommandWords.split("$HOME *.jar ~ `id`")).containsExactly("$HOME", "*.jar", "~", "`id`");
    }

    @Test
    void an_open_quote_is_an_error() {
        assertThatThrownBy(() -> CommandWords.split("docker 'run"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the quote ' is not closed");
    }
}
