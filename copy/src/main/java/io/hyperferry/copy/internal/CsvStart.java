package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyEvent;
import io.hyperferry.copy.CopySummary;
import io.hyperferry.copy.CsvInputException;
import io.hyperferry.copy.CsvLoadEvent;
import io.hyperferry.copy.CsvLoadReport;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A load that has begun: everything was looked at, and workers are at it. */
public final class CsvStart {

    private final CsvTable table;
    private final List<CsvFile> files;
    private final CsvLoading loading;
    private final Workers workers;

    private CsvStart(CsvTable table, List<CsvFile> files, CsvLoading loading, Workers workers) {
        this.table = table;
        this.files = files;
        this.loading = loading;
        this.workers = workers;
    }

    /**
     * Looks at the table and at all files, then begins.
     *
     * @throws CsvInputException when that cannot go well; nothing was changed
     * @throws io.hyperferry.copy.CopyException when the server cannot be asked
     */
    public static CsvStart begin(DataSource target, String table, List<CsvOrigin> origins, CsvOptions options) {
        DatabaseSession session;
        try {
            session = DatabaseSession.open(target, DatabaseSession::new);
        } catch (SQLException e) {
            Throwable clean = SafeErrors.clean(e);
            throw new CsvInputException("no connection to the target: " + SafeErrors.words(clean), clean);
        }
        boolean ended = false;
        try {
            session.begin();
            CsvStart start = begin(session, target, table, origins, options);
            ended = true;
            return start;
        } catch (CsvInputException e) {
            ended = rolledBack(session);
            throw e;
        } catch (SQLException e) {
            throw Failures.of(null, null, e);
        } finally {
            if (ended) {
                session.handBack();
            } else {
                session.discard();
            }
        }
    }

    private static boolean rolledBack(DatabaseSession session) {
        try {
            session.rollback();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private static CsvStart begin(
            DatabaseSession session, DataSource target, String name, List<CsvOrigin> origins, CsvOptions options)
            throws SQLException {
        Connection connection = session.connection();
        CsvTable table = CsvTable.find(connection, name, options.format().encoding(), options.writes());
        requireKnown(table, options);
        CsvBuffers buffers = new CsvBuffers(options.cuts().batchBytes() + CsvReader.AHEAD);
        List<CsvFile> files = new ArrayList<>();
        for (CsvOrigin origin : origins) {
            files.add(CsvFile.look(files.size(), origin, table, options, buffers, connection));
        }
        @Nullable String importId = options.writes().importId();
        @Nullable Path rejects = options.writes().rejects();
        // Last, as these are the first to change anything.
        CsvMarks marks =
                importId == null ? null : CsvMarks.open(connection, importId, definition(table, files, options));
        CsvRejects rejectFile = rejects == null ? null : CsvRejects.open(rejects, importId != null);
        session.commit();
        CsvLoading loading = new CsvLoading(table, options, files, buffers, marks, rejectFile);
        Workers workers = new Workers(
                new CsvSource(),
                new CsvSink(new DatabaseSink(target), loading),
                loading,
                options.pace().rateLimit(),
                options.pace().retries(),
                options.pace().threadNamePrefix(),
                new Events(event -> tell(event, options, loading, files)));
        workers.start(options.pace().parallelism());
        return new CsvStart(table, files, loading, workers);
    }

    private static void requireKnown(CsvTable table, CsvOptions options) {
        List<String> named = new ArrayList<>(options.format().forceNull());
        named.addAll(options.format().forceNotNull());
        for (String column : named) {
            if (!table.columns().contains(column)) {
                throw new CsvInputException(table.name() + " has no column \"" + column
                        + "\" that can be written, but NULL is to be forced there or not");
            }
        }
    }

    /** All that decides which record is in which batch, and what becomes of it. */
    private static String definition(CsvTable table, List<CsvFile> files, CsvOptions options) {
        StringBuilder text = new StringBuilder("table " + table.name() + "\n");
        text.append(options.format()).append('\n');
        text.append("header ").append(options.shape().header()).append('\n');
        text.append(options.cuts().batchRows()).append(" records a batch\n");
        text.append(options.cuts().batchBytes()).append(" bytes a batch\n");
        text.append(options.cuts().skipLines()).append(" lines skipped\n");
        text.append(options.cuts().limit()).append(" records at most\n");
        text.append("conflicts ").append(options.writes().skipConflicts() ? "left out\n" : "are errors\n");
        for (CsvFile file : files) {
            Path path = file.origin().path();
            Path last = path == null ? null : path.getFileName();
            text.append("file ").append(last == null ? file.name() : last);
            file.origin()
                    .size()
                    .ifPresent(size -> text.append(" of ").append(size).append(" bytes"));
            text.append(" with ").append(String.join(",", file.columns())).append('\n');
        }
        return text.toString();
    }

    private static void tell(CopyEvent event, CsvOptions options, CsvLoading loading, List<CsvFile> files) {
        if (event instanceof CopyEvent.Progress progress) {
            options.listener()
                    .onEvent(new CsvLoadEvent.Progress(
                            progress.rows(), loading.tally().read(), total(files), progress.elapsed()));
        } else if (event instanceof CopyEvent.Retrying retrying) {
            options.listener().onEvent(new CsvLoadEvent.Retrying(retrying.failure(), retrying.pause()));
        }
    }

    private static OptionalLong total(List<CsvFile> files) {
        long total = 0;
        for (CsvFile file : files) {
            if (file.origin().size().isEmpty()) {
                return OptionalLong.empty();
            }
            total += file.origin().size().getAsLong();
        }
        return OptionalLong.of(total);
    }

    /** Waits for the end. */
    public CsvLoadReport await(boolean skipConflicts) {
        try {
            CopySummary summary = workers.await();
            CsvTally tally = loading.tally();
            List<String> notes = new ArrayList<>(loading.notes());
            if (!skipConflicts && tally.leftOut() > 0) {
                notes.add("the server took " + tally.leftOut()
                        + " records that became no rows of the table: a trigger or a rule leaves them out");
            }
            table.noDirectCompress().ifPresent(it -> notes.add("rows were not compressed directly: " + it));
            return new CsvLoadReport(
                    table.name(),
                    files.size(),
                    summary.rows(),
                    tally.earlier(),
                    skipConflicts ? tally.leftOut() : 0,
                    tally.rejects(),
                    summary.bytes(),
                    table.noDirectCompress().isEmpty(),
                    summary.elapsed(),
                    summary.retries(),
                    notes);
        } finally {
            loading.close();
        }
    }

    public void cancel() {
        workers.cancel();
    }

    public boolean isDone() {
        return workers.isDone();
    }
}
