package io.hyperferry.catalog;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A policy or a user-defined action; TimescaleDB's own internal jobs are none.
 *
 * @param id the job's id on this server
 * @param procedure what it runs
 * @param relation the hypertable or continuous aggregate it works on, or null
 */
public record Job(int id, QualifiedName procedure, @Nullable QualifiedName relation) {
    public Job {
        Objects.requireNonNull(procedure, "procedure");
    }
}
