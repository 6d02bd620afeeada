package io.hyperferry.examples.cli;

import io.hyperferry.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the data is. */
final class SourceOption {
    @Option(
            names = "--source",
            paramLabel = "URL",
            description = "Where the data is: postgres://user:password@host:port/database or jdbc:postgresql://…; else"
                    + " the variable HYPERFERRY_SOURCE. A password that a URL lacks is taken from PGPASSWORD or the"
                    + " password file.")
    @Nullable
    String source;

    Database database(Console console) {
        return SideOptions.database("source", source, console);
    }
}
