package io.hyperferry.examples.cli;

import io.hyperferry.Consistency;
import io.hyperferry.Export;
import io.hyperferry.Migration;
import io.hyperferry.PgTools;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How the source is read, and where PostgreSQL's tools are. */
final class ReadingOptions {
    @Option(
            names = "--consistency",
            paramLabel = "MODE",
            converter = ConsistencyConverter.class,
            defaultValue = "snapshot",
            description = "Which moment of the source is read: snapshot, one for all, or each-slice, its own for each"
                    + " slice (default: ${DEFAULT-VALUE}).")
    Consistency consistency = Consistency.SNAPSHOT;

    @ArgGroup
    @Nullable
    Tools tools;

    /** One of two ways to say where the tools are. */
    static final class Tools {
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

    /** The words of the command line for which moment is read. */
    static final class ConsistencyConverter extends WordConverter<Consistency> {
        ConsistencyConverter() {
            super(Consistency.values());
        }
    }

    /**
     * The migration that reads so.
     *
     * @throws UsageException when one of the options cannot be used
     */
    Migration applyTo(Migration migration) {
        return migration.consistency(consistency).pgTools(pgTools());
    }

    /** The export that reads so, likewise. */
    Export applyTo(Export export) {
        return export.consistency(consistency).pgTools(pgTools());
    }

    private PgTools pgTools() {
        if (tools == null) {
            return PgTools.onPath();
        }
        if (tools.directory != null) {
            return PgTools.in(tools.directory);
        }
        List<String> words = words(tools.command == null ? "" : tools.command);
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
