package io.hyperferry.internal.export;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperferry.CatalogJson;
import io.hyperferry.MigrationPlan;
import io.hyperferry.PreflightException;
import io.hyperferry.Problem;
import io.hyperferry.Slice;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Sequence;
import io.hyperferry.copy.CopiedFile;
import io.hyperferry.internal.schema.SchemaDump.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An export that is whole: all of its files were compared with their checksums. Immutable. */
public final class ExportReader {
    /** As many damaged files are named one by one: they say enough of a directory that was lost. */
    private static final int NAMED = 10;

    private final ExportFiles files;
    private final MigrationPlan plan;
    private final DatabaseCatalog catalog;
    private final DatabaseCatalog mapped;
    private final Texts schema;
    private final Map<Integer, ExportedSlice> slices;
    private final Map<QualifiedName, SequenceState> sequences;

    private ExportReader(
            ExportFiles files,
            MigrationPlan plan,
            DatabaseCatalog catalog,
            DatabaseCatalog mapped,
            Texts schema,
            Map<Integer, ExportedSlice> slices,
            Map<QualifiedName, SequenceState> sequences) {
        this.files = files;
        this.plan = plan;
        this.catalog = catalog;
        this.mapped = mapped;
        this.schema = schema;
        this.slices = Map.copyOf(slices);
        this.sequences = Map.copyOf(sequences);
    }

    /** What is asked while files are read, so that reading can be given up. */
    public interface Check {
        /** Throws to give up. */
        void check();
    }

    /**
     * Opens an export, and compares all of its files with their checksums.
     *
     * @param check asked before each file
     * @throws PreflightException when it is not there, not finished, damaged, or mixed with another; it names what is wrong, and of very many files how many
     */
    public static ExportReader open(Path directory, Check check) {
        ExportFiles files = new ExportFiles(directory);
        if (!files.has(ExportFiles.HEAD)) {
            throw refused(List.of(Problem.blocking(
                    Problem.Code.EXPORT_MISSING,
                    files.directory().toString(),
                    "there is no export in " + files.directory() + " (no file " + ExportFiles.HEAD + ").",
                    "Name the directory that an export was written to.")));
        }
        if (!files.has(ExportFiles.FINISHED)) {
            throw refused(List.of(Problem.blocking(
                    Problem.Code.EXPORT_NOT_FINISHED,
                    files.directory().toString(),
                    "the export in " + files.directory() + " has not come to its end.",
                    "Run the export again: it goes on where it stopped.")));
        }
        try {
            return read(files, check);
        } catch (IOException | IllegalArgumentException e) {
            throw refused(List.of(damaged(files.directory().toString(), "it cannot be read: " + e + ".")));
        }
    }

    private static ExportReader read(ExportFiles files, Check check) throws IOException {
        Head head = head(files);
        JsonNode finished = ExportFiles.parse(files.read(ExportFiles.FINISHED));
        requireVersion(finished, ExportFiles.FINISHED);
        if (!head.id().equals(finished.path("export").asText())) {
            throw refused(List.of(damaged(
                    ExportFiles.FINISHED,
                    "it belongs to another export than " + ExportFiles.HEAD + " ("
                            + finished.path("export").asText() + " and " + head.id() + ").")));
        }
        List<Problem> problems = new ArrayList<>();
        List<String> listed = new ArrayList<>(ExportFiles.FROZEN);
        listed.add(ExportFiles.SLICES);
        for (String each : listed) {
            compare(
                    files.path(each),
                    each,
                    -1,
                    finished.path("sha256").path(each).asText(),
                    problems);
        }
        if (!problems.isEmpty()) {
            throw refused(problems);
        }
        Map<Integer, ExportedSlice> slices = new HashMap<>();
        for (String line : files.read(ExportFiles.SLICES).lines().toList()) {
            ExportedSlice slice = ExportedSlice.of(ExportFiles.parse(line));
            slices.put(slice.position(), slice);
        }
        MigrationPlan plan = head.plan();
        for (Slice slice : plan.slices().toList()) {
            check.check();
            @Nullable ExportedSlice exported = slices.get(slice.position());
            if (exported == null) {
                problems.add(damaged(ExportFiles.SLICES, "slice " + slice.position() + " of the plan is not in it."));
            } else {
                for (CopiedFile file : exported.files()) {
                    String name = ExportFiles.ROWS + "/" + file.name();
                    compare(files.rows().resolve(file.name()), name, file.bytes(), file.sha256(), problems);
                }
            }
        }
        if (!problems.isEmpty()) {
            throw refused(problems);
        }
        return new ExportReader(
                files,
                plan,
                CatalogJson.read(files.read(ExportFiles.CATALOG)),
                CatalogJson.read(files.read(ExportFiles.MAPPED_CATALOG)),
                new Texts(
                        files.read(ExportFiles.PRE_DATA),
                        files.read(ExportFiles.POST_DATA),
                        files.read(ExportFiles.LISTING)),
                slices,
                sequences(finished));
    }

