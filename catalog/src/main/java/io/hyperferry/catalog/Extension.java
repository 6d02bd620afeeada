package io.hyperferry.catalog;

import java.util.Objects;

/**
 * An extension that is installed in a database.
 *
 * @param name its name, for example {@code pgcrypto}
 * @param schema the schema that its objects are in
 * @param version its version, as the extension spells it
 * @param userRows rows that users put into the extension's own tables, which belong to no table of theirs
 */
public record Extension(String name, String schema, String version, long userRows) {
    public Extension {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(version, "version");
    }
}
