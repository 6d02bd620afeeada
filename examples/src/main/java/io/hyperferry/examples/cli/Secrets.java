package io.hyperferry.examples.cli;

import java.util.regex.Pattern;

/** Keeps passwords out of messages that quote what was typed. */
final class Secrets {
    /** Greedy up to the last @ of a word: a password that should have been percent-encoded may have one, too. */
    private static final Pattern IN_URL = Pattern.compile("(://[^:@/\\s]*):\\S*@");

    private static final Pattern IN_PARAMETER = Pattern.compile("(?i)(password=)[^\\s&'\"]+");

    private Secrets() {}

    /** The same text with stars for passwords. */
    static String masked(String text) {
        String withoutUrls = IN_URL.matcher(text).replaceAll("$1:***@");
        return IN_PARAMETER.matcher(withoutUrls).replaceAll("$1***");
    }
}
