package io.hyperferry.copy.internal;

import com.github.luben.zstd.ZstdInputStream;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyTask;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Rows from files. */
public final class FileSource implements ReadSessions {

    private final Path directory;

    public FileSource(Path directory) {
        this.directory = directory;
    }

    @Override
    public ReadSession open() {
        return new Reading(directory);
    }

    private static final class Reading implements ReadSession {

        private final Path directory;
        private @Nullable FileRows open;

        Reading(Path directory) {
            this.directory = directory;
        }

        @Override
        public boolean begin(CopyClaim claim) {
            return true;
        }

        @Override
        public RowsOut read(CopyTask.Part part) throws SQLException {
            Path file = DataFiles.resolve(directory, part.copyOut());
            close();
            try {
                open = new FileRows(file);
                return open;
            } catch (IOException e) {
                throw DataFiles.failure(file, e);
            }
        }

        @Override
        public void finish(CopyClaim claim) {}

        @Override
        public void end() throws SQLException {
            close();
        }

        private void close() throws SQLException {
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    throw DataFiles.failure(open.file, e);
                }
                open = null;
            }
        }

        @Override
        public void discard() {
            try {
                close();
            } catch (SQLException e) {
                open = null;
            }
        }
    }

    /** The rows of one file. */
    private static final class FileRows implements RowsOut, AutoCloseable {

        private final Path file;
        private final InputStream in;

        /** The relay is done with it before it asks for more. */
        private final byte[] buffer = new byte[BinaryRelay.BATCH];

        FileRows(Path file) throws IOException {
            this.file = file;
            InputStream compressed = Files.newInputStream(file);
            try {
                this.in = new ZstdInputStream(compressed);
            } catch (IOException | RuntimeException | Error e) {
                compressed.close();
                throw e;
            }
        }

        @Override
        public boolean binary() {
            return DataFiles.isBinary(file.getFileName().toString());
        }

        @Override
        public byte @Nullable [] next() throws SQLException {
            try {
                int filled = in.readNBytes(buffer, 0, buffer.length);
                if (filled == buffer.length) {
                    return buffer;
                }
                return filled == 0 ? null : Arrays.copyOf(buffer, filled);
            } catch (IOException e) {
                throw DataFiles.failure(file, e);
            }
        }

        @Override
        public long rows() {
            return RowsIn.UNCOUNTED;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
