package io.hyperferry.internal.ledger;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;

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

    /** The digest in a row, from its columns {@code row_count} and {@code digest}. */
    public static Digest of(ResultSet row) throws SQLException {
        return new Digest(row.getLong("row_count"), row.getBigDecimal("digest"));
    }

    /** The digest of these rows and those. */
    public Digest plus(Digest other) {
        return new Digest(rows + other.rows, sum.add(other.sum));
    }
}
