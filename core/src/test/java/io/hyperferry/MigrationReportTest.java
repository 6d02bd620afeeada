package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.MigrationReport.Failure;
import io.hyperferry.MigrationReport.Outcome;
import io.hyperferry.MigrationReport.TableResult;
import io.hyperferry.catalog.QualifiedName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationReportTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final MigrationPlan.Side SIDE = MigrationPlan.Side.unread("db:5432/metrics");

    @Test
    void no_table_is_never_identical() {
        MigrationReport nothing = compared(List.of());

        assertThat(nothing.identical()).isFalse();
        assertThat(nothing.outcome()).isEqualTo(Outcome.DIFFERENT);
        assertThat(nothing.toText()).contains("Nothing was compared").doesNotContain("dentical");
        assertThat(nothing.toHtml()).contains("<title>Nothing was compared").doesNotContain("dentical");
        assertThat(nothing.toJson()).contains("\"identical\" : false", "\"title\" : \"Nothing was compared\"");
        assertThat(nothing.summaryOfDifferences()).isEqualTo("no table was compared");
    }

    @Test
    void a_table_of_which_no_slice_was_compared_is_not_identical_and_one_without_slices_is() {
        assertThat(compared(List.of(table(3, 0))).identical()).isFalse();
        assertThat(compared(List.of(table(3, 3), table(0, 0))).identical()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.class,
            names = {"IDENTICAL", "DIFFERENT"},
            mode = EnumSource.Mode.EXCLUDE)
    void a_report_of_a_run_that_ended_early_says_so_first(Outcome outcome) {
        MigrationReport report = MigrationReport.unfinished(
                SIDE,
                SIDE,
                START,
                Duration.ofSeconds(9),
                outcome,
                outcome == Outcome.RUNNING
                        ? null
                        : new Failure(5, "copy data", "STEP_FAILED", "no room\nDETAIL: none"));
        String title = switch (outcome) {
            case REFUSED -> "Refused: no room";
            case FAILED -> "Failed in step 5, copy data: no room";
            case CANCELLED -> "Cancelled in step 5, copy data";
            default -> "Running since 2026-01-01T00:00:00Z; not finished";
        };

        assertThat(report.title()).isEqualTo(title);
        assertThat(report.identical()).isFalse();
        assertThat(report.toText()).contains("\n" + title + ", 9.0 s\n").doesNotContain("dentical");
        assertThat(report.toHtml()).contains("<title>" + title, "class=\"bad\"").doesNotContain("dentical");
        assertThat(report.toJson())
                .contains(
                        "\"identical\" : false", "\"title\" : \"" + title + "\"", "\"outcome\" : \"" + outcome + "\"");
    }

    @Test
    void what_failed_unexpectedly_is_named_by_its_type_alone() {
        MigrationReport report = MigrationReport.failed("a", "b", START, new IllegalStateException("row 42: s3cret"));

        assertThat(report.title()).isEqualTo("Failed: java.lang.IllegalStateException");
        assertThat(report.toJson() + report.toHtml() + report.toText()).doesNotContain("s3cret");
    }

    private static MigrationReport compared(List<TableResult> tables) {
        return new MigrationReport(
                SIDE,
                SIDE,
                START,
                Duration.ofSeconds(1),
                1,
                List.of(),
                tables,
                List.of(),
                List.of(),
                List.of(),
                Verification.DIGESTS,
                null,
                1,
                List.of(),
                null);
    }

    private static TableResult table(int slices, int compared) {
        return new TableResult(
                QualifiedName.of("public", "t" + slices),
                0,
                0,
                slices,
                compared,
                slices,
                Map.of(),
                0,
                List.of(),
                List.of());
    }
}
