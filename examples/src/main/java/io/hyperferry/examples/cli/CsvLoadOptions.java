package io.hyperferry.examples.cli;

import io.hyperferry.copy.CopyEngine;
import io.hyperferry.copy.CsvLoad;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How CSV files are loaded. */
final class CsvLoadOptions {
    @Option(
            names = "--parallelism",
            paramLabel = "N",
            defaultValue = "" + CsvLoad.DEFAULT_PARALLELISM,
            description = "How many batches are loaded at a time (default: ${DEFAULT-VALUE}).")
    int parallelism;

    @Option(
            names = "--import-id",
            paramLabel = "TEXT",
            description = "Load each record once under this id, however often the command is run.")
    @Nullable
    String importId;

    @Option(
            names = "--on-conflict-do-nothing",
            description = "Leave records out that a unique index forbids, because the table has such a row.")
    boolean onConflictDoNothing;

    @Option(
            names = "--rejects",
            paramLabel = "FILE",
            description = "Write records that the server refuses to this file, with line and reason, and go on.")
    @Nullable
    Path rejects;

    @Option(
            names = "--no-direct-compress",
            description = "Have the server write plain rows, also where it could compress them as they come.")
    boolean noDirectCompress;

    @Option(names = "--skip-lines", paramLabel = "N", description = "Leave out the first lines of each file.")
    int skipLines;

    @Option(names = "--limit", paramLabel = "N", description = "Load no more than so many records.")
    @Nullable
    Long limit;

    @Option(
            names = "--batch-rows",
            paramLabel = "N",
            defaultValue = "" + CsvLoad.DEFAULT_BATCH_ROWS,
            description = "The most records of a transaction (default: ${DEFAULT-VALUE}).")
    int batchRows;

    @Option(
            names = "--batch-bytes",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            defaultValue = "4MiB",
            description = "The size that ends a transaction (default: ${DEFAULT-VALUE}).")
    long batchBytes;

    @Option(
            names = "--longest-record",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            defaultValue = "8MiB",
            description = "Take longer records for a quote that is missing (default: ${DEFAULT-VALUE}).")
    long longestRecord;

    @Option(
            names = "--rate-limit",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Send no more than this in a second, all workers together: 500kB, 20MB, 1GiB.")
    @Nullable
    Long rateLimit;

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "" + CopyEngine.DEFAULT_RETRIES,
            description = "How often a batch is tried again after a failure that may pass (default: ${DEFAULT-VALUE}).")
    int retries;

    /**
     * The load with these options.
     *
     * @throws IllegalArgumentException when one of them cannot be
     */
    CsvLoad applyTo(CsvLoad load) {
        CsvLoad with = load.parallelism(parallelism)
                .skipLines(skipLines)
                .batchRows(batchRows)
                .batchBytes(Math.toIntExact(Math.min(Integer.MAX_VALUE, batchBytes)))
                .longestRecord(Math.toIntExact(Math.min(Integer.MAX_VALUE, longestRecord)))
                .retries(retries)
                .directCompress(!noDirectCompress);
        if (limit != null) {
            with = with.limit(limit);
        }
        if (rateLimit != null) {
            with = with.rateLimit(rateLimit);
        }
        if (importId != null) {
            with = with.importId(importId);
        }
        if (rejects != null) {
            with = with.rejectsTo(rejects);
        }
        return onConflictDoNothing ? with.onConflictDoNothing() : with;
    }
}
