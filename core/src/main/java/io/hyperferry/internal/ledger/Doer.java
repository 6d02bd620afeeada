package io.hyperferry.internal.ledger;

import java.util.Objects;

/**
 * Who did a piece of work.
 *
 * @param attempt the number of the process's attempt
 * @param worker the worker's name in that process
 */
public record Doer(int attempt, String worker) {
    public Doer {
        Objects.requireNonNull(worker, "worker");
    }

    /** The thread that asks, in an attempt. */
    public static Doer ofThread(int attempt) {
        return new Doer(attempt, Thread.currentThread().getName());
    }
}
