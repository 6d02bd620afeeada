package io.hyperferry.catalog;

import java.util.Objects;

/**
 * A relation that holds a chunk, compressed or not, although it stands in a user's schema. A dump of the schema shows it as a table,
 * which it is not.
 *
 * @param name its name
 * @param oid its OID, by which a dump's table of contents names it
 */
public record StorageRelation(QualifiedName name, long oid) {
    public StorageRelation {
        Objects.requireNonNull(name, "name");
    }
}
