package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import io.hyperferry.copy.internal.DatabaseSource;
import io.hyperferry.copy.internal.ReadSessions;
import javax.sql.DataSource;

/** Where rows come from. Immutable and thread-safe. */
public sealed interface CopySource permits ReadSessions {

    /**
     * Reads from a PostgreSQL database. Each worker takes one connection when it starts and gives it back when it
     * ends, as it was; after a failure or a cancellation the connection is aborted before it is closed, so that a pool
     * drops it. The data source stays the caller's and is never closed.
     *
     * @param dataSource connections that unwrap to {@code org.postgresql.PGConnection}
     */
    static CopySource database(DataSource dataSource) {
        return new DatabaseSource(requireNonNull(dataSource, "dataSource"));
    }
}
