package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopySource;
import java.sql.SQLException;

/** What every source really is: something that opens sessions. */
public non-sealed interface ReadSessions extends CopySource {

    /** Opens a session for one worker. */
    ReadSession open() throws SQLException;
}
