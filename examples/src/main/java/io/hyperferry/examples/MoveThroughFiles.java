package io.hyperferry.examples;

import io.hyperferry.Export;
import io.hyperferry.ExportReport;
import io.hyperferry.Migration;
import io.hyperferry.MigrationReport;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Moves a database through a directory, as where no machine can reach both servers:
 * {@code MoveThroughFiles postgres://app:secret@old:5432/metrics /media/disk/metrics postgres://app:secret@new:5432/metrics}.
 */
public final class MoveThroughFiles {
    private MoveThroughFiles() {}

    /** The arguments are the URL of the source, the directory, and the URL of the target. */
    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[1]);
        Export export = Migration.from(arguments[0]).exportTo(directory).splitBy(Duration.ofDays(1));
        Migration arrival = Migration.fromExport(directory).to(arguments[2]);
        System.out.println(move(export, arrival).toText());
    }

    static MigrationReport move(Export export, Migration arrival) {
        // Here, where the source can be reached.
        ExportReport written = export.run();
        System.err.println(written.toText());

        // There, where the target can be reached; the directory has travelled meanwhile.
        return arrival.run();
    }
}
