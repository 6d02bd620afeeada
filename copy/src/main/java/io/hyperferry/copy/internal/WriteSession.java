package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopyTask;
import java.sql.SQLException;
import java.util.Optional;

/** A session that writes. */
public interface WriteSession extends Session {

    /** Claims a task in a new transaction, which is over again when there is none. */
    Optional<CopyClaim> claim(CopyQueue queue) throws SQLException;

    /** Lets the claim prepare the transaction that it was made in. */
    void begin(CopyClaim claim) throws SQLException;

    /** Starts to write a part. */
    RowsIn write(CopyTask.Part part) throws SQLException;

    /** Lets the claim write its mark. */
    void finish(CopyClaim claim, CopyResult result) throws SQLException;

    /** Commits. */
    void commit() throws SQLException;
}
