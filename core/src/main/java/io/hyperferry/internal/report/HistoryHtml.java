package io.hyperferry.internal.report;

import io.hyperferry.RunHistory;
import io.hyperferry.RunHistory.Rate;
import io.hyperferry.RunHistory.Span;
import io.hyperferry.RunHistory.StepSpan;
import io.hyperferry.RunHistory.Work;
import io.hyperferry.internal.plan.Sizes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Steps, workers and throughput over time. Bars are drawings that stretch to any width; texts are beside them, so they are read on any
 * screen. All of them have one scale.
 */
final class HistoryHtml {
    private static final int WIDTH = 10_000;
    private static final int HEIGHT = 100;
    private static final int NARROWEST = 15;
    private static final int COLOURS = 7;
    private static final int SHOWN_STEPS = 40;
    private static final int MOST_TICKS = 4;
    private static final String OTHER = "c7";
    private static final long[] TICK_SECONDS = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800
    };

    private final RunHistory history;
    private final Html page;
    private final TimeScale scale;
    private final Map<String, String> colours = new HashMap<>();

    HistoryHtml(RunHistory history, Html page) {
        this.history = history;
        this.page = page;
        this.scale = TimeScale.of(Stream.concat(
                        history.steps().stream().map(it -> interval(it.from(), it.to())),
                        history.workers().stream()
                                .flatMap(it -> it.spans().stream())
                                .map(it -> interval(it.from(), it.to())))
                .toArray(long[][]::new));
        busiest().forEach(it -> colours.put(it, "c" + colours.size()));
    }

    private static long[] interval(Instant from, Instant to) {
        return new long[] {micros(from), micros(to)};
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    /** The tables that took the most time; each has a colour of its own. */
    private List<String> busiest() {
        Map<String, Long> busy = new HashMap<>();
        history.workers().stream().flatMap(it -> it.spans().stream()).forEach(span -> {
            if (span.table() != null) {
                busy.merge(span.table(), micros(span.to()) - micros(span.from()), Long::sum);
            }
        });
        return busy.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(COLOURS)
                .map(Map.Entry::getKey)
                .toList();
    }

    void write() {
        if (scale.busy() == 0) {
            return;
        }
        page.open("section").element("h2", "Timeline");
        page.element(
                "p",
                "Times since " + Times.moment(instant(scale.stretches().get(0).from()))
                        + (scale.stretches().size() > 1 ? ", without those in which nothing was done" : "") + ".",
                "class",
                "note");
        steps();
        workers();
        throughput();
        pauses();
        page.close("section");
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private void steps() {
        Set<StepSpan> shown = new HashSet<>(history.steps().stream()
                .sorted(Comparator.comparing(StepSpan::elapsed).reversed())
                .limit(SHOWN_STEPS)
                .toList());
        page.open("div", "class", "chart").element("h3", "Steps");
        Duration others = Duration.ZERO;
        for (StepSpan step : history.steps()) {
            if (!shown.contains(step)) {
                others = others.plus(step.elapsed());
                continue;
            }
            row(
                    step.number() + ". " + step.title(),
                    Times.text(step.elapsed()),
                    rectangle(step.from(), step.to(), 0, HEIGHT, "step", ""));
        }
        int more = history.steps().size() - shown.size();
        if (more > 0) {
            page.element("p", more + " shorter steps took " + Times.text(others) + " in all.", "class", "note");
        }
        axis();
        page.close("div");
    }

    /** A line: what it is, how long or how much, and a bar. */
    private void row(String name, String amount, String drawing) {
        page.open("div", "class", "lane");
        page.element("span", name, "class", "name").element("span", amount, "class", "amount");
        bar(drawing, HEIGHT, "bar");
        page.close("div");
    }

    private void bar(String drawing, int height, String style) {
        page.raw("<svg class=\"" + style + "\" viewBox=\"0 0 " + WIDTH + " " + height
                + "\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">");
        page.raw(drawing);
        for (int i = 1; i < scale.stretches().size(); i++) {
            page.raw("<rect class=\"pause\" x=\"" + x(scale.stretches().get(i).from())
                    + "\" width=\"12\" y=\"0\" height=\"" + height + "\"/>");
        }
        page.raw("</svg>\n");
    }

    private int x(long micros) {
        return (int) Math.round(WIDTH * (double) scale.position(micros) / scale.busy());
    }

    private String rectangle(Instant from, Instant to, int y, int height, String style, String title) {
        int left = Math.min(WIDTH - NARROWEST, x(micros(from)));
        int width = Math.max(NARROWEST, x(micros(to)) - left);
        String head = "<rect class=\"" + style + "\" x=\"" + left + "\" y=\"" + y + "\" width=\"" + width
                + "\" height=\"" + height + "\"";
        return title.isEmpty() ? head + "/>" : head + "><title>" + Html.escape(title) + "</title></rect>";
    }

    private void axis() {
        double seconds = scale.busy() / 1e6;
        long step = TICK_SECONDS[TICK_SECONDS.length - 1];
        for (int i = TICK_SECONDS.length - 1; i >= 0 && seconds / TICK_SECONDS[i] <= MOST_TICKS; i--) {
            step = TICK_SECONDS[i];
        }
        while (seconds / step > MOST_TICKS) {
            step *= 2;
        }
        page.open("div", "class", "lane axis").open("div", "class", "ticks");
        for (long tick = 0; tick <= seconds; tick += step) {
            double left = 100 * tick / seconds;
            page.element(
                    "span",
                    tick == 0 ? "0" : Times.text(Duration.ofSeconds(tick)),
                    "style",
                    String.format(Locale.ROOT, "left:%.2f%%", left),
                    "class",
                    left > 92 ? "last" : "");
        }
        page.close("div").close("div");
    }

    /** Workers of runs that follow each other share a line, so that a run that was interrupted ten times does not have ten times as many. */
    private static final class Line {
        private final String name;
        private final List<RunHistory.Worker> workers = new ArrayList<>();
        private Instant until = Instant.MIN;

        Line(String name) {
            this.name = name;
        }

        boolean takes(RunHistory.Worker worker) {
            return name.equals(name(worker)) && !worker.spans().get(0).from().isBefore(until);
        }

        void add(RunHistory.Worker worker) {
            workers.add(worker);
            until = worker.spans().get(worker.spans().size() - 1).to();
        }

        static String name(RunHistory.Worker worker) {
            return "worker " + worker.name().replaceFirst("^.*-(?=\\d+$)", "");
        }
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (RunHistory.Worker worker : history.workers()) {
            if (worker.spans().isEmpty()) {
                continue;
            }
            @Nullable
            Line line =
                    lines.stream().filter(it -> it.takes(worker)).findFirst().orElse(null);
            if (line == null) {
                line = new Line(Line.name(worker));
                lines.add(line);
            }
            line.add(worker);
        }
        return lines;
    }

    private void workers() {
        List<Line> lines = lines();
        if (lines.isEmpty()) {
            return;
        }
        page.open("div", "class", "chart").element("h3", "Workers");
        legend(lines);
        boolean many =
                history.workers().stream().mapToInt(it -> it.spans().size()).sum() > Histories.SHOWN_ONE_BY_ONE;
        for (Line line : lines) {
            StringBuilder drawing = new StringBuilder();
            long pieces = 0;
            for (RunHistory.Worker worker : line.workers) {
                for (Span span : worker.spans()) {
                    pieces += span.work() == Work.COPY ? span.pieces() : 0;
                    boolean copy = span.work() == Work.COPY;
                    drawing.append(rectangle(
                            span.from(),
                            span.to(),
                            copy ? 0 : HEIGHT / 2,
                            copy ? HEIGHT : HEIGHT / 2,
                            colour(span.table()),
                            many ? "" : title(worker, span)));
                }
            }
            row(line.name, ReportHtml.number(pieces) + (pieces == 1 ? " slice" : " slices"), drawing.toString());
        }
        axis();
        page.close("div");
    }

    private String colour(@Nullable String table) {
        return table == null ? OTHER : colours.getOrDefault(table, OTHER);
    }

    private void legend(List<Line> lines) {
        List<Span> spans = lines.stream()
                .flatMap(it -> it.workers.stream())
                .flatMap(it -> it.spans().stream())
                .toList();
        page.open("p", "class", "legend");
        colours.entrySet().stream().sorted(Map.Entry.comparingByValue()).forEach(it -> key(it.getValue(), it.getKey()));
        if (spans.stream().anyMatch(it -> colour(it.table()).equals(OTHER))) {
            key(OTHER, "other tables, or several");
        }
        if (spans.stream().anyMatch(it -> it.work() == Work.COMPRESS)) {
            key("half", "half as high: compression");
        }
        page.close("p");
    }

    private void key(String colour, String name) {
        page.open("span", "class", "key")
                .open("i", "class", colour)
                .raw("</i>")
                .text(name)
                .close("span");
    }

    private static String title(RunHistory.Worker worker, Span span) {
        String what = span.work() == Work.COMPRESS
                ? "compression"
                : ReportHtml.number(span.pieces()) + (span.pieces() == 1 ? " slice, " : " slices, ")
                        + ReportHtml.number(span.rows()) + " rows, " + Sizes.text(span.bytes());
        return (span.table() == null ? "several tables" : span.table()) + ": " + what + ", "
                + Times.text(Duration.between(span.from(), span.to())) + " (" + worker.name() + ")";
    }

    private void throughput() {
        double highest = history.throughput().stream()
                .mapToDouble(Rate::bytesPerSecond)
                .max()
                .orElse(0);
        if (highest == 0) {
            return;
        }
        final int height = 1_000;
        StringBuilder drawing = new StringBuilder();
        long bytes = 0;
        double seconds = 0;
        for (Rate rate : history.throughput()) {
            int tall = (int) Math.round(height * rate.bytesPerSecond() / highest);
            bytes += rate.bytes();
            seconds += Duration.between(rate.from(), rate.to()).toNanos() / 1e9;
            if (tall > 0) {
                drawing.append(rectangle(rate.from(), rate.to(), height - tall, tall, "rate", ""));
            }
        }
        page.open("div", "class", "chart").element("h3", "Throughput");
        page.element(
                "p",
                "COPY data a second: at most " + Sizes.text(Math.round(highest)) + ", "
                        + Sizes.text(Math.round(bytes / Math.max(1e-6, seconds)))
                        + " on average while rows were copied.",
                "class",
                "note");
        page.open("div", "class", "lane tall").element("span", Sizes.text(Math.round(highest)) + "/s", "class", "name");
        bar(drawing.toString(), height, "bar tall");
        page.close("div");
        axis();
        page.close("div");
    }

    private void pauses() {
        List<TimeScale.Stretch> later =
                scale.stretches().subList(1, scale.stretches().size());
        if (later.isEmpty()) {
            return;
        }
        page.open("p", "class", "note").text("Not drawn, at the grey lines: ");
        page.text(String.join(
                "; ",
                later.stream()
                        .limit(10)
                        .map(it -> Times.text(Duration.of(it.before(), ChronoUnit.MICROS)) + " before "
                                + Times.moment(instant(it.from())))
                        .toList()));
        page.text(later.size() > 10 ? "; and " + (later.size() - 10) + " more." : ".")
                .close("p");
    }
}
