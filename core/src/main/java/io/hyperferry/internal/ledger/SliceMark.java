package io.hyperferry.internal.ledger;

/**
 * What was read of a slice.
 *
 * @param reading how
 * @param asTuples whether compressed tuples travelled, not rows
 * @param digest the digest of its rows on the source, in the transaction that read them
 */
public record SliceMark(Reading reading, boolean asTuples, Digest digest) {}
