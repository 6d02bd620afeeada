package io.hyperferry.examples.cli;

import io.hyperferry.PgTools;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where PostgreSQL's tools are. */
final class PgToolsOptions {
    @ArgGroup
    @Nullable
    Place place;

    /** One of two ways to say it. */
    static final class Place {
        @Option(
                names = "--pg-tools",
                paramLabel = "DIR",
                description = "The directory of pg_dump and pg_restore; without it, the search path.")
        @Nullable
        Path directory;

        @Option(
                names = "--pg-tools-command",
                paramLabel = "COMMAND",
                description = "A command that a tool's name and arguments can follow, for example \"docker run --rm -i"
                        + " --network host -e PGPASSWORD postgres:17\". Data goes through its standard input and"
                        + " output, the password through the variable PGPASSWORD.")
        @Nullable
        String command;
    }

    /**
     * The tools.
     *
     * @throws UsageException when one of the options cannot be used
     */
    PgTools pgTools() {
        if (place == null) {
            return PgTools.onPath();
        }
        if (place.directory != null) {
            return PgTools.in(place.directory);
        }
        List<String> words = words(place.command == null ? "" : place.command);
        if (words.isEmpty()) {
            throw new UsageException("--pg-tools-command is empty; leave it away to use the tools on the search path");
        }
        return PgTools.command(words.toArray(String[]::new));
    }

    private static List<String> words(String command) {
        try {
            return CommandWords.split(command);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--pg-tools-command cannot be split into words: " + e.getMessage());
        }
    }
}
