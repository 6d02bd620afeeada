package io.hyperferry.copy;

import java.util.Objects;

/**
 * A file that a {@linkplain CopySink#files sink of files} wrote.
 *
 * @param name its name in the directory
 * @param bytes its size
 * @param sha256 the SHA-256 of its bytes, in hexadecimal digits
 */
public record CopiedFile(String name, long bytes, String sha256) {
    public CopiedFile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(sha256, "sha256");
    }
}
