package io.hyperferry.examples.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where an export lies. */
final class DirectoryOption {
    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "The directory of the export; export makes it when it is not there.")
    @Nullable
    Path directory;

    /** @throws UsageException when none is given */
    Path path() {
        if (directory == null) {
            throw new UsageException("no directory is given: use --directory DIR");
        }
        return directory;
    }
}
