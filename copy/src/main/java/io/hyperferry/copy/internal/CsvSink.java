package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopyTask;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes batches to a database, and knows what to do when the server refuses records. */
final class CsvSink implements WriteSessions {

    private final WriteSessions database;
    private final CsvLoading loading;

    CsvSink(WriteSessions database, CsvLoading loading) {
        this.database = database;
        this.loading = loading;
    }

    @Override
    public WriteSession open() throws SQLException {
        return new Writing(database.open(), loading);
    }

    private static final class Writing implements WriteSession {

        private final WriteSession session;
        private final CsvLoading loading;
        private @Nullable CsvClaim claim;

        Writing(WriteSession session, CsvLoading loading) {
            this.session = session;
            this.loading = loading;
        }

        @Override
        public Optional<CopyClaim> claim(CopyQueue queue) throws SQLException {
            return session.claim(queue);
        }

        @Override
        public void begin(CopyClaim claim) throws SQLException {
            this.claim = CsvSource.claim(claim);
            session.begin(claim);
        }

        @Override
        public RowsIn write(CopyTask.Part part) throws SQLException {
            if (claim == null) {
                throw new IllegalStateException("nothing was begun");
            }
            return new BatchWriter(loading, claim, session, part).begin();
        }

        @Override
        public void finish(CopyClaim claim, CopyResult result) throws SQLException {
            session.finish(claim, result);
        }

        @Override
        public void commit() throws SQLException {
            session.commit();
        }

        @Override
        public void cancel() {
            session.cancel();
        }

        @Override
        public void abort() {
            session.abort();
        }

        @Override
        public void handBack() {
            session.handBack();
        }

        @Override
        public void discard() {
            session.discard();
        }
    }
}
