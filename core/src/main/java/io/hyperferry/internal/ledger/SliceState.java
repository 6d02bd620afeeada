package io.hyperferry.internal.ledger;

/**
 * A slice that is done.
 *
 * @param position its position in the plan
 * @param attempt the attempt that copied it
 * @param mark what was read
 * @param bytes the bytes of COPY data that it took
 */
public record SliceState(int position, int attempt, SliceMark mark, long bytes) {}
