package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopyTask;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** Rows into a PostgreSQL database. */
public final class DatabaseSink implements WriteSessions {

    private final DataSource dataSource;

    public DatabaseSink(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public WriteSession open() throws SQLException {
        return new Writing(DatabaseSession.open(dataSource));
    }

    private static final class Writing implements WriteSession {

        private final DatabaseSession session;

        Writing(DatabaseSession session) {
            this.session = session;
        }

        @Override
        public Optional<CopyClaim> claim(CopyQueue queue) throws SQLException {
            session.begin();
            Optional<CopyClaim> claim = queue.claim(session.connection());
            if (claim.isEmpty()) {
                session.rollback();
            }
            return claim;
        }

        @Override
        public void begin(CopyClaim claim) throws SQLException {
            claim.beforeWrite(session.connection());
        }

        @Override
        public RowsIn write(CopyTask.Part part) throws SQLException {
            return session.copyIn(part.copyIn());
        }

        @Override
        public void finish(CopyClaim claim, CopyResult result) throws SQLException {
            claim.beforeCommit(session.connection(), result);
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
