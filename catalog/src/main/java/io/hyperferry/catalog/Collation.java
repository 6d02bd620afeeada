package io.hyperferry.catalog;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A collation: what orders text, and decides which texts are equal where it is nondeterministic.
 *
 * @param name its name, with the schema where that is not {@code pg_catalog}; {@link #DEFAULT} for the collation of the database
 * @param provider {@code libc}, {@code icu} or {@code builtin}; {@link #DEFAULT} is resolved to the provider of the database
 * @param locale the locale as the provider names it, for example {@code en_US.utf8}
 * @param rules additional rules of ICU; empty for none
 * @param deterministic whether only texts with the same bytes are equal
 * @param version the version of the provider's library for this locale, as the server has it now; null when it is not known
 * @see <a href="https://www.postgresql.org/docs/current/collation.html">Collation support</a>
 */
public record Collation(
        String name,
        String provider,
        String locale,
        String rules,
        boolean deterministic,
        @Nullable String version) {
    /** The name of the collation of the database. */
    public static final String DEFAULT = "default";

    private static final Pattern CODESET = Pattern.compile("(?i)\\.utf-?8(@|$)");

    public Collation {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(locale, "locale");
        Objects.requireNonNull(rules, "rules");
    }

    /** Whether it orders by code points, which no version of a library changes. */
    public boolean isCodePointOrder() {
        return provider.equals("builtin")
                || (provider.equals("libc")
                        && (locale.equals("C") || locale.equals("POSIX") || locale.startsWith("C.")));
    }

    /** Provider and locale, alike for the spellings of one locale: {@code libc en_US.utf8} is {@code libc en_US.UTF-8}. */
    public String library() {
        return provider + " "
                + (provider.equals("libc") ? CODESET.matcher(locale).replaceFirst(".utf8$1") : locale);
    }

    /** Whether it is the collation of the database. */
    public boolean isDefault() {
        return name.equals(DEFAULT);
    }

    /** Provider, locale and version. */
    @Override
    public String toString() {
        String all = provider + " " + locale + (rules.isEmpty() ? "" : " with rules");
        return isCodePointOrder() ? all : all + (version == null ? " of an unknown version" : " version " + version);
    }
}
