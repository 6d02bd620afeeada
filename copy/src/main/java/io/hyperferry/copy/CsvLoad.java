package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import io.hyperferry.copy.internal.CsvCuts;
import io.hyperferry.copy.internal.CsvOptions;
import io.hyperferry.copy.internal.CsvOrigin;
import io.hyperferry.copy.internal.CsvPace;
import io.hyperferry.copy.internal.CsvStart;
import io.hyperferry.copy.internal.Retries;
import io.hyperferry.copy.internal.Workers;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Loads CSV files into a table or hypertable, by parallel workers. A record is a row exactly where COPY makes one of it.
 *
 * <pre>{@code
 * CsvLoadReport report = CsvLoad.into(target, "public.readings")
 *         .header(CsvHeader.MATCH)
 *         .parallelism(8)
 *         .importId("readings of May")
 *         .run(List.of(Path.of("may.csv.gz")));
 * }</pre>
 *
 * <p>Files are plain, or compressed with gzip or zstd, whatever their names; a byte order mark is left out. They are cut into batches in the
 * order of their records; each batch is one transaction. What fails stops the load, and batches that are committed stay: with an
 * {@linkplain #importId import id} the same load, run again, goes on. Memory stays constant: a batch for each worker, and one that is read.
 *
 * <p>A load takes one connection for each worker from the data source, after one more to look at the table, which is given back before.
 * An object is an immutable value and thread-safe: every option returns a new one.
 */
public final class CsvLoad {

    /** The number of workers unless {@link #parallelism} says otherwise. */
    public static final int DEFAULT_PARALLELISM = 4;

    /** The most records of a batch unless {@link #batchRows} says otherwise. */
    public static final int DEFAULT_BATCH_ROWS = 50_000;

    /** The size that ends a batch unless {@link #batchBytes} says otherwise: 4 MiB. */
    public static final int DEFAULT_BATCH_BYTES = 4 << 20;

    /** The longest record unless {@link #longestRecord} says otherwise: 8 MiB. */
    public static final int DEFAULT_LONGEST_RECORD = 8 << 20;

    /** How threads are named unless {@link #threadNamePrefix} says otherwise. */
    public static final String DEFAULT_THREAD_NAME_PREFIX = "hyperferry-csv";

    private final DataSource target;
    private final String table;
    private final CsvOptions options;

    private CsvLoad(DataSource target, String table, CsvOptions options) {
        this.target = target;
        this.table = table;
        this.options = options;
    }

    /**
     * Says where rows go.
     *
     * @param target connections that unwrap to {@code org.postgresql.PGConnection}; it stays the caller's
     * @param table the name as SQL writes it, best with its schema: {@code public.readings}, {@code "Plant 1".readings}
     */
    public static CsvLoad into(DataSource target, String table) {
        if (requireNonNull(table, "table").isBlank()) {
            throw new IllegalArgumentException("table is blank: '" + table + "'");
        }
        CsvCuts cuts = new CsvCuts(0, Long.MAX_VALUE, DEFAULT_BATCH_ROWS, DEFAULT_BATCH_BYTES, DEFAULT_LONGEST_RECORD);
        Retries retries =
                new Retries(CopyEngine.DEFAULT_RETRIES, CopyEngine.DEFAULT_BACKOFF, CopyEngine.DEFAULT_LONGEST_BACKOFF);
        CsvPace pace = new CsvPace(DEFAULT_PARALLELISM, Workers.NO_RATE_LIMIT, retries, DEFAULT_THREAD_NAME_PREFIX);
        return new CsvLoad(requireNonNull(target, "target"), table, CsvOptions.defaults(cuts, pace));
    }

    private CsvLoad with(CsvOptions other) {
        return new CsvLoad(target, table, other);
    }

    /** Says how values are written, {@link CsvFormat#DEFAULT} without. */
    public CsvLoad format(CsvFormat format) {
        return with(options.with(requireNonNull(format, "format")));
    }

    /** Says what the first record of each file is, {@link CsvHeader#NONE} without. */
    public CsvLoad header(CsvHeader header) {
        return with(options.with(options.shape().withHeader(requireNonNull(header, "header"))));
    }

    /** Says which columns the values are for, in the order of the files, of those without a header or with one that is skipped. */
    public CsvLoad columns(List<String> columns) {
        return with(options.with(options.shape().withColumns(requireNonNull(columns, "columns"))));
    }

    /**
     * Has headers {@linkplain CsvHeader#MATCH match} columns, some of them by other names. Names that are not in the mapping are
     * names of columns, and names that only the mapping has do not matter, so one mapping serves many files.
     *
     * @param columns from a name in a header to the name of a column
     */
    public CsvLoad mapping(Map<String, String> columns) {
        return with(options.with(options.shape().withMapping(requireNonNull(columns, "columns"))));
    }

    /**
     * Leaves out lines of each file before its header or its first record, whatever is in them.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public CsvLoad skipLines(int lines) {
        return with(options.with(options.cuts().withSkipLines(lines)));
    }

    /**
     * Loads no more than so many records of all files together.
     *
     * @throws IllegalArgumentException when it is less than 1
     */
    public CsvLoad limit(long records) {
        return with(options.with(options.cuts().withLimit(records)));
    }

    /**
     * Sets the most records of a batch, {@value #DEFAULT_BATCH_ROWS} by default.
     *
     * @throws IllegalArgumentException when it is less than 1
     */
    public CsvLoad batchRows(int rows) {
        return with(options.with(options.cuts().withBatchRows(rows)));
    }

    /**
     * Sets the size from which on a batch takes no other record, {@value #DEFAULT_BATCH_BYTES} bytes by default. Each worker keeps a batch in
     * memory.
     *
     * @throws IllegalArgumentException when it is less than 1 or more than 512 MiB
     */
    public CsvLoad batchBytes(int bytes) {
        return with(options.with(options.cuts().withBatchBytes(bytes)));
    }

    /**
     * Sets how long a record may be, {@value #DEFAULT_LONGEST_RECORD} bytes by default: a quote that is not closed makes one record of all that
     * follows.
     *
     * @throws IllegalArgumentException when it is less than 1 or more than 512 MiB
     */
    public CsvLoad longestRecord(int bytes) {
        return with(options.with(options.cuts().withLongestRecord(bytes)));
    }

    /**
     * Sets the number of workers, {@value #DEFAULT_PARALLELISM} by default.
     *
     * @throws IllegalArgumentException when it is less than 1
     */
    public CsvLoad parallelism(int workers) {
        return with(options.with(options.pace().withParallelism(workers)));
    }

    /**
     * Limits what all workers send together, as {@link CopyEngine#rateLimit} does.
     *
     * @throws IllegalArgumentException when it is less than 1
     */
    public CsvLoad rateLimit(long bytesPerSecond) {
        return with(options.with(options.pace().withRateLimit(bytesPerSecond)));
    }

    /**
     * Sets how often a batch is tried again after a failure that may pass, as {@link CopyEngine#retries} does. A batch whose commit was cut off is
     * tried again only with an {@linkplain #importId import id}: without, nobody could tell whether its rows are there.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public CsvLoad retries(int most) {
        return with(
                options.with(options.pace().withRetries(options.pace().retries().withMost(most))));
    }

    /**
     * Sets the pauses before retries, as {@link CopyEngine#backoff} does.
     *
     * @throws IllegalArgumentException when the first is not longer than zero, or the longest is shorter than the first
     */
    public CsvLoad backoff(Duration first, Duration longest) {
        return with(
                options.with(options.pace().withRetries(options.pace().retries().withPauses(first, longest))));
    }

    /**
     * Makes the load one that can be repeated: every record is loaded once under one id, however often the load is run, by however
     * many processes, and wherever one of them was killed. The mark of a batch commits with its rows, in the schema {@code hyperferry_load} of the
     * target, which is made for that.
     *
     * <p>The same id takes the same files in the same order, with the same options and size of batches; anything else is an error. So is a file
     * whose batches, as far as they are done, have other records than then.
     *
     * @throws IllegalArgumentException when it is blank
     */
    public CsvLoad importId(String id) {
        return with(options.with(options.writes().withImportId(requireNonNull(id, "id"))));
    }

    /**
     * Leaves records out that a unique index of the table forbids because it has such a row. Rows then go through a temporary table, and are not
     * compressed directly.
     */
    public CsvLoad onConflictDoNothing() {
        return with(options.with(options.writes().skippingConflicts()));
    }

    /**
     * Sets records aside that the server refuses (data exceptions and violated constraints), instead of stopping: all others of their batch are
     * loaded. The file gets a line of CSV for each: file, line, SQLState, reason and the record. Only its owner may read it.
     *
     * @param file empty or not there yet; with an {@linkplain #importId import id}, the one of before goes on
     */
    public CsvLoad rejectsTo(Path file) {
        return with(options.with(options.writes().withRejects(requireNonNull(file, "file"))));
    }

    /**
     * Whether the server compresses rows as they come, where it can: into a hypertable with a columnstore and without unique indexes, triggers
     * and foreign keys, by TimescaleDB 2.21 and later. By default it does; the report says when it did not.
     */
    public CsvLoad directCompress(boolean wanted) {
        return with(options.with(options.writes().withDirectCompress(wanted)));
    }

    /**
     * Sets how threads are named: the prefix, a hyphen and a number.
     *
     * @throws IllegalArgumentException when it is blank
     */
    public CsvLoad threadNamePrefix(String prefix) {
        return with(options.with(options.pace().withThreadNamePrefix(requireNonNull(prefix, "prefix"))));
    }

    /** Sets who hears how it goes, in place of the one set before. */
    public CsvLoad listener(CsvLoadListener listener) {
        return with(options.with(requireNonNull(listener, "listener")));
    }

    /**
     * Looks at the table and at all files, begins, and returns.
     *
     * @throws CsvInputException when they cannot be loaded so; nothing was changed
     * @throws CopyException when the server cannot be asked
     */
    public CsvLoadRun start(List<Path> files) {
        return begin(CsvOrigin.of(List.copyOf(files)));
    }

    /** Loads from a stream, standard input for example, as {@link #start(List)} does. It is not closed. */
    public CsvLoadRun start(InputStream input) {
        return begin(CsvOrigin.of(requireNonNull(input, "input")));
    }

    private CsvLoadRun begin(List<CsvOrigin> origins) {
        return new CsvLoadRun(
                CsvStart.begin(target, table, origins, options),
                options.writes().skipConflicts());
    }

    /**
     * Loads files, and waits for the end.
     *
     * @throws CsvInputException when they cannot be loaded so; nothing was changed
     * @throws CopyException on the first failure
     * @throws CopyCancelledException when the thread was interrupted
     */
    public CsvLoadReport run(List<Path> files) {
        return start(files).await();
    }

    /** Loads from a stream, standard input for example, as {@link #run(List)} does. It is not closed. */
    public CsvLoadReport run(InputStream input) {
        return start(input).await();
    }
}
