package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import io.hyperferry.copy.internal.DatabaseSink;
import io.hyperferry.copy.internal.WriteSessions;
import javax.sql.DataSource;

/** Where rows go. Immutable and thread-safe. */
public sealed interface CopySink permits WriteSessions {

    /**
     * Writes to a PostgreSQL database. Connections are taken and given back as {@link CopySource#database} says.
     *
     * @param dataSource connections that unwrap to {@code org.postgresql.PGConnection}
     */
    static CopySink database(DataSource dataSource) {
        return new DatabaseSink(requireNonNull(dataSource, "dataSource"));
    }
}
