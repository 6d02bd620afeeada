package io.hyperferry.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {
    private static final Pattern ESCAPED = Pattern.compile("\\\\.");

    private final Setup setup = Measurements.setup();

    @Test
    void shows_medians_and_ratios_of_every_way() {
        Results results = Measurements.threeRounds();

        String page = new MarkdownReport(results, setup).text(List.of("goal: 1.00"), List.of());

        assertThat(page)
                .contains("## Medians of 3 rounds", "| b psql \\| psql, binary | 3.00 s | 2.00 s |", "goal: 1.00")
                .contains("| c Hyperferry, rows | 1.33 × b |")
                .contains("| restore schema (post-data) | 1.00 | 0.00 |")
                .contains("fsync = off");
    }

    @Test
    void every_row_of_a_table_has_as_many_cells_as_its_head() {
        String page = new MarkdownReport(Measurements.threeRounds(), setup).text(List.of(), List.of());

        long cells = 0;
        for (String line : page.split("\n", -1)) {
            long bars = ESCAPED.matcher(line)
                    .replaceAll("")
                    .chars()
                    .filter(it -> it == '|')
                    .count();
            if (cells > 0 && bars > 0) {
                assertThat(bars).as(line).isEqualTo(cells);
            }
            cells = bars;
        }
    }

    @Test
    void the_goals_name_what_they_divide() {
        List<String> goals = Goals.of(Measurements.threeRounds(), setup, OptionalDouble.of(4.2));

        assertThat(goals)
                .anySatisfy(it -> assertThat(it).contains("copy and indexes, c0 / b", "1.67   (5.00 s / 3.00 s)"))
                .anySatisfy(it -> assertThat(it).contains("e / source", "3.00   (300 MB / 100 MB)"))
                .anySatisfy(it -> assertThat(it).contains("10,000 chunks", "4.20 s"));
    }

    @Test
    void what_was_not_measured_is_no_goal() {
        Results results = new Results();
        results.add(Measurements.of(Way.PSQL, 1, 2));

        assertThat(Goals.of(results, setup, OptionalDouble.empty())).isEmpty();
        assertThat(new MarkdownReport(results, setup).text(List.of(), List.of()))
                .contains("## Medians of 1 round\n");
    }
}
