package io.hyperferry.internal.report;

import java.util.Locale;

/** A page under way, well-formed as HTML and as XML. Whatever comes from a database goes through {@link #escape}. Not thread-safe. */
final class Html {
    private final StringBuilder text = new StringBuilder();

    /** Opens an element, with attributes as names and values in turn. */
    Html open(String element, String... attributes) {
        start(element, attributes);
        text.append('>');
        return this;
    }

    /** Closes an element. */
    Html close(String element) {
        text.append("</").append(element).append(">\n");
        return this;
    }

    /** An element with a text. */
    Html element(String element, String content, String... attributes) {
        return open(element, attributes).text(content).close(element);
    }

    /** An element without content. */
    Html empty(String element, String... attributes) {
        start(element, attributes);
        text.append(" />");
        return this;
    }

    /** A text. */
    Html text(String content) {
        text.append(escape(content));
        return this;
    }

    /** What is markup already. */
    Html raw(String markup) {
        text.append(markup);
        return this;
    }

    private void start(String element, String... attributes) {
        text.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            text.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(escape(attributes[i + 1]))
                    .append('"');
        }
    }

    /**
     * A text that means nothing but itself, in elements and attributes. Characters that turn the direction of writing, and those that no
     * browser shows, are spelled out: a name must not look like another.
     */
    static String escape(String content) {
        StringBuilder escaped = new StringBuilder(content.length() + 16);
        content.codePoints().forEach(it -> {
            switch (it) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\n', '\t' -> escaped.appendCodePoint(it);
                default -> {
                    if (isShown(it)) {
                        escaped.appendCodePoint(it);
                    } else {
                        escaped.append(String.format(Locale.ROOT, "\\u%04x", it));
                    }
                }
            }
        });
        return escaped.toString();
    }

    private static boolean isShown(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
