package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a load of CSV files did.
 *
 * @param table where the rows are
 * @param files how many files there were
 * @param rows the rows that this load put into the table
 * @param earlierRows the records that earlier loads with the same import id had done
 * @param conflicts the records that were left out because the table has such a row, see {@link CsvLoad#onConflictDoNothing}
 * @param rejects the records that were set aside, see {@link CsvLoad#rejectsTo}
 * @param bytes the bytes of CSV that this load sent, uncompressed
 * @param directCompress whether the server was asked to compress rows as they came
 * @param elapsed the time that it took
 * @param retries how often something was tried again, as in {@link CopySummary#retries}
 * @param notes what else is worth knowing, in sentences
 */
public record CsvLoadReport(
        String table,
        int files,
        long rows,
        long earlierRows,
        long conflicts,
        long rejects,
        long bytes,
        boolean directCompress,
        Duration elapsed,
        Map<String, Long> retries,
        List<String> notes) {

    /** Makes a report. */
    public CsvLoadReport {
        requireNonNull(table, "table");
        requireNonNull(elapsed, "elapsed");
        retries = Map.copyOf(retries);
        notes = List.copyOf(notes);
    }

    /** The report for people. */
    public String toText() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "loaded %,d rows into %s from %d %s in %.1f s%s%n",
                rows,
                table,
                files,
                files == 1 ? "file" : "files",
                elapsed.toMillis() / 1000.0,
                directCompress ? ", compressed directly" : ""));
        line(text, earlierRows, "records were loaded earlier under this import id");
        line(text, conflicts, "records were left out because the table has such a row");
        line(text, rejects, "records were rejected");
        retries.forEach((state, count) -> line(text, count, "retries after " + state));
        notes.forEach(it -> text.append("  ").append(it).append(System.lineSeparator()));
        return text.toString();
    }

    private static void line(StringBuilder text, long count, String what) {
        if (count > 0) {
            text.append(String.format(Locale.ROOT, "  %,d %s%n", count, what));
        }
    }
}
