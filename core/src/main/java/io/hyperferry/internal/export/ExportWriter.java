package io.hyperferry.internal.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperferry.CatalogJson;
import io.hyperferry.MigrationPlan;
import io.hyperferry.PreflightException;
import io.hyperferry.Problem;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.schema.SchemaDump.Texts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes an export, or goes on with one; one process at a time. Thread-safe where slices are written. */
public final class ExportWriter implements AutoCloseable {
    private static final Set<String> OURS = Set.of(
            ExportFiles.HEAD,
            ExportFiles.CATALOG,
            ExportFiles.MAPPED_CATALOG,
            ExportFiles.PRE_DATA,
            ExportFiles.POST_DATA,
            ExportFiles.LISTING,
            ExportFiles.SLICES,
            ExportFiles.ROWS,
            ExportFiles.FINISHED,
            ExportFiles.LOCK);

    private final ExportFiles files;
    private final FileChannel lock;
    private final Map<Integer, ExportedSlice> done = new HashMap<>();
    private @Nullable FileChannel slices;

    private ExportWriter(ExportFiles files, FileChannel lock) {
        this.files = files;
        this.lock = lock;
    }

    /**
     * Takes a directory, which is made when it is not there. Nobody else can read in a directory that is made here.
     *
     * @throws PreflightException when it cannot be used: it is no directory, has something else in it, or another process exports into it
     */
    public static ExportWriter open(Path directory) {
        ExportFiles files = new ExportFiles(directory);
        try {
            if (!Files.isDirectory(files.directory())) {
                Files.createDirectories(files.directory(), onlyOwner(files.directory()));
            }
            refuseOthers(files);
            FileChannel lock =
                    FileChannel.open(files.path(ExportFiles.LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isLocked(lock)) {
                lock.close();
                throw refusal(
                        files, "another process exports into it.", "Wait for its end, or name another directory.");
            }
            return new ExportWriter(files, lock);
        } catch (IOException e) {
            throw refusal(
                    files,
                    "it cannot be written to: " + e + ".",
                    "Name a directory that this user may write to; it is made when it is not there.");
        }
    }

    private static FileAttribute<?>[] onlyOwner(Path directory) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isLocked(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void refuseOthers(ExportFiles files) throws IOException {
        List<String> others;
        try (Stream<Path> entries = Files.list(files.directory())) {
            others = entries.map(it -> it.getFileName().toString())
                    .filter(it -> !OURS.contains(it) && !it.endsWith(".part"))
                    .sorted()
                    .limit(3)
                    .toList();
        }
        if (!others.isEmpty()) {
            throw refusal(
                    files,
                    "it is not empty: it has " + String.join(", ", others) + ".",
                    "Name an empty directory, one that is not there yet, or one with an export to go on with.");
        }
    }

    private static PreflightException refusal(ExportFiles files, String what, String remedy) {
        return new PreflightException(List.of(Problem.blocking(
                Problem.Code.EXPORT_DIRECTORY,
                files.directory().toString(),
                "nothing can be exported into " + files.directory() + ": " + what,
                remedy)));
    }

    /**
     * The plan that was frozen here, when there is an export to go on with.
     *
     * @throws PreflightException when what is there cannot be read
     */
    public @Nullable MigrationPlan frozen() {
        if (!files.has(ExportFiles.HEAD)) {
            return null;
        }
        try {
            MigrationPlan plan = ExportReader.head(files).plan();
            for (String line : lines()) {
                ExportedSlice slice = ExportedSlice.of(ExportFiles.parse(line));
                done.put(slice.position(), slice);
            }
            return plan;
        } catch (IOException | IllegalArgumentException e) {
            throw refusal(
                    files,
                    "the export that is there cannot be gone on with: " + e.getMessage() + ".",
                    "Remove it, or name another directory.");
        }
    }

    /** The lines that are whole: what follows the last end of a line was cut off by a crash, and its slice is written again. */
    private List<String> lines() throws IOException {
        if (!files.has(ExportFiles.SLICES)) {
            return List.of();
        }
        String text = files.read(ExportFiles.SLICES);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** Whether the export has come to its end already. */
    public boolean isFinished() {
        return files.has(ExportFiles.FINISHED);
    }

    /** The slices that are there, by position. */
    public Map<Integer, ExportedSlice> done() {
        return Map.copyOf(done);
    }

    /**
     * Freezes what is exported.
     *
     * @param catalog the source's structure
     * @param mapped the same with roles as they are called on the target
     */
    public void freeze(MigrationPlan plan, DatabaseCatalog catalog, DatabaseCatalog mapped, Texts schema)
            throws IOException {
        Files.deleteIfExists(files.path(ExportFiles.SLICES));
        files.write(ExportFiles.CATALOG, CatalogJson.write(catalog));
        files.write(ExportFiles.MAPPED_CATALOG, CatalogJson.write(mapped));
        files.write(ExportFiles.PRE_DATA, schema.preData());
        files.write(ExportFiles.POST_DATA, schema.postData());
        files.write(ExportFiles.LISTING, schema.listing());
        ObjectNode head = ExportFiles.object();
        head.put("version", ExportFiles.VERSION);
        head.put("export", String.valueOf(plan.options().export()));
        head.put("frozenAt", Instant.now().toString());
        head.set("document", ExportFiles.parse(plan.toJson()));
        files.write(ExportFiles.HEAD, ExportFiles.pretty(head));
    }

    /** The directory into which rows are written. */
    public Path rows() throws IOException {
        return Files.createDirectories(files.rows());
    }

    /** Notes a slice, whose files are whole. */
    public synchronized void add(ExportedSlice slice) throws IOException {
        FileChannel list = slices;
        if (list == null) {
            list = FileChannel.open(
                    files.path(ExportFiles.SLICES), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            // Whatever a crash left of a line goes.
            list.truncate(lines().stream()
                    .mapToLong(it -> it.getBytes(StandardCharsets.UTF_8).length + 1L)
                    .sum());
            list.position(list.size());
            slices = list;
        }
        ByteBuffer line = ByteBuffer.wrap((slice.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
            list.write(line);
        }
        list.force(true);
        done.put(slice.position(), slice);
    }

    /** Ends the export. */
    public synchronized void finish(MigrationPlan plan, Map<QualifiedName, SequenceState> sequences)
            throws IOException {
        if (!files.has(ExportFiles.SLICES)) {
            files.write(ExportFiles.SLICES, "");
        }
        ObjectNode finished = ExportFiles.object();
        finished.put("version", ExportFiles.VERSION);
        finished.put("export", String.valueOf(plan.options().export()));
        finished.put("finishedAt", Instant.now().toString());
        ArrayNode standing = finished.putArray("sequences");
        sequences.forEach((name, state) -> standing.addObject()
                .put("schema", name.schema())
                .put("name", name.name())
                .put("lastValue", state.lastValue())
                .put("called", state.called()));
        ObjectNode checksums = finished.putObject("sha256");
        for (String each : ExportFiles.FROZEN) {
            checksums.put(each, ExportFiles.sha256(files.path(each)));
        }
        checksums.put(ExportFiles.SLICES, ExportFiles.sha256(files.path(ExportFiles.SLICES)));
        files.write(ExportFiles.FINISHED, ExportFiles.pretty((JsonNode) finished));
    }

    @Override
    public void close() {
        try (lock) {
            if (slices != null) {
                slices.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
