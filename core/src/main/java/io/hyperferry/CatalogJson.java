package io.hyperferry;

import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.internal.plan.PlanJson;
import java.util.Objects;

/**
 * A catalog as JSON, to be kept as a file: what {@link io.hyperferry.catalog.CatalogReader} read from a real server once can be planned in a unit
 * test, without a server. It has names, types and definitions, and no rows; settings and definitions are in it as the database has them.
 */
public final class CatalogJson {
    private CatalogJson() {}

    /** The catalog as JSON, with a version; {@link #read} gives an equal one. */
    public static String write(DatabaseCatalog catalog) {
        return PlanJson.write(Objects.requireNonNull(catalog, "catalog"));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException when it is not such a text, or one of another version
     */
    public static DatabaseCatalog read(String json) {
        return PlanJson.readCatalog(Objects.requireNonNull(json, "json"));
    }
}
