package io.hyperferry.examples.cli;

import io.hyperferry.Migration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What becomes of things on the target. */
final class ArrivalOptions {
    @Option(
            names = "--max-uncompressed",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description =
                    "Begin no other chunk that is to be compressed while this much waits for it on the target: 500MB, 20GB."
                            + " One chunk a worker can lie there besides.")
    @Nullable
    Long maxUncompressed;

    @Option(
            names = "--keep-owners",
            description =
                    "Objects belong to the roles that own them on the source; without it, to the role that migrates.")
    boolean keepOwners;

    /** The migration with these options. */
    Migration applyTo(Migration migration) {
        Migration arriving = maxUncompressed == null ? migration : migration.maxUncompressed(maxUncompressed);
        return keepOwners ? arriving.keepOwners() : arriving;
    }
}
