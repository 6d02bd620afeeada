package io.hyperferry.examples;

import io.hyperferry.Database;
import io.hyperferry.copy.CsvHeader;
import io.hyperferry.copy.CsvLoad;
import io.hyperferry.copy.CsvLoadReport;
import java.nio.file.Path;
import java.util.List;

/**
 * Loads a CSV file, so that it can be run again after whatever happened: {@code LoadCsv postgres://app:secret@new:5432/metrics public.readings
 * readings.csv.gz}.
 */
public final class LoadCsv {
    private LoadCsv() {}

    /** The arguments are the URL of the target, the table and the file, whose first line names columns. */
    public static void main(String[] words) {
        CsvLoadReport report = CsvLoad.into(Database.of(words[0]).dataSource(), words[1])
                .header(CsvHeader.MATCH)
                .importId(words[2])
                .rejectsTo(Path.of(words[2] + ".rejects"))
                .run(List.of(Path.of(words[2])));
        System.out.println(report.toText());
    }
}
