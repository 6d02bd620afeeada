package io.hyperferry.catalog;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of PostgreSQL, of one of its tools or of TimescaleDB.
 *
 * @param major the first number
 * @param minor the second number, 0 when there is none
 * @param patch the third number, 0 when there is none
 */
public record Version(int major, int minor, int patch) implements Comparable<Version> {
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?");
    private static final Comparator<Version> ORDER = Comparator.comparingInt(Version::major)
            .thenComparingInt(Version::minor)
            .thenComparingInt(Version::patch);

    /**
     * The first version number that stands in a text such as {@code 2.19.3}, {@code 17.11 (Debian 17.11-1)} or
     * {@code pg_dump (PostgreSQL) 18beta1}.
     *
     * @throws IllegalArgumentException when the text has no number
     */
    public static Version parse(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.find()) {
            throw new IllegalArgumentException("no version number in: " + text);
        }
        return new Version(number(numbers, 1), number(numbers, 2), number(numbers, 3));
    }

    private static int number(Matcher numbers, int group) {
        return numbers.group(group) == null ? 0 : Integer.parseInt(numbers.group(group));
    }

    /** Whether this version is {@code major.minor} or newer. */
    public boolean isAtLeast(int major, int minor) {
        return compareTo(new Version(major, minor, 0)) >= 0;
    }

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    /** {@code 2.19.3}; a patch of 0 is left out, as in {@code 17.11}. */
    @Override
    public String toString() {
        return patch == 0 ? major + "." + minor : major + "." + minor + "." + patch;
    }
}
