package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import io.hyperferry.copy.internal.DatabaseSink;
import io.hyperferry.copy.internal.FileSink;
import io.hyperferry.copy.internal.WriteSessions;
import java.nio.file.Path;
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

    /**
     * Writes files, each of them what COPY sent, compressed with zstd. What a {@linkplain CopyTask.Part#copyIn() part writes} is the name of a
     * file in the directory; it ends in {@value #BINARY_FILE} for COPY's binary format, and in anything else for text. A file has its name
     * only when it is whole and on the disk; before that, its name ends in {@value #UNFINISHED}. A file of the same name is replaced.
     *
     * @param directory a directory that is there
     * @see CopyQueue#claim()
     * @see CopyClaim#filesWritten
     */
    static CopySink files(Path directory) {
        return new FileSink(requireNonNull(directory, "directory"));
    }

    /** How the names of files end that have COPY's binary format. */
    String BINARY_FILE = ".bin.zst";

    /** What the name of a file ends in while it is written. */
    String UNFINISHED = ".part";
}
