package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyTask;
import java.sql.SQLException;

/** A session that reads. */
public interface ReadSession extends Session {

    /**
     * Begins a transaction for this claim.
     *
     * @return false when there is nothing to read
     */
    boolean begin(CopyClaim claim) throws SQLException;

    /** Starts to read a part. */
    RowsOut read(CopyTask.Part part) throws SQLException;

    /** Lets the claim look once more, after everything was read. */
    void finish(CopyClaim claim) throws SQLException;

    /** Ends the transaction. */
    void end() throws SQLException;
}
