package io.hyperferry.catalog;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the order and the hashes of a database's values depend on, apart from the values.
 *
 * @param collation the collation of the database
 * @param collationVersions the versions of the collations that the server has, by provider and locale: {@code icu de} is {@code 153.128.46}. A
 *     locale with the version of its language is not listed
 * @param columns the columns of hypertables and continuous aggregates whose values depend on something; others depend on nothing
 */
public record ValueSemantics(
        Collation collation, Map<String, String> collationVersions, List<ColumnSemantics> columns) {
    public ValueSemantics {
        Objects.requireNonNull(collation, "collation");
        collationVersions = Collections.unmodifiableMap(new TreeMap<>(collationVersions));
        columns = List.copyOf(columns);
    }

    /** Of a database of this server without a column that depends on anything; of the collation no version is known. */
    public static ValueSemantics of(ServerInfo server) {
        String[] words = server.collation().split(" ", 2);
        return new ValueSemantics(
                new Collation(Collation.DEFAULT, words[0], words[words.length - 1], "", true, null),
                Map.of(),
                List.of());
    }

    /** What the values of a column depend on; empty for nothing. */
    public Optional<ColumnSemantics> of(QualifiedName table, String column) {
        return columns.stream()
                .filter(candidate ->
                        candidate.table().equals(table) && candidate.column().equals(column))
                .findFirst();
    }

    /** The collation that this server has for one of another server; with a null version where it has none, or nobody knows. */
    public Collation counterpartOf(Collation other) {
        return other.isDefault()
                ? collation
                : new Collation(
                        other.name(),
                        other.provider(),
                        other.locale(),
                        other.rules(),
                        other.deterministic(),
                        version(other));
    }

    /** An ICU locale with options has the version of the one without, unless the options choose another order of letters. */
    private @Nullable String version(Collation other) {
        String library = other.library();
        @Nullable String exact = collationVersions.get(library);
        if (exact != null || !other.provider().equals("icu") || library.contains("@") || library.contains("-co-")) {
            return exact;
        }
        int options = library.indexOf("-u-");
        String plain = options < 0 ? library : library.substring(0, options);
        @Nullable String ofPlain = collationVersions.get(plain);
        return ofPlain != null ? ofPlain : collationVersions.get(plain.split("-", 2)[0]);
    }
}