    private static Map<QualifiedName, SequenceState> sequences(JsonNode finished) {
        Map<QualifiedName, SequenceState> sequences = new HashMap<>();
        for (JsonNode each : finished.path("sequences")) {
            sequences.put(
                    QualifiedName.of(
                            each.path("schema").asText(), each.path("name").asText()),
                    new SequenceState(
                            each.path("lastValue").longValue(),
                            each.path("called").asBoolean()));
        }
        return sequences;
    }

    /** @param bytes its size, or less than 0 when only the checksum says something */
    private static void compare(Path file, String name, long bytes, String sha256, List<Problem> problems)
            throws IOException {
        if (!Files.isRegularFile(file)) {
            problems.add(damaged(name, "it is missing."));
        } else if (bytes >= 0 && Files.size(file) != bytes) {
            problems.add(damaged(name, "it has " + Files.size(file) + " bytes instead of " + bytes + "."));
        } else if (!ExportFiles.sha256(file).equals(sha256)) {
            problems.add(damaged(name, "its content is not what was exported (another SHA-256)."));
        }
    }

    private static Problem damaged(String object, String what) {
        return Problem.blocking(
                Problem.Code.EXPORT_DAMAGED,
                object,
                "a file of the export is damaged: " + object + ": " + what,
                "Copy it again from where it was exported, with all files of the same export, or export again.");
    }

    private static PreflightException refused(List<Problem> problems) {
        if (problems.size() <= NAMED) {
            return new PreflightException(problems);
        }
        List<Problem> named = new ArrayList<>(problems.subList(0, NAMED));
        named.add(damaged(ExportFiles.ROWS, (problems.size() - NAMED) + " more files are damaged."));
        return new PreflightException(named);
    }

    /** What an export begins with. */
    record Head(String id, MigrationPlan plan) {}

    /**
     * Reads what an export begins with.
     *
     * @throws IllegalArgumentException when it is not that, or of another version
     */
    static Head head(ExportFiles files) throws IOException {
        JsonNode head = ExportFiles.parse(files.read(ExportFiles.HEAD));
        requireVersion(head, ExportFiles.HEAD);
        MigrationPlan plan = MigrationPlan.fromJson(head.path("document").toString());
        String id = head.path("export").asText();
        if (!id.equals(plan.options().export())) {
            throw new IllegalArgumentException(ExportFiles.HEAD + " has the plan of another export");
        }
        return new Head(id, plan);
    }

    private static void requireVersion(JsonNode document, String name) {
        int version = document.path("version").asInt(-1);
        if (version != ExportFiles.VERSION) {
            throw new IllegalArgumentException(name + " is of "
                    + (version < 0 ? "no version" : "version " + version) + ", not of version "
                    + ExportFiles.VERSION + ": import it with the Hyperferry that exported it");
        }
    }

    /** The plan by which it was exported. */
    public MigrationPlan plan() {
        return plan;
    }

    /** The source's structure when the plan was made. */
    public DatabaseCatalog catalog() {
        return catalog;
    }

    /** The source's structure with roles as they are called on the target, and sequences as they stood when the last row was read. */
    public DatabaseCatalog exported() {
        return mapped.toBuilder()
                .sequences(mapped.sequences().stream().map(this::standing).toList())
                .build();
    }

    private Sequence standing(Sequence sequence) {
        @Nullable SequenceState state = sequences.get(sequence.name());
        return state == null
                ? sequence
                : new Sequence(
                        sequence.name(), state.lastValue(), state.called(), sequence.ownedBy(), sequence.readable());
    }

    /** The dumped schema. */
    public Texts schema() {
        return schema;
    }

    /** Where a sequence stood when the last row was read. */
    public SequenceState sequence(QualifiedName name) {
        return Objects.requireNonNull(sequences.get(name), "a sequence of the plan");
    }

    /** A slice of the plan. */
    public ExportedSlice slice(int position) {
        return Objects.requireNonNull(slices.get(position), "a slice of the plan");
    }

    /** The directory of the files with rows. */
    public Path rows() {
        return files.rows();
    }
}
