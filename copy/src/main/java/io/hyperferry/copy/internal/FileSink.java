package io.hyperferry.copy.internal;

import com.github.luben.zstd.ZstdOutputStream;
import io.hyperferry.copy.CopiedFile;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopySink;
import io.hyperferry.copy.CopyTask;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows into files. */
public final class FileSink implements WriteSessions {

    private static final Logger LOG = LoggerFactory.getLogger(FileSink.class);

    private final Path directory;

    public FileSink(Path directory) {
        this.directory = directory;
    }

    @Override
    public WriteSession open() {
        return new Writing(directory);
    }

    private static final class Writing implements WriteSession {

        private final Path directory;
        private final List<RowFile> files = new ArrayList<>();

        Writing(Path directory) {
            this.directory = directory;
        }

        @Override
        public Optional<CopyClaim> claim(CopyQueue queue) throws SQLException {
            files.clear();
            return queue.claim();
        }

        @Override
        public void begin(CopyClaim claim) {}

        @Override
        public RowsIn write(CopyTask.Part part) throws SQLException {
            Path file = DataFiles.resolve(directory, part.copyIn());
            try {
                RowFile rows = new RowFile(file);
                files.add(rows);
                return rows;
            } catch (IOException e) {
                throw DataFiles.failure(file, e);
            }
        }

        @Override
        public void finish(CopyClaim claim, CopyResult result) throws SQLException {
            List<CopiedFile> written = new ArrayList<>();
            for (RowFile file : files) {
                written.add(file.named());
            }
            if (!written.isEmpty()) {
                try {
                    DataFiles.force(directory);
                } catch (IOException e) {
                    throw DataFiles.failure(directory, e);
                }
            }
            claim.filesWritten(written, result);
            files.clear();
        }

        @Override
        public void commit() {}

        @Override
        public void discard() {
            files.forEach(RowFile::discard);
            files.clear();
        }
    }

    /** One file while it is written. */
    private static final class RowFile implements RowsIn {

        private final Path file;
        private final Path unfinished;
        private final MessageDigest digest;
        private final OutputStream out;

        RowFile(Path file) throws IOException {
            this.file = file;
            this.unfinished = file.resolveSibling(file.getFileName() + CopySink.UNFINISHED);
            this.digest = sha256();
            OutputStream raw = Files.newOutputStream(unfinished);
            try {
                this.out = new ZstdOutputStream(new DigestOutputStream(raw, digest)).setChecksum(true);
            } catch (IOException | RuntimeException | Error e) {
                raw.close();
                throw e;
            }
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        @Override
        public boolean binary() {
            return DataFiles.isBinary(file.getFileName().toString());
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws SQLException {
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                throw DataFiles.failure(file, e);
            }
        }

        @Override
        public long end() throws SQLException {
            try {
                out.close();
                try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                    written.force(true);
                }
                return UNCOUNTED;
            } catch (IOException e) {
                throw DataFiles.failure(file, e);
            }
        }

        CopiedFile named() throws SQLException {
            try {
                long bytes = Files.size(unfinished);
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return new CopiedFile(
                        file.getFileName().toString(), bytes, HexFormat.of().formatHex(digest.digest()));
            } catch (IOException e) {
                throw DataFiles.failure(file, e);
            }
        }

        void discard() {
            try {
                out.close();
            } catch (IOException e) {
                LOG.debug("Closing a file that is given up said", e);
            }
            try {
                Files.deleteIfExists(unfinished);
            } catch (IOException e) {
                LOG.debug("A file that was given up was not removed", e);
            }
        }
    }
}
