package io.hyperferry.copy.internal;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Rows on their way out. */
public interface RowsOut {

    /** Whether the bytes are in COPY's binary format. */
    boolean binary();

    /** The next bytes, about a row; null after the last ones. */
    byte @Nullable [] next() throws SQLException;

    /** How many rows were sent, once there are no more; {@link RowsIn#UNCOUNTED} of who has counted none. */
    long rows();
}
