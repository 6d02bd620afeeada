package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyTask;
import io.hyperferry.copy.internal.RecordCutter.BrokenCsv;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Writes one batch. What the server refuses stops it, with the line; or, where rejects are set aside, the batch is halved until the records are
 * found that are to blame, and the others stay.
 */
final class BatchWriter {

    /** Data that does not fit: data exceptions, and violated constraints. */
    private static final String DATA = "22";

    private static final String CONSTRAINT = "23";

    private static final Pattern LINE = Pattern.compile(", line (\\d+)(?:, column ([^:\\n]+))?");

    private final CsvLoading loading;
    private final CsvClaim claim;
    private final CsvBatch batch;
    private final WriteSession session;
    private final CopyTask.Part part;

    BatchWriter(CsvLoading loading, CsvClaim claim, WriteSession session, CopyTask.Part part) {
        this.loading = loading;
        this.claim = claim;
        this.batch = claim.batch();
        this.session = session;
        this.part = part;
    }

    /** Takes the batch's bytes from the engine; the first try, which is nearly always the only one. */
    RowsIn begin() throws SQLException {
        Savepoint before = loading.setsAside() ? claim.target().setSavepoint() : null;
        RowsIn copy = session.write(part);
        return new RowsIn() {
            private @Nullable SQLException refused;

            @Override
            public boolean binary() {
                return copy.binary();
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws SQLException {
                if (refused != null) {
                    return;
                }
                try {
                    copy.write(bytes, from, length);
                } catch (SQLException e) {
                    refused = data(e);
                }
            }

            @Override
            public long end() throws SQLException {
                SQLException refusal = refused;
                if (refusal == null) {
                    try {
                        return finish(copy);
                    } catch (SQLException e) {
                        refusal = data(e);
                    }
                }
                if (before == null) {
                    throw located(refusal);
                }
                claim.target().rollback(before);
                return sort(refusal);
            }
        };
    }

    private long finish(RowsIn copy) throws SQLException {
        long rows = copy.end();
        @Nullable String insert = loading.insertSql(batch);
        if (insert == null) {
            return rows;
        }
        try (Statement statement = claim.target().createStatement()) {
            long inserted = statement.executeLargeUpdate(insert);
            statement.execute(CsvSql.emptyStage());
            return inserted;
        }
    }

    /** The same exception, when it says that the data is to blame. */
    private static SQLException data(SQLException e) throws SQLException {
        String state = e.getSQLState();
        if (state != null && (state.startsWith(DATA) || state.startsWith(CONSTRAINT))) {
            return e;
        }
        throw e;
    }

    private static @Nullable ServerErrorMessage serverMessage(SQLException refusal) {
        return refusal instanceof PSQLException e ? e.getServerErrorMessage() : null;
    }

    /** Where in the COPY the server was, if it says so in English. */
    private static Matcher place(@Nullable ServerErrorMessage said) {
        return LINE.matcher(said == null || said.getWhere() == null ? "" : said.getWhere());
    }

    private SQLException located(SQLException refusal) throws SQLException {
        Matcher place = place(serverMessage(refusal));
        if (!place.find()) {
            return refusal;
        }
        long line = lineOfRecord(Long.parseLong(place.group(1)));
        String column = place.group(2) == null ? "" : ", column " + place.group(2);
        return new SQLException("line " + line + column + ": " + SafeErrors.words(SafeErrors.clean(refusal)), refusal);
    }

    /**
     * Where the record begins that the server means by a line of the COPY. It counts line ends of one kind inside of values: carriage returns, until
     * the first record has shown that lines end with line feeds alone.
     */
    private long lineOfRecord(long serverLine) throws SQLException {
        RecordCutter cutter = loading.cutter(batch);
        long counted = 0;
        int at = 0;
        while (true) {
            long line = cutter.line();
            int end = cut(cutter, at);
            counted += 1 + count(at, end, at > 0 && batch.lineEnd() == RecordCutter.LineEnd.LF ? '\n' : '\r');
            if (counted >= serverLine || end >= batch.length()) {
                return line;
            }
            at = end;
        }
    }

    /** How often a sign is in a record, without the line end of that. */
    private long count(int from, int end, char sign) {
        int to = end - 1;
        if (batch.lineEnd() == RecordCutter.LineEnd.CRLF && end - from > 1 && batch.bytes()[end - 1] == '\n') {
            to--;
        }
        long count = 0;
        for (int i = from; i < to; i++) {
            count += batch.bytes()[i] == sign ? 1 : 0;
        }
        return count;
    }

    private int cut(RecordCutter cutter, int at) throws SQLException {
        try {
            return cutter.cut(batch.bytes(), at, batch.length(), true);
        } catch (BrokenCsv e) {
            throw new SQLException(e.getMessage(), e);
        }
    }

    /** Loads what can be loaded, and sets the rest aside. */
    private long sort(SQLException refusal) throws SQLException {
        int[] ends = new int[batch.records()];
        long[] lines = new long[batch.records()];
        RecordCutter cutter = loading.cutter(batch);
        int at = 0;
        for (int i = 0; i < ends.length; i++) {
            lines[i] = cutter.line();
            at = cut(cutter, at);
            ends[i] = at;
        }
        return halve(ends, lines, 0, ends.length, refusal);
    }

    /** Loads records that were refused together. */
    private long halve(int[] ends, long[] lines, int from, int to, SQLException refusal) throws SQLException {
        if (to - from == 1) {
            int begin = from == 0 ? 0 : ends[from - 1];
            claim.reject(reject(lines[from], Arrays.copyOfRange(batch.bytes(), begin, ends[from]), refusal));
            return 0;
        }
        int middle = (from + to) >>> 1;
        return load(ends, lines, from, middle) + load(ends, lines, middle, to);
    }

    private long load(int[] ends, long[] lines, int from, int to) throws SQLException {
        Savepoint before = claim.target().setSavepoint();
        try {
            RowsIn copy = session.write(part);
            int end = ends[to - 1];
            for (int at = from == 0 ? 0 : ends[from - 1]; at < end; at += BinaryRelay.BATCH) {
                copy.write(batch.bytes(), at, Math.min(BinaryRelay.BATCH, end - at));
            }
            long rows = finish(copy);
            claim.target().releaseSavepoint(before);
            return rows;
        } catch (SQLException e) {
            SQLException refusal = data(e);
            claim.target().rollback(before);
            return halve(ends, lines, from, to, refusal);
        }
    }

    private CsvReject reject(long line, byte[] record, SQLException refusal) {
        ServerErrorMessage said = serverMessage(refusal);
        String reason = String.valueOf(said == null ? refusal.getMessage() : said.getMessage());
        if (said != null && said.getDetail() != null) {
            reason += ": " + said.getDetail();
        }
        Matcher place = place(said);
        if (place.find() && place.group(2) != null) {
            reason = "column " + place.group(2) + ": " + reason;
        }
        int length = record.length;
        while (length > 0 && (record[length - 1] == '\n' || record[length - 1] == '\r')) {
            length--;
        }
        return new CsvReject(
                loading.nameOf(batch),
                line,
                String.valueOf(refusal.getSQLState()),
                reason,
                Arrays.copyOf(record, length));
    }
}
