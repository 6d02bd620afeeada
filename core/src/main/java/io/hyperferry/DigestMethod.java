package io.hyperferry;

/**
 * How a set of rows is made into one number that does not depend on their order: the sum of a hash of every row.
 *
 * @see <a href="https://www.postgresql.org/docs/current/functions-comparisons.html">row comparison in PostgreSQL</a>
 */
public enum DigestMethod {
    /** A hash of the row's values or of their binary form, from PostgreSQL 14 on; a column whose type is not scalar is in it as text. */
    RECORD_HASH,
    /** {@code hashtextextended} of the row's text, for older servers. */
    TEXT_HASH,
    /** No digest: the number of rows alone. */
    COUNT
}
