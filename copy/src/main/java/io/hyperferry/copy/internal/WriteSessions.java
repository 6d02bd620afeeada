package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopySink;
import java.sql.SQLException;

/** What every sink really is: something that opens sessions. */
public non-sealed interface WriteSessions extends CopySink {

    /** Opens a session for one worker. */
    WriteSession open() throws SQLException;
}
