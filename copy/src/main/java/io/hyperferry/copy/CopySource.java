package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import io.hyperferry.copy.internal.DatabaseSource;
import io.hyperferry.copy.internal.FileSource;
import io.hyperferry.copy.internal.ReadSessions;
import java.nio.file.Path;
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

    /**
     * Reads files that a {@linkplain CopySink#files sink of files} wrote. What a {@linkplain CopyTask.Part#copyOut() part reads} is the name of a
     * file in the directory.
     */
    static CopySource files(Path directory) {
        return new FileSource(requireNonNull(directory, "directory"));
    }
}
