package io.hyperferry.catalog;

import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The TimescaleDB extension of one database.
 *
 * @param version the version of the extension in this database, not of the library on disk
 * @param schema the schema that holds its public functions, usually {@code public}
 * @param functionSchema the schema that holds its internal functions: {@code _timescaledb_functions}, before 2.12
 *     {@code _timescaledb_internal}
 * @param community whether the server runs the Community edition ({@code timescaledb.license = timescale}), which
 *     columnstore, continuous aggregates, policies and creating chunks by their bounds need
 * @param features what it can do that others cannot
 */
public record Timescale(
        Version version, String schema, String functionSchema, boolean community, Set<TimescaleFeature> features) {
    public Timescale {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(functionSchema, "functionSchema");
        features = Collections.unmodifiableSet(new TreeSet<>(features));
    }

    /** Whether it can do this. */
    public boolean has(TimescaleFeature feature) {
        return features.contains(feature);
    }
}
