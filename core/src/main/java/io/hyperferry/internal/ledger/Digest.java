package io.hyperferry.internal.ledger;

import java.math.BigDecimal;

/**
 * The digest of a set of rows. Digests of disjoint sets add up to the digest of both together.
 *
 * @param rows the number of rows
 * @param sum the sum of their hashes
 */
public record Digest(long rows, BigDecimal sum) {
    /** The digest of no rows. */
    public static final Digest EMPTY = new Digest(0, BigDecimal.ZERO);

    public Digest {
        sum = sum.stripTrailingZeros();
    }

    /** The digest of these rows and those. */
    public Digest plus(Digest other) {
        return new Digest(rows + other.rows, sum.add(other.sum));
    }
}
