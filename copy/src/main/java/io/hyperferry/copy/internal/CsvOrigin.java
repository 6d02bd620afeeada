package io.hyperferry.copy.internal;

import io.hyperferry.copy.CsvInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where CSV comes from: a file, or a stream that can be read once.
 *
 * @param name for people
 * @param size in bytes as it lies there; empty for what can be read but once
 */
public record CsvOrigin(
        String name, @Nullable Path path, @Nullable InputStream stream, OptionalLong size) {

    /**
     * These files.
     *
     * @throws CsvInputException when one cannot be read, or is there twice
     */
    public static List<CsvOrigin> of(List<Path> files) {
        if (files.isEmpty()) {
            throw new CsvInputException("no file is given: name at least one");
        }
        List<CsvOrigin> origins = new ArrayList<>();
        Set<Path> real = new HashSet<>();
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw new CsvInputException("there is no file " + file);
            }
            if (Files.isDirectory(file)) {
                throw new CsvInputException(file + " is a directory: name the files in it");
            }
            if (!Files.isReadable(file)) {
                throw new CsvInputException(file + " may not be read: give the user the right to read it");
            }
            try {
                if (!real.add(file.toRealPath())) {
                    throw new CsvInputException(file + " is given twice: name each file once");
                }
                OptionalLong size =
                        Files.isRegularFile(file) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
                origins.add(new CsvOrigin(file.toString(), file, null, size));
            } catch (IOException e) {
                throw new CsvInputException(file + " cannot be read: " + e.getMessage(), e);
            }
        }
        return origins;
    }

    /** A stream, which is not closed. */
    public static List<CsvOrigin> of(InputStream stream) {
        return List.of(new CsvOrigin("the input", null, stream, OptionalLong.empty()));
    }

    /** Whether it can be read more than once. */
    boolean lasts() {
        return size.isPresent();
    }

    CsvInput open(String encoding) throws IOException {
        if (path == null) {
            if (stream == null) {
                throw new IllegalStateException("neither a file nor a stream: " + name);
            }
            return new CsvInput(name, new Unclosed(stream), encoding);
        }
        InputStream opened = Files.newInputStream(path);
        try {
            return new CsvInput(name, opened, encoding);
        } catch (IOException | RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    private static final class Unclosed extends java.io.FilterInputStream {

        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // It is the caller's.
        }
    }
}
