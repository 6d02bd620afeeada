package io.hyperferry.internal.export;

/**
 * Where a sequence stands.
 *
 * @param lastValue the value it stands at
 * @param called whether that value was handed out
 */
public record SequenceState(long lastValue, boolean called) {}
