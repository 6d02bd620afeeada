package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * How the values of a CSV file are written, in the terms of PostgreSQL's COPY. Immutable: every option returns a new value.
 *
 * @param delimiter what separates values
 * @param quote what encloses values that hold delimiters, quotes or line ends
 * @param escape what stands before a quote inside of quotes
 * @param nullText what an unquoted value is when it stands for NULL
 * @param encoding the file's encoding, by PostgreSQL's name for it
 * @param forceNull columns whose quoted values can stand for NULL, too
 * @param forceNotNull columns of which no value stands for NULL
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4">COPY's CSV format</a>
 */
public record CsvFormat(
        char delimiter,
        char quote,
        char escape,
        String nullText,
        String encoding,
        List<String> forceNull,
        List<String> forceNotNull) {

    /** Commas, double quotes, nothing for NULL, UTF-8: what COPY takes unless it is told otherwise. */
    public static final CsvFormat DEFAULT = new CsvFormat(',', '"', '"', "", "UTF8", List.of(), List.of());

    /**
     * Checks what COPY would refuse.
     *
     * @throws IllegalArgumentException when two of the signs are the same or a sign is not of one byte, and for whatever else COPY does not take
     */
    public CsvFormat {
        requireSign(delimiter, "delimiter");
        requireSign(quote, "quote");
        requireSign(escape, "escape");
        forceNull = List.copyOf(forceNull);
        forceNotNull = List.copyOf(forceNotNull);
        if (delimiter == quote) {
            throw new IllegalArgumentException("delimiter and quote are the same, " + quote + ": choose another one");
        }
        if (requireNonNull(nullText, "nullText").indexOf(delimiter) >= 0
                || nullText.indexOf(quote) >= 0
                || nullText.chars().anyMatch(it -> it == '\r' || it == '\n' || it == 0)) {
            throw new IllegalArgumentException("what stands for NULL must hold no delimiter, no quote and no line end");
        }
        if (requireNonNull(encoding, "encoding").isBlank()) {
            throw new IllegalArgumentException("encoding is blank: '" + encoding + "'");
        }
    }

    private static void requireSign(char sign, String parameter) {
        if (sign == 0 || sign == '\r' || sign == '\n' || sign > 0x7f) {
            throw new IllegalArgumentException(
                    parameter + " must be one ASCII character and no line end: character " + (int) sign);
        }
    }

    /** With another sign between values. */
    public CsvFormat withDelimiter(char sign) {
        return new CsvFormat(sign, quote, escape, nullText, encoding, forceNull, forceNotNull);
    }

    /** With another sign around values; where the escape was the same as the quote, it stays so. */
    public CsvFormat withQuote(char sign) {
        char sameOrOwn = escape == quote ? sign : escape;
        return new CsvFormat(delimiter, sign, sameOrOwn, nullText, encoding, forceNull, forceNotNull);
    }

    /** With another sign before a quote inside of quotes. */
    public CsvFormat withEscape(char sign) {
        return new CsvFormat(delimiter, quote, sign, nullText, encoding, forceNull, forceNotNull);
    }

    /** With another text for NULL. */
    public CsvFormat withNull(String text) {
        return new CsvFormat(delimiter, quote, escape, text, encoding, forceNull, forceNotNull);
    }

    /** With another encoding, by PostgreSQL's name, for example {@code LATIN1}, {@code WIN1252}, {@code SJIS}. */
    public CsvFormat withEncoding(String name) {
        return new CsvFormat(delimiter, quote, escape, nullText, name, forceNull, forceNotNull);
    }

    /** With columns whose quoted values can stand for NULL, too. */
    public CsvFormat withForceNull(List<String> columns) {
        return new CsvFormat(delimiter, quote, escape, nullText, encoding, columns, forceNotNull);
    }

    /** With columns of which no value stands for NULL. */
    public CsvFormat withForceNotNull(List<String> columns) {
        return new CsvFormat(delimiter, quote, escape, nullText, encoding, forceNull, columns);
    }
}
