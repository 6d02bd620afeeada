package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyClaim.BeforeRead;
import io.hyperferry.copy.CopyTask;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Rows from a PostgreSQL database. */
public final class DatabaseSource implements ReadSessions {

    private final DataSource dataSource;

    public DatabaseSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public ReadSession open() throws SQLException {
        return new Reading(DatabaseSession.open(dataSource));
    }

    private static final class Reading implements ReadSession {

        private final DatabaseSession session;

        Reading(DatabaseSession session) {
            this.session = session;
        }

        @Override
        public boolean begin(CopyClaim claim) throws SQLException {
            session.begin();
            BeforeRead decision = claim.beforeRead(session.connection());
            while (decision == BeforeRead.BEGIN_AGAIN) {
                session.rollback();
                session.begin();
                decision = claim.beforeRead(session.connection());
            }
            return decision == BeforeRead.READ;
        }

        @Override
        public RowsOut read(CopyTask.Part part) throws SQLException {
            return session.copyOut(part.copyOut());
        }

        @Override
        public void finish(CopyClaim claim) throws SQLException {
            claim.afterRead(session.connection());
        }

        @Override
        public void end() throws SQLException {
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
