package io.hyperferry.catalog;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a server has that objects of a database can refer to, and what the reading role may do with it.
 *
 * @param roles all roles, predefined ones included
 * @param ownRoles those of them as which the reading role may act, and whose privileges it has anyway, itself included
 * @param loginRoles those of all roles that may log in, and so may run background jobs
 * @param tablespaces the tablespaces in which the reading role may create something
 * @param accessMethods the access methods for tables in this database, {@code heap} included
 * @param collations the collations that this database has from the server, by name: those of the operating system and of ICU
 * @param extensions the extensions that could be installed, each with the version that it would have
 * @param policies TimescaleDB's own procedures for jobs in this database, by their names: {@code policy_retention} and the like
 * @param rights what the reading role may do in this database
 */
public record ServerInventory(
        Set<String> roles,
        Set<String> ownRoles,
        Set<String> loginRoles,
        Set<String> tablespaces,
        Set<String> accessMethods,
        Set<String> collations,
        Map<String, String> extensions,
        Set<String> policies,
        Rights rights) {
    /** A server with nothing but PostgreSQL's own. */
    public static final ServerInventory NOTHING = new ServerInventory(
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of("pg_default"),
            Set.of("heap"),
            Set.of(),
            Map.of("plpgsql", "1.0"),
            Set.of(),
            Rights.ALL);

    public ServerInventory {
        roles = Collections.unmodifiableSet(new TreeSet<>(roles));
        ownRoles = Collections.unmodifiableSet(new TreeSet<>(ownRoles));
        loginRoles = Collections.unmodifiableSet(new TreeSet<>(loginRoles));
        tablespaces = Collections.unmodifiableSet(new TreeSet<>(tablespaces));
        accessMethods = Collections.unmodifiableSet(new TreeSet<>(accessMethods));
        collations = Collections.unmodifiableSet(new TreeSet<>(collations));
        extensions = Collections.unmodifiableMap(new TreeMap<>(extensions));
        policies = Collections.unmodifiableSet(new TreeSet<>(policies));
        Objects.requireNonNull(rights, "rights");
    }
}
