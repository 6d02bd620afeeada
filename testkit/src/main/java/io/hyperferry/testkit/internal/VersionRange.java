package io.hyperferry.testkit.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of minor versions, written {@code 2.22+}, {@code <2.22} or {@code 2.19}.
 *
 * @param kind how a version is compared with the bound
 * @param major the bound's major version
 * @param minor the bound's minor version
 */
public record VersionRange(Kind kind, int major, int minor) {

    private static final Pattern RANGE = Pattern.compile("(<?)(\\d{1,4})\\.(\\d{1,4})(\\+?)");
    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:[.-].*)?");

    /** How a version is compared with the bound. */
    public enum Kind {
        /** The bound and everything newer. */
        AT_LEAST,
        /** Everything older than the bound. */
        BELOW,
        /** Every release of this minor version. */
        EXACTLY
    }

    /**
     * Reads a range.
     *
     * @throws IllegalArgumentException when the text is none of the three forms
     */
    public static VersionRange parse(String text) {
        Matcher matcher = RANGE.matcher(text);
        boolean form = matcher.matches();
        boolean below = form && !matcher.group(1).isEmpty();
        boolean atLeast = form && !matcher.group(4).isEmpty();
        if (!form || (below && atLeast)) {
            throw new IllegalArgumentException(
                    "not a version range: '" + text + "'; write \"2.22+\", \"<2.22\" or \"2.19\"");
        }
        Kind kind = below ? Kind.BELOW : atLeast ? Kind.AT_LEAST : Kind.EXACTLY;
        return new VersionRange(kind, Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)));
    }

    /**
     * Tells whether a version such as {@code 2.19.3} or {@code 2.30.0-dev} is in this range.
     *
     * @throws IllegalArgumentException when the text is no version
     */
    public boolean contains(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a version: '" + version + "'");
        }
        int sameMajor = Integer.compare(Integer.parseInt(matcher.group(1)), major);
        int order = sameMajor != 0 ? sameMajor : Integer.compare(Integer.parseInt(matcher.group(2)), minor);
        return switch (kind) {
            case AT_LEAST -> order >= 0;
            case BELOW -> order < 0;
            case EXACTLY -> order == 0;
        };
    }

    @Override
    public String toString() {
        String bound = major + "." + minor;
        return switch (kind) {
            case AT_LEAST -> bound + "+";
            case BELOW -> "<" + bound;
            case EXACTLY -> bound;
        };
    }
}
