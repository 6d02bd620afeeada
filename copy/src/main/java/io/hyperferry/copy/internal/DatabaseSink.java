package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopyTask;
import java.sql.Connection;
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
        return DatabaseSession.open(dataSource, Writing::new);
    }

    private static final class Writing extends DatabaseSession implements WriteSession {

        Writing(Connection connection) throws SQLException {
            super(connection);
        }

        @Override
        public Optional<CopyClaim> claim(CopyQueue queue) throws SQLException {
            begin();
            Optional<CopyClaim> claim = queue.claim(connection());
            if (claim.isEmpty()) {
                rollback();
            }
            return claim;
        }

        @Override
        public void begin(CopyClaim claim) throws SQLException {
            claim.beforeWrite(connection());
        }

        @Override
        public RowsIn write(CopyTask.Part part) throws SQLException {
            return copyIn(part.copyIn());
        }

        @Override
        public void finish(CopyClaim claim, CopyResult result) throws SQLException {
            claim.beforeCommit(connection(), result);
        }
    }
}
