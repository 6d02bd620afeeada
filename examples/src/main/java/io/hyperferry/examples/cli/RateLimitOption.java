package io.hyperferry.examples.cli;

import io.hyperferry.Migration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How fast rows may be copied. */
final class RateLimitOption {
    @Option(
            names = "--rate-limit",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Copy no more than this in a second, all workers of this process together: 500kB, 20MB, 1GiB."
                    + " Without it, as fast as it goes.")
    @Nullable
    Long rateLimit;

    /** The migration with this limit. */
    Migration applyTo(Migration migration) {
        return rateLimit == null ? migration : migration.rateLimit(rateLimit);
    }
}
