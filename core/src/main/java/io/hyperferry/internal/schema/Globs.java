package io.hyperferry.internal.schema;

import java.util.regex.Pattern;

/** Patterns of filters. */
public final class Globs {
    private Globs() {}

    /** A regular expression for a pattern in which {@code *} stands for any characters and {@code ?} for one. */
    public static Pattern pattern(String glob) {
        StringBuilder regex = new StringBuilder();
        glob.codePoints().forEach(c -> {
            if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else {
                regex.append(Pattern.quote(Character.toString(c)));
            }
        });
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
