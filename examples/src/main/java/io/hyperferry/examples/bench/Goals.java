package io.hyperferry.examples.bench;

import io.hyperferry.examples.bench.Phase.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** The figures that the project promises, with what they come from. */
final class Goals {
    private Goals() {}

    /**
     * One line a figure, for those that were measured.
     *
     * @param planSeconds how long planning 10,000 chunks took
     */
    static List<String> of(Results results, Setup setup, OptionalDouble planSeconds) {
        List<String> lines = new ArrayList<>();
        Way rows = results.has(Way.ROWS_COUNTED) ? Way.ROWS_COUNTED : Way.ROWS;
        Way compressed = results.has(Way.COMPRESSED_COUNTED) ? Way.COMPRESSED_COUNTED : Way.COMPRESSED;
        ToDoubleFunction<Measurement> whole = it -> it.cost().seconds();
        ratio(results, "rows: time, copy and indexes", rows, Way.PSQL, Measurement::comparableSeconds, lines);
        ratio(results, "rows: time, copy alone", rows, Way.PSQL, it -> it.seconds(Kind.COPY), lines);
        ratio(results, "rows: time in all, with schema and proof", Way.ROWS, Way.PSQL, whole, lines);
        ratio(results, "rows: time, copy and indexes", Way.CSV, rows, Measurement::comparableSeconds, lines);
        ratio(results, "rows: time in all", Way.CSV, Way.ROWS, whole, lines);
        ratio(results, "rows: relay's CPU, rows travel", rows, Way.PSQL, Measurement::copyCpuSeconds, lines);
        ratio(
                results,
                "rows: relay's CPU in all",
                rows,
                Way.PSQL,
                it -> it.cost().cpuSeconds(),
                lines);
        ratio(
                results,
                "compressed: time, copy, compression, indexes",
                Way.PSQL_COMPRESS,
                compressed,
                Measurement::comparableSeconds,
                lines);
        ratio(results, "compressed: time in all", Way.PSQL_COMPRESS, Way.COMPRESSED, whole, lines);
        if (results.has(Way.COMPRESSED)) {
            double source = setup.compressedBytes();
            double peak = results.median(Way.COMPRESSED, Measurement::peakBytes);
            lines.add(line(
                    "compressed: target's peak size, e / source",
                    quotient(peak, source, Text.bytes(peak), Text.bytes(source))));
        }
        for (Way way : results.ways()) {
            if (way.hyperferry()) {
                lines.add(line(
                        way.letter() + ": peak heap; after collections; resident",
                        Text.bytes(results.median(way, it -> it.cost().heapPeak())) + "; "
                                + Text.bytes(results.median(way, it -> it.cost().heapLive())) + "; "
                                + Text.bytes(results.median(way, it -> it.cost().resident()))));
            }
        }
        planSeconds.ifPresent(
                it -> lines.add(line("planning of 10,000 chunks, with the start of the JVM", Text.seconds(it))));
        return lines;
    }

    private static void ratio(
            Results results,
            String what,
            Way dividend,
            Way divisor,
            ToDoubleFunction<Measurement> seconds,
            List<String> lines) {
        if (results.has(dividend, divisor)) {
            double above = results.median(dividend, seconds);
            double below = results.median(divisor, seconds);
            lines.add(line(
                    what + ", " + dividend.letter() + " / " + divisor.letter(),
                    quotient(above, below, Text.seconds(above), Text.seconds(below))));
        }
    }

    private static String quotient(double dividend, double divisor, String above, String below) {
        return String.format(Locale.ROOT, "%5.2f   (%s / %s)", dividend / divisor, above, below);
    }

    private static String line(String what, String value) {
        return String.format(Locale.ROOT, "%-54s %s", what, value);
    }
}
