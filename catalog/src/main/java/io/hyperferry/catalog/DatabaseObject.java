package io.hyperferry.catalog;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Anything that a user's database holds, with all that can be said about it in text: a table or a column as well as a function, a type, a
 * trigger, a policy or a publication. What a migration reckons with has a record of its own besides ({@link Table}, {@link Constraint}).
 *
 * <p>A fact has a short name in the words of PostgreSQL, such as {@code definition}, {@code comment} or {@code row security}; a grant is the
 * fact {@code granted to bob} with the privileges as its text, where {@code (owner)} stands for the owner. Facts hold no OIDs and
 * nothing that depends on the search path, so they can be compared between servers.
 *
 * @param kind what it is, in PostgreSQL's words: {@code table}, {@code column}, {@code function}
 * @param identity its name and whatever else it takes to tell it from others of its kind, for example {@code public.f(integer)}
 * @param relation the table, view or sequence that it is or belongs to, or null
 * @param owner the role that owns it, or null when such objects have no owner of their own
 * @param facts what is known of it, by the fact's name; the default is left out
 */
public record DatabaseObject(
        String kind,
        String identity,
        @Nullable QualifiedName relation,
        @Nullable String owner,
        Map<String, String> facts) {
    public DatabaseObject {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(identity, "identity");
        SortedMap<String, String> sorted = new TreeMap<>(facts);
        facts = Collections.unmodifiableSortedMap(sorted);
    }

    /** An object of which nothing is known but that it is there. */
    public static DatabaseObject of(String kind, String identity) {
        return new DatabaseObject(kind, identity, null, null, Map.of());
    }

    /** Kind and identity. */
    public String title() {
        return kind + " " + identity;
    }
}
