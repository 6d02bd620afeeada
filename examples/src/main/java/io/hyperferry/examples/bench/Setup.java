package io.hyperferry.examples.bench;

import java.util.List;
import java.util.Locale;

/**
 * Under which conditions was measured, for whoever reads the figures.
 *
 * @param dataset the table
 * @param bytesPerRow what a row takes on the source's disk
 * @param tableBytes what the table takes on the source
 * @param compressedBytes what it takes there when it is compressed; 0 when that was not made
 * @param parallelism how many slices at a time
 * @param jvmOptions what Hyperferry's virtual machine was started with
 * @param servers versions and settings of the servers
 */
record Setup(
        Dataset dataset,
        double bytesPerRow,
        long tableBytes,
        long compressedBytes,
        int parallelism,
        List<String> jvmOptions,
        List<String> servers) {
    Setup {
        jvmOptions = List.copyOf(jvmOptions);
        servers = List.copyOf(servers);
    }

    /** The table and the parallelism in one line. */
    String summary() {
        return String.format(
                Locale.ROOT,
                "%,d rows in %d chunks, %s with indexes%s; %d slices at a time",
                dataset.rows(),
                dataset.chunks(),
                Text.bytes(tableBytes),
                compressedBytes == 0 ? "" : ", " + Text.bytes(compressedBytes) + " compressed",
                parallelism);
    }
}
