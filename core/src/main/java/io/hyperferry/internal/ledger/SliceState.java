package io.hyperferry.internal.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A slice that is done.
 *
 * @param position its position in the plan
 * @param attempt the attempt that copied it
 * @param mark what was read
 * @param bytes the bytes of COPY data that it took
 * @param refusal why rows were copied where compressed tuples were meant to be, or null
 */
public record SliceState(
        int position,
        int attempt,
        SliceMark mark,
        long bytes,
        @Nullable String refusal) {}
