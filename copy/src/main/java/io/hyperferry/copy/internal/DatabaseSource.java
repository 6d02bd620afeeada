package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyClaim.BeforeRead;
import io.hyperferry.copy.CopyTask;
import java.sql.Connection;
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
        return DatabaseSession.open(dataSource, Reading::new);
    }

    private static final class Reading extends DatabaseSession implements ReadSession {

        Reading(Connection connection) throws SQLException {
            super(connection);
        }

        @Override
        public boolean begin(CopyClaim claim) throws SQLException {
            begin();
            BeforeRead decision = claim.beforeRead(connection());
            while (decision == BeforeRead.BEGIN_AGAIN) {
                rollback();
                begin();
                decision = claim.beforeRead(connection());
            }
            return decision == BeforeRead.READ;
        }

        @Override
        public RowsOut read(CopyTask.Part part) throws SQLException {
            return copyOut(part.copyOut());
        }

        @Override
        public void finish(CopyClaim claim) throws SQLException {
            claim.afterRead(connection());
        }

        @Override
        public void end() throws SQLException {
            commit();
        }
    }
}
