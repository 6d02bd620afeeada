package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.MigrationEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines of a progress display, as wide as terminals are. */
class ProgressLinesTest {
    private static final String LONG =
            "10/27  create chunks of telemetry_of_the_northern_sites.vibration_measurements_high_frequency";

    private static MigrationEvent.Progress progress(double fraction, @Nullable Duration remaining) {
        return new MigrationEvent.Progress(
                1_049, 130_000, 5_000, 44_983_910, fraction, Duration.ofSeconds(13), remaining);
    }

    @Test
    void there_is_as_much_of_the_copying_as_the_terminal_has_room_for() {
        MigrationEvent.Progress progress = progress(0.389, Duration.ofSeconds(81));

        assertThat(new ProgressLines(100).copying("17/27  copy data", progress))
                .isEqualTo(
                        "17/27  copy data  38 % [=====         ]   1,049 of 130,000 slices, 42.9 MB,  3.3 MB/s, 0:01:21 left ");
        assertThat(new ProgressLines(79).copying("17/27  copy data", progress).strip())
                .startsWith("17/27  copy data  38 % [=====")
                .endsWith("] 42.9 MB,  3.3 MB/s, 0:01:21 left");
        assertThat(new ProgressLines(39).copying("17/27  copy data", progress).strip())
                .isEqualTo("17/27  copy data  38 %, 0:01:21 left");
    }

    @Test
    void nothing_jumps_when_amounts_grow() {
        ProgressLines lines = new ProgressLines(99);
        String early = lines.copying("17/27  copy data", progress(0, null));
        String late = lines.copying("17/27  copy data", progress(1, Duration.ofHours(9)));

        assertThat(late.indexOf(']')).isEqualTo(early.indexOf(']')).isPositive();
        assertThat(late.indexOf("slices")).isEqualTo(early.indexOf("slices"));
    }

    @Test
    void what_is_not_known_yet_is_left_away_and_all_is_not_said_too_early() {
        assertThat(new ProgressLines(79).copying("17/27  copy data", progress(0, null)))
                .contains("   0 % [ ")
                .doesNotContain("left", "?");
        assertThat(new ProgressLines(79).copying("17/27  copy data", progress(0.9999, Duration.ofSeconds(1))))
                .contains("  99 % [=")
                .contains("= ]");
    }

    @Test
    void amounts_stand_one_under_the_other_and_long_names_lose_their_middle() {
        ProgressLines lines = new ProgressLines(60);

        assertThat(lines.done("18/27  set sequences", "0.2 s"))
                .isEqualTo("18/27  set sequences" + " ".repeat(35) + "0.2 s");
        assertThat(lines.done(LONG, "12.0 s"))
                .isEqualTo("10/27  create chunks of t...asurements_high_frequency 12.0 s");
        assertThat(lines.underWay("26/27  verify", Duration.ofSeconds(3_723).toNanos()))
                .isEqualTo("26/27  verify" + " ".repeat(40) + "1:02:03");
    }

    @Test
    void numbers_of_steps_are_as_wide_for_each() {
        assertThat(ProgressLines.place(7, 112)).isEqualTo("  7/112  ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 24, 31, 39, 59, 79, 99, 250})
    void no_line_is_longer_than_the_others(int columns) {
        ProgressLines lines = new ProgressLines(columns);

        assertThat(lines.columns()).isLessThanOrEqualTo(Math.max(24, columns));
        for (String what : new String[] {"1/9  verify", LONG}) {
            assertThat(lines.done(what, "done earlier")).hasSize(lines.columns());
            assertThat(lines.underWay(what, 1)).hasSize(lines.columns());
            assertThat(lines.copying(what, progress(0, null))).hasSize(lines.columns());
            assertThat(lines.copying(what, progress(1, Duration.ofDays(400)))).hasSize(lines.columns());
        }
    }
}
