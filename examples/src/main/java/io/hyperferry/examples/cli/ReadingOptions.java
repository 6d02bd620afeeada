package io.hyperferry.examples.cli;

import io.hyperferry.Consistency;
import io.hyperferry.Export;
import io.hyperferry.Migration;
import picocli.CommandLine.Mixin;
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

    @Mixin
    PgToolsOptions tools = new PgToolsOptions();

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
        return migration.consistency(consistency).pgTools(tools.pgTools());
    }

    /** The export that reads so, likewise. */
    Export applyTo(Export export) {
        return export.consistency(consistency).pgTools(tools.pgTools());
    }
}
