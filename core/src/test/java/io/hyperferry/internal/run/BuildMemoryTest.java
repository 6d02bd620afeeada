package io.hyperferry.internal.run;

import static io.hyperferry.internal.run.BuildMemory.kilobytes;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BuildMemoryTest {
    private static final long MB = 1024;
    private static final long GB = 1024 * MB;

    @Test
    void a_server_that_nobody_has_set_up_gives_no_more_than_it_has() {
        assertThat(kilobytes(64 * MB, 128 * MB, 4 * GB, 4)).isEqualTo(64 * MB);
        assertThat(kilobytes(64 * MB, 128 * MB, 4 * GB, 1)).isEqualTo(128 * MB);
    }

    @Test
    void sessions_share_what_the_server_was_given() {
        assertThat(kilobytes(64 * MB, 4 * GB, 12 * GB, 4)).isEqualTo(768 * MB);
        assertThat(kilobytes(64 * MB, 4 * GB, 12 * GB, 8)).isEqualTo(384 * MB);
        assertThat(kilobytes(64 * MB, 2 * GB, 48 * GB, 4)).isEqualTo(512 * MB);
    }

    @Test
    void what_is_allowed_already_is_never_lowered() {
        assertThat(kilobytes(3 * GB, 4 * GB, 12 * GB, 4)).isEqualTo(3 * GB);
        assertThat(kilobytes(64 * MB, MB, MB, 100)).isEqualTo(64 * MB);
    }

    @Test
    void nobody_gets_more_than_sorting_can_use() {
        assertThat(kilobytes(64 * MB, 64 * GB, 512 * GB, 1)).isEqualTo(BuildMemory.MOST_KILOBYTES);
    }
}
