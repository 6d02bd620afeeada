package io.hyperferry.catalog.internal;

import io.hyperferry.catalog.DatabaseCatalog;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL writes out of its parse trees.
 *
 * @param alike whether both servers write it in the same way
 */
record Spelling(boolean alike) {
    /** The name before a dot that is followed by another name. */
    private static final Pattern QUALIFIER =
            Pattern.compile("(?:\"(?:[^\"]|\"\")*\"|[\\p{L}_][\\p{L}\\p{N}_$]*)\\.(?=[\"\\p{L}_*])");

    /** Since 16, columns are qualified only where a query has more than one relation. */
    private static final int UNQUALIFIED = 16;

    static Spelling of(DatabaseCatalog source, DatabaseCatalog target) {
        return new Spelling((source.server().postgres().major() < UNQUALIFIED)
                == (target.server().postgres().major() < UNQUALIFIED));
    }

    /** Whether two definitions are the same, or would be if the servers spelled alike. */
    boolean same(@Nullable String source, @Nullable String target) {
        return Objects.equals(source, target) || (!alike && Objects.equals(unqualified(source), unqualified(target)));
    }

    private static @Nullable String unqualified(@Nullable String definition) {
        return definition == null ? null : QUALIFIER.matcher(definition).replaceAll("");
    }
}
