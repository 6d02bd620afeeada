package io.hyperferry.catalog;

/**
 * What compressing a chunk made of it, as TimescaleDB keeps it for its statistics.
 *
 * @param heapBefore bytes of the rows before
 * @param toastBefore bytes of their large values before
 * @param indexesBefore bytes of the indexes before
 * @param heapAfter bytes of the compressed tuples
 * @param toastAfter bytes of their large values
 * @param indexesAfter bytes of their index
 * @param rows rows that were compressed
 * @param tuples compressed tuples that came of them
 */
public record CompressionSizes(
        long heapBefore,
        long toastBefore,
        long indexesBefore,
        long heapAfter,
        long toastAfter,
        long indexesAfter,
        long rows,
        long tuples) {}
