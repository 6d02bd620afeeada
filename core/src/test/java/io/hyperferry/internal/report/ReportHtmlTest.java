package io.hyperferry.internal.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationReport.StepResult;
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
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The page of a report: complete in itself, and not to be broken by what a database calls its things. */
class ReportHtmlTest {
    private static final Instant START = Instant.parse("2026-03-29T00:59:30Z");
    private static final String HOSTILE = "<script>alert('x')</script> \"&amp;\" ]]> \u202Egnp.exe \u0001 üß 数据";

    private static long micros(double seconds) {
        return START.getEpochSecond() * 1_000_000 + Math.round(seconds * 1e6);
    }

    private static PieceTime piece(int attempt, int worker, String table, double from, double to) {
        return new PieceTime(
                attempt,
                "hyperferry-" + attempt + "-copy-" + worker,
                false,
                table,
                micros(from),
                micros(to),
                1_000,
                100_000);
    }

    private static MigrationReport report(String name, List<PieceTime> pieces, boolean identical) {
        QualifiedName table = QualifiedName.of(name, name);
        MigrationPlan.Side side = new MigrationPlan.Side(name, "42", "17.5", "TimescaleDB 2.19.3 community");
        RunHistory history = new RunHistory(
                PlanOptions.DEFAULT,
                List.of(new Attempt(1, START, 2)),
                List.of(new StepSpan(1, "create hypertable " + name, 1, START, START.plusSeconds(2))),
                Histories.workers(pieces),
                Histories.throughput(pieces),
                List.of(new TableHistory(table, Map.of("ROWS", 3L), "-12345", START, START.plusSeconds(9))));
        return new MigrationReport(
                side,
                side,
                START,
                Duration.ofSeconds(10),
                1,
                List.of(new StepResult(name, Duration.ofSeconds(2), false)),
                List.of(new TableResult(
                        table,
                        3_000,
                        300_000,
                        3,
                        3,
                        3,
                        Map.of("SNAPSHOT", 2L, "REWRITTEN", 1L),
                        0,
                        List.of(name),
                        identical ? List.of() : List.of(name))),
                List.of(),
                List.of(Problem.warning(Problem.Code.ROLE_MISSING, name, name, name)),
                List.of(name),
                Verification.DIGESTS,
                null,
                1,
                List.of(),
                history);
    }

    private static Document parsed(String page) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(page.replace("<!DOCTYPE html>", ""))));
    }

    private static List<Element> elements(Document page, String name) {
        NodeList nodes = page.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    @Test
    void hostile_names_are_texts_and_nothing_else() throws Exception {
        String page = report(HOSTILE, List.of(piece(1, 1, HOSTILE, 2, 5)), true).toHtml();

        assertThat(page).doesNotContain("<script", "\u202E", "\u0001").contains("&lt;script&gt;", "\\u202e", "\\u0001");
        Document document = parsed(page);
        assertThat(elements(document, "script")).isEmpty();
        assertThat(document.getDocumentElement().getTextContent())
                .contains("<script>alert('x')</script> \"&amp;\" ]]>", "üß 数据");
    }

    @Test
    void it_fetches_nothing() throws Exception {
        String page =
                report("public", List.of(piece(1, 1, "public.a", 2, 5)), true).toHtml();

        Document document = parsed(page);
        for (String element : List.of("link", "img", "iframe", "object", "use", "image", "a", "base")) {
            assertThat(elements(document, element)).as(element).isEmpty();
        }
        assertThat(page).doesNotContain("url(", "@import", "http:", "https:", "src=", "href=");
        assertThat(elements(document, "meta"))
                .anySatisfy(it -> assertThat(it.getAttribute("content")).startsWith("default-src 'none'"))
                .anySatisfy(it -> assertThat(it.getAttribute("name")).isEqualTo("viewport"));
        assertThat(page).contains("prefers-color-scheme: dark");
    }

    @Test
    void the_verdict_comes_first() throws Exception {
        Document good = parsed(report("public", List.of(), true).toHtml());
        Document bad = parsed(report("public", List.of(), false).toHtml());

        Element main = elements(good, "main").get(0);
        assertThat(((Element) main.getElementsByTagName("*").item(0)).getTagName())
                .isEqualTo("header");
        assertThat(elements(good, "h1").get(0).getTextContent()).isEqualTo("Verified identical");
        assertThat(elements(bad, "h1").get(0).getTextContent()).isEqualTo("Not identical");
        assertThat(elements(good, "td"))
                .extracting(it -> it.getTextContent().strip())
                .contains("3,000", "3 slices as rows", "-12345", "identical");
        assertThat(elements(bad, "td"))
                .extracting(it -> it.getTextContent().strip())
                .contains("not identical");
    }

    @Test
    void each_slice_of_a_small_run_is_drawn_with_what_it_was() throws Exception {
        List<PieceTime> pieces =
                List.of(piece(1, 1, "public.a", 2, 5), piece(1, 2, "public.b", 2, 4), piece(1, 2, "public.a", 4, 8));

        Document page = parsed(report("public", pieces, true).toHtml());

        assertThat(elements(page, "title"))
                .extracting(Element::getTextContent)
                .contains(
                        "public.a: 1 slice, 1,000 rows, 97.7 kB, 3 s (hyperferry-1-copy-1)",
                        "public.a: 1 slice, 1,000 rows, 97.7 kB, 4 s (hyperferry-1-copy-2)");
    }

    @Test
    void what_was_copied_is_spread_over_the_time_that_it_took() {
        List<RunHistory.Rate> rates = Histories.throughput(List.of(
                piece(1, 1, "public.a", 0, 10), piece(1, 2, "public.a", 0, 5), piece(2, 1, "public.a", 3600, 3605)));

        assertThat(rates.stream().mapToLong(RunHistory.Rate::bytes).sum()).isBetween(299_900L, 300_100L);
        assertThat(rates.get(0).bytesPerSecond()).isBetween(29_000.0, 31_000.0);
        assertThat(rates)
                .as("nothing between the runs")
                .noneMatch(it -> Duration.between(it.from(), it.to()).compareTo(Duration.ofSeconds(1)) > 0);
    }

    @Test
    void a_hundred_thousand_slices_make_a_page_of_bearable_size() throws Exception {
        List<PieceTime> pieces = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            double from = Math.floorDiv(i, 8) * 0.01;
            pieces.add(piece(1, 1 + i % 8, "public.t" + i % 3, from, from + 0.0095));
        }

        MigrationReport report = report("public", pieces, true);

        assertThat(report.history())
                .satisfies(history -> assertThat(history.workers().stream()
                                .flatMap(it -> it.spans().stream())
                                .mapToLong(RunHistory.Span::pieces)
                                .sum())
                        .isEqualTo(100_000));
        String page = report.toHtml();
        parsed(page);
        assertThat(page.length()).isLessThan(400_000);
        assertThat(report.toJson().length()).isLessThan(1_000_000);
    }

    @Test
    void hours_between_two_runs_take_no_room() {
        TimeScale scale =
                TimeScale.of(new long[][] {{0, 10_000_000}, {5_000_000, 12_000_000}, {7_200_000_000L, 7_210_000_000L}});

        assertThat(scale.busy()).isEqualTo(22_000_000);
        assertThat(scale.position(7_205_000_000L)).isEqualTo(17_000_000);
        assertThat(scale.position(3_600_000_000L)).isEqualTo(12_000_000);
        assertThat(scale.timeAt(17_000_000)).isEqualTo(7_205_000_000L);
    }
}
