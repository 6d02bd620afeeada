package io.hyperferry.internal.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationReport.Retry;
import io.hyperferry.MigrationReport.TableResult;
import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.RunHistory;
import io.hyperferry.RunHistory.Attempt;
import io.hyperferry.RunHistory.StepSpan;
import io.hyperferry.RunHistory.TableHistory;
import io.hyperferry.Verification;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.ledger.HistoryQueries.PieceTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of a report as a browser lays it out, on a phone and on a desk; where there is a browser. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReportInBrowserTest {
    private static final int PHONE = 360;
    private static final int DESK = 1280;
    private static final Instant START = Instant.parse("2026-03-29T00:59:30Z");
    private static final int TABLES = 12;
    private static final int WORKERS = 4;
    private static final String LONG_NAME = "vibration_measurements_of_the_northern_production_sites_in_2026";

    /** Texts that are cut off, beside the page, or upon each other. */
    private static final String MISPLACED = """
            (() => {
              const wrong = [];
              const width = document.documentElement.clientWidth;
              for (const element of document.body.querySelectorAll('*')) {
                const box = element.getBoundingClientRect();
                const name = element.tagName + ' ' + element.textContent.slice(0, 60);
                if (box.width > 0 && (box.right > width + 0.5 || box.left < -0.5)) {
                  wrong.push('beside the page: ' + name);
                }
                if (element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1) {
                  wrong.push('wider than its place: ' + name);
                }
              }
              for (const ticks of document.querySelectorAll('.ticks')) {
                const boxes = [...ticks.children].map(it => it.getBoundingClientRect());
                for (let i = 1; i < boxes.length; i++) {
                  if (boxes[i].left < boxes[i - 1].right) {
                    wrong.push('upon each other: ' + ticks.children[i - 1].textContent + ', ' + ticks.children[i].textContent);
                  }
                }
              }
              return wrong;
            })()
            """;

    /** Texts with less contrast to what is behind them than WCAG 2 asks for at level AA. */
    private static final String FAINT = """
            (() => {
              const channels = colour => colour.match(/[\\d.]+/g).map(Number);
              const light = colour => channels(colour).slice(0, 3).map(it => it / 255)
                .map(it => it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4)
                .reduce((sum, it, i) => sum + it * [0.2126, 0.7152, 0.0722][i], 0);
              const behind = element => {
                for (let it = element; it; it = it.parentElement) {
                  const colour = getComputedStyle(it).backgroundColor;
                  if (channels(colour)[3] !== 0) return colour;
                }
                throw new Error('nothing is behind ' + element.outerHTML);
              };
              const faint = [];
              for (const element of document.body.querySelectorAll('*')) {
                const own = [...element.childNodes].some(it => it.nodeType === 3 && it.textContent.trim());
                if (own && element.getBoundingClientRect().width > 0) {
                  const [low, high] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => a - b);
                  const contrast = (high + 0.05) / (low + 0.05);
                  if (contrast < 4.5) faint.push(contrast.toFixed(2) + ': ' + element.textContent.slice(0, 60));
                }
              }
              return faint;
            })()
            """;

    @TempDir
    private static Path directory;

    private static Browser browser;

    @BeforeAll
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    static void start() throws IOException {
        Optional<Path> program = Browser.installed();
        assumeTrue(program.isPresent(), "neither Chromium nor Chrome is on the search path");
        browser = Browser.start(program.get(), directory);
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
    }

    private static QualifiedName table(int number) {
        return QualifiedName.of("telemetry", number == 0 ? LONG_NAME : "Readings <of> \"site\" " + number);
    }

    /** A run of two processes with everything that a page can show. */
    private static MigrationReport everything(boolean identical) {
        MigrationPlan.Side side =
                new MigrationPlan.Side("metrics", "7436211830943211555", "17.5", "TimescaleDB 2.29.2 community");
        List<PieceTime> pieces = new ArrayList<>();
        List<StepSpan> steps = new ArrayList<>();
        List<TableResult> results = new ArrayList<>();
        List<TableHistory> histories = new ArrayList<>();
        for (int i = 0; i < TABLES; i++) {
            QualifiedName table = table(i);
            for (int slice = 0; slice < WORKERS; slice++) {
                int attempt = i < TABLES / 2 ? 1 : 2;
                Instant from = START.plusSeconds(i * 20L + (attempt - 1) * 3600L);
                pieces.add(new PieceTime(
                        attempt,
                        "hyperferry-" + attempt + "-copy-" + (slice + 1),
                        slice == 3,
                        table.toString(),
                        micros(from),
                        micros(from.plusSeconds(5L + 3L * slice)),
                        1_000_000,
                        123_456_789));
            }
            Instant from = START.plusSeconds(i * 20L);
            steps.add(new StepSpan(i + 1, "set columnstore of " + table, 1, from, from.plusSeconds(19)));
            results.add(new TableResult(
                    table,
                    4_000_000_000L,
                    493_827_156_000L,
                    4_000,
                    4_000,
                    2_000,
                    Map.of("SNAPSHOT", 3_990L, "REWRITTEN", 10L),
                    1_000,
                    List.of(table + ": its order on the source is not that of its settings, so 12 chunks go as rows"),
                    identical || i > 1
                            ? List.of()
                            : List.of(
                                    table + " [2026-01-05 00:00:00+00, 2026-01-06 00:00:00+00): 5 rows are missing")));
            histories.add(new TableHistory(
                    table,
                    Map.of("ROWS", 3_000L, "COMPRESSED", 1_000L),
                    "-12345678901234567890123456789012345678",
                    START,
                    START.plusSeconds(9)));
        }
        RunHistory history = new RunHistory(
                PlanOptions.DEFAULT,
                List.of(new Attempt(1, START, WORKERS), new Attempt(2, START.plusSeconds(3600), WORKERS)),
                steps,
                Histories.workers(pieces),
                Histories.throughput(pieces),
                histories);
        return new MigrationReport(
                side,
                side,
                START,
                Duration.ofSeconds(4_000),
                2,
                List.of(),
                results,
                List.of(),
                List.of(Problem.warning(
                        Problem.Code.SUBSCRIPTION_LEFT_OUT, LONG_NAME, "subscriptions do not travel.", "Create it.")),
                List.of("table " + table(0) + ": excluded by " + LONG_NAME),
                Verification.DIGESTS,
                null,
                2,
                List.of(new Retry("slice 12, " + table(0), "08006", 3)),
                history);
    }

    private static long micros(Instant moment) {
        return moment.getEpochSecond() * 1_000_000;
    }

    private static void open(MigrationReport report, int width) throws IOException {
        Path page = directory.resolve("report.html");
        Files.writeString(page, report.toHtml());
        browser.open(page, width, 800, width == PHONE);
    }

    private static List<String> texts(String selector) throws IOException {
        return strings("[...document.querySelectorAll('" + selector + "')].map(it => it.innerText)");
    }

    private static List<String> strings(String expression) throws IOException {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : browser.evaluate(expression)) {
            texts.add(text.asText());
        }
        return texts;
    }

    @ParameterizedTest
    @ValueSource(ints = {PHONE, 720, DESK})
    void it_fits_the_screen_and_nothing_is_cut_off(int width) throws IOException {
        open(everything(false), width);

        assertThat(browser.evaluate("innerWidth").asInt())
                .as("what a browser makes wider so that it fits")
                .isEqualTo(width);
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(width);
        assertThat(strings(MISPLACED)).isEmpty();
    }

    @Test
    void every_relation_has_a_row_and_everything_a_heading() throws IOException {
        open(everything(true), PHONE);

        assertThat(texts("h1")).containsExactly("Verified identical");
        assertThat(texts("h2"))
                .containsExactly("Timeline", "Tables", "Warnings", "Left out", "Tried again", "Conditions");
        assertThat(texts("h3")).containsExactly("Steps", "Workers", "Throughput");
        assertThat(texts("tbody th"))
                .hasSize(TABLES)
                .contains(table(0).toString(), table(TABLES - 1).toString());
        assertThat(texts("td[data-label=rows]")).hasSize(TABLES).containsOnly("4,000,000,000");
        assertThat(texts("td[data-label=verdict]")).hasSize(TABLES).containsOnly("identical");
    }

    @Test
    void a_verification_alone_has_no_columns_for_what_a_run_copied() throws IOException {
        MigrationReport run = everything(false);
        open(
                new MigrationReport(
                        run.source(),
                        run.target(),
                        START,
                        Duration.ofSeconds(9),
                        0,
                        List.of(),
                        run.tables(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Verification.DIGESTS,
                        null,
                        0,
                        List.of(),
                        null),
                DESK);

        assertThat(texts("h1")).containsExactly("Not identical");
        assertThat(texts("h2")).containsExactly("Tables", "Conditions");
        assertThat(texts("thead th")).containsExactly("table", "rows", "compared", "verdict");
        assertThat(texts("td[data-label=compared]")).hasSize(TABLES).containsOnly("4,000 slices");
        assertThat(strings(MISPLACED)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void every_text_stands_out_in_both_schemes_of_colours(String scheme) throws IOException {
        browser.colours(scheme);
        open(everything(false), PHONE);

        assertThat(browser.evaluate("matchMedia('(prefers-color-scheme: " + scheme + ")').matches")
                        .asBoolean())
                .isTrue();
        assertThat(strings(FAINT)).isEmpty();
    }

    @Test
    void the_browser_asks_for_nothing_else_and_has_nothing_to_complain_of() throws IOException {
        open(everything(true), PHONE);

        assertThat(browser.events("Network.requestWillBeSent"))
                .extracting(it -> it.path("request").path("url").asText())
                .containsExactly(directory.resolve("report.html").toUri().toString());
        assertThat(browser.events("Log.entryAdded")).isEmpty();
        assertThat(browser.events("Runtime.consoleAPICalled")).isEmpty();
        assertThat(browser.events("Runtime.exceptionThrown")).isEmpty();
    }
}
