package io.hyperferry.examples.cli;

import io.hyperferry.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the data goes. */
final class TargetOption {
    @Option(
            names = "--target",
            paramLabel = "URL",
            description = "Where the data goes: postgres://user:password@host:port/database or jdbc:postgresql://…;"
                    + " else the variable HYPERFERRY_TARGET.")
    @Nullable
    String target;

    Database database(Console console) {
        return SideOptions.database("target", target, console);
    }
}
