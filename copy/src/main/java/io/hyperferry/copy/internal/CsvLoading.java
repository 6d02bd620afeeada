package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyQueue;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One load: whoever claims reads the next batch, one worker at a time, so that the records of all files come in their order, and there are never
 * more batches in memory than workers. Thread-safe.
 */
final class CsvLoading implements CopyQueue {

    private static final Logger LOG = LoggerFactory.getLogger(CsvLoading.class);

    private static final List<String> DIRECT_COMPRESS =
            List.of("SET LOCAL timescaledb.enable_direct_compress_copy = on");

    private final CsvTable table;
    private final CsvOptions options;
    private final List<CsvFile> files;
    private final CsvBuffers buffers;
    private final @Nullable CsvMarks marks;
    private final @Nullable CsvRejects rejects;
    private final CsvTally tally = new CsvTally();

    /** Held while a batch is read; reading may wait for whoever writes the other end of a pipe. */
    private final ReentrantLock reading = new ReentrantLock();

    private @Nullable CsvReader reader;
    private int nextFile;
    private long left;

    private final Deque<CsvBatch> again = new ArrayDeque<>();
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());

    CsvLoading(
            CsvTable table,
            CsvOptions options,
            List<CsvFile> files,
            CsvBuffers buffers,
            @Nullable CsvMarks marks,
            @Nullable CsvRejects rejects) {
        this.table = table;
        this.options = options;
        this.files = List.copyOf(files);
        this.buffers = buffers;
        this.marks = marks;
        this.rejects = rejects;
        this.left = options.cuts().limit();
    }

    @Override
    public Optional<CopyClaim> claim(Connection target) throws SQLException {
        for (CsvBatch batch = next(); batch != null; batch = next()) {
            if (taken(batch, target)) {
                return Optional.of(new CsvClaim(this, batch, target));
            }
            tally.earlier(batch.records());
            buffers.give(batch.bytes());
        }
        return Optional.empty();
    }

    private boolean taken(CsvBatch batch, Connection target) throws SQLException {
        try {
            return marks == null || marks.take(target, batch, nameOf(batch));
        } catch (SQLException e) {
            if (PassingFault.is(e)) {
                putBack(batch);
            }
            throw e;
        }
    }

    @Override
    public boolean takeBack(CopyClaim claim, boolean mayBeCommitted) {
        // Without a mark, nothing could tell whether the rows are there.
        if (mayBeCommitted && marks == null) {
            return false;
        }
        putBack(CsvSource.claim(claim).batch());
        return true;
    }

    private void putBack(CsvBatch batch) {
        synchronized (again) {
            again.addFirst(batch);
        }
    }

    private @Nullable CsvBatch next() throws SQLException {
        synchronized (again) {
            if (!again.isEmpty()) {
                return again.removeFirst();
            }
        }
        try {
            reading.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while another worker read");
        }
        try {
            return read();
        } finally {
            reading.unlock();
        }
    }

    private @Nullable CsvBatch read() throws SQLException {
        while (left > 0) {
            CsvReader current = reader;
            if (current == null) {
                if (nextFile == files.size()) {
                    return null;
                }
                current = files.get(nextFile).open();
                reader = current;
            }
            CsvBatch batch = current.batch(left);
            tally.reading(nextFile, current.position());
            if (batch == null) {
                finish(current);
                continue;
            }
            left -= batch.records();
            if (marks == null || !marks.isDone(batch, nameOf(batch))) {
                return batch;
            }
            tally.earlier(batch.records());
            buffers.give(batch.bytes());
        }
        return null;
    }

    private void finish(CsvReader finished) throws SQLException {
        if (finished.endedEarly()) {
            notes.add(files.get(nextFile).name()
                    + " was read as far as a line with nothing but \\. in it, which ends the data"
                    + " for servers before PostgreSQL 18");
        }
        CsvFile.close(finished);
        reader = null;
        nextFile++;
    }

    /** Closes what is open, once all workers have ended. */
    void close() {
        if (reading.tryLock()) {
            try {
                if (reader != null) {
                    CsvFile.close(reader);
                    reader = null;
                }
            } catch (SQLException e) {
                LOG.debug("A file did not close", e);
            } finally {
                reading.unlock();
            }
        }
        try {
            if (rejects != null) {
                rejects.close();
            }
        } catch (IOException e) {
            LOG.debug("The file of rejects did not close", e);
        }
    }

    CsvTally tally() {
        return tally;
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    String nameOf(CsvBatch batch) {
        return files.get(batch.file()).name();
    }

    /** Cuts the records of a batch once more. */
    RecordCutter cutter(CsvBatch batch) {
        return new RecordCutter(
                options.format().quote(),
                options.format().escape(),
                table.encoding(),
                false,
                batch.lineEnd(),
                batch.firstLine());
    }

    String copySql(CsvBatch batch) {
        return CsvSql.copy(
                table,
                files.get(batch.file()).columns(),
                options.format(),
                options.writes().skipConflicts());
    }

    /** What follows the COPY; null when nothing does. */
    @Nullable
    String insertSql(CsvBatch batch) {
        return options.writes().skipConflicts()
                ? CsvSql.insertFromStage(table, files.get(batch.file()).columns())
                : null;
    }

    List<String> beforeCopy(CsvBatch batch) {
        if (options.writes().skipConflicts()) {
            return List.of(CsvSql.createStage(table, files.get(batch.file()).columns()));
        }
        return table.noDirectCompress().isEmpty() ? DIRECT_COMPRESS : List.of();
    }

    boolean setsAside() {
        return rejects != null;
    }

    void write(List<CsvReject> refused) throws SQLException {
        if (rejects != null) {
            rejects.write(refused);
        }
    }

    void committed(CsvBatch batch, long rows, long refused) {
        tally.committed(batch.records() - rows - refused, refused);
        buffers.give(batch.bytes());
    }
}
