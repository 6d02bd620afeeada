package io.hyperferry.catalog;

import java.util.Map;
import java.util.Set;

/**
 * What a server has that objects of a database can refer to.
 *
 * @param roles all roles, predefined ones included
 * @param ownRoles those of them as which the reading role may act, itself included
 * @param tablespaces the tablespaces in which the reading role may create something
 * @param accessMethods the access methods for tables in this database, {@code heap} included
 * @param extensions the extensions that could be installed, each with the version that it would have
 */
public record ServerInventory(
        Set<String> roles,
        Set<String> ownRoles,
        Set<String> tablespaces,
        Set<String> accessMethods,
        Map<String, String> extensions) {
    /** A server with nothing but PostgreSQL's own. */
    public static final ServerInventory NOTHING =
            new ServerInventory(Set.of(), Set.of(), Set.of("pg_default"), Set.of("heap"), Map.of("plpgsql", "1.0"));

    public ServerInventory {
        roles = Set.copyOf(roles);
        ownRoles = Set.copyOf(ownRoles);
        tablespaces = Set.copyOf(tablespaces);
        accessMethods = Set.copyOf(accessMethods);
        extensions = Map.copyOf(extensions);
    }
}
