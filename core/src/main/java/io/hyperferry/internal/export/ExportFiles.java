package io.hyperferry.internal.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Where what of an export lies. {@code export.json} is written when the plan is frozen, {@code slices.jsonl} grows by a line with each slice
 * whose files are whole, and {@code finished.json}, which has the checksums of all else that is no slice, comes last. So it can be told at any
 * time how far an export is.
 */
final class ExportFiles {
    /** Grows when a reader of the old form could no longer read the new one. */
    static final int VERSION = 3;

    static final String HEAD = "export.json";
    static final String CATALOG = "catalog.json";
    static final String MAPPED_CATALOG = "catalog-roles-mapped.json";
    static final String PRE_DATA = "schema-pre-data.sql";
    static final String POST_DATA = "schema-post-data.sql";
    static final String LISTING = "schema-contents.txt";
    static final String SLICES = "slices.jsonl";
    static final String ROWS = "rows";
    static final String FINISHED = "finished.json";
    static final String LOCK = "export.lock";

    /** What is written before the first row is read, and has to be there when the export goes on. */
    static final List<String> FROZEN = List.of(CATALOG, MAPPED_CATALOG, PRE_DATA, POST_DATA, LISTING, HEAD);

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int BUFFER = 1 << 20;

    private final Path directory;

    ExportFiles(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    Path directory() {
        return directory;
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    /** The directory of the files with rows. */
    Path rows() {
        return directory.resolve(ROWS);
    }

    boolean has(String name) {
        return Files.exists(path(name));
    }

    String read(String name) throws IOException {
        return Files.readString(path(name), StandardCharsets.UTF_8);
    }

    /** Writes a file that is there as a whole or not at all, also when the machine loses its power. */
    void write(String name, String text) throws IOException {
        Path unfinished = path(name + ".part");
        Files.writeString(unfinished, text, StandardCharsets.UTF_8);
        try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.move(unfinished, path(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * JSON from its text.
     *
     * @throws IllegalArgumentException when it is none
     */
    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
        }
    }

    static String pretty(JsonNode node) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("could not be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** The SHA-256 of a file, in hexadecimal digits. */
    static String sha256(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            int read;
            do {
                read = in.read(buffer);
            } while (read >= 0);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
