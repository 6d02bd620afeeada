package io.hyperferry.catalog;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the role that reads a catalog may do in that database, and above all what it may not: every set says what is missing.
 *
 * @param createsSchemas whether it may create schemas
 * @param ownsDatabase whether it may do what the database's owner may, for example change its settings
 * @param ownsPublicSchema whether it may do what the owner of the schema {@code public} may
 * @param bypassesRowSecurity whether row security policies never hide a row from it
 * @param closedSchemas schemas in which it may use nothing
 * @param unreadable tables and views from which it may not select
 * @param rowSecured tables of which row security policies may hide rows from it
 * @param barredFromPublic all roles, not only the reading one, that may not create anything in the schema {@code public}
 * @param lockedParameters parameters that are for superusers to set
 * @param lockedExtensions extensions of the server that are for superusers to create
 * @param foreignExtensions extensions of the database that belong to others
 * @param lockedLanguages languages in which it may not create functions
 */
public record Rights(
        boolean createsSchemas,
        boolean ownsDatabase,
        boolean ownsPublicSchema,
        boolean bypassesRowSecurity,
        Set<String> closedSchemas,
        Set<QualifiedName> unreadable,
        Set<QualifiedName> rowSecured,
        Set<String> barredFromPublic,
        Set<String> lockedParameters,
        Set<String> lockedExtensions,
        Set<String> foreignExtensions,
        Set<String> lockedLanguages) {
    /** Nothing is missing. */
    public static final Rights ALL = new Rights(
            true, true, true, true, Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of());

    public Rights {
        closedSchemas = sorted(closedSchemas);
        unreadable = sorted(unreadable);
        rowSecured = sorted(rowSecured);
        barredFromPublic = sorted(barredFromPublic);
        lockedParameters = sorted(lockedParameters);
        lockedExtensions = sorted(lockedExtensions);
        foreignExtensions = sorted(foreignExtensions);
        lockedLanguages = sorted(lockedLanguages);
    }

    private static <T extends Comparable<T>> Set<T> sorted(Set<T> names) {
        return Collections.unmodifiableSet(new TreeSet<>(names));
    }
}
