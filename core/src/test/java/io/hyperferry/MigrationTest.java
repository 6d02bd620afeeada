package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MigrationTest {
    private final Migration migration =
            Migration.from("postgres://me:s3cret@old/metrics").to("postgres://me:s3cret@new/metrics");

    @Test
    void an_option_leaves_the_value_it_is_called_on_as_it_was() {
        String before = migration.toString();

        Migration split = migration.splitBy(Duration.ofDays(1)).parallelism(8).exclude("a.*");

        assertThat(migration).hasToString(before);
        assertThat(split).isNotSameAs(migration);
    }

    @Test
    void a_split_that_is_zero_or_negative_is_refused_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> migration.splitBy(Duration.ZERO))
                .withMessageContaining("PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> migration.splitBy(Duration.ofDays(-1)))
                .withMessageContaining("PT-24H");
    }

    @Test
    void no_worker_is_refused_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> migration.parallelism(0))
                .withMessageContaining("0");
    }

    @Test
    void a_rate_limit_is_at_least_one_byte_a_second() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> migration.rateLimit(0))
                .withMessage("rateLimit must be at least 1 byte a second, not 0");
        assertThat(migration.toString()).doesNotContain("bytes a second");
        assertThat(migration.rateLimit(5_000).parallelism(2).toString())
                .endsWith("parallelism 2, at most 5000 bytes a second");
    }

    @Test
    @SuppressWarnings("NullAway") // callers without null checks exist
    void a_missing_value_is_named() {
        assertThatNullPointerException()
                .isThrownBy(() -> Migration.from((Database) null))
                .withMessage("source");
    }

    @Test
    void a_password_is_never_shown() {
        assertThat(migration.toString()).contains("old/metrics").doesNotContain("s3cret", "me:");
        assertThat(Database.of("postgres://me:s3cret@old/metrics")).hasToString("old/metrics");
    }
}
