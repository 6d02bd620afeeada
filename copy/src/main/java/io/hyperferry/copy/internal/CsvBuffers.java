package io.hyperferry.copy.internal;

import java.util.ArrayDeque;
import java.util.Deque;

/** Memory for batches, used again and again. Thread-safe. */
final class CsvBuffers {

    private static final int SMALL = 256 * 1024;

    private final int size;
    private final Deque<byte[]> free = new ArrayDeque<>();

    CsvBuffers(int size) {
        this.size = size;
    }

    synchronized byte[] take() {
        byte[] buffer = free.poll();
        return buffer == null ? new byte[Math.min(SMALL, size)] : buffer;
    }

    /** Takes back what nobody uses any more; what a long record made larger than usual is let go. */
    synchronized void give(byte[] buffer) {
        if (buffer.length <= 2 * size) {
            free.push(buffer);
        }
    }
}
