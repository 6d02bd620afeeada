package io.hyperferry.copy.internal;

/**
 * Records of a file that are loaded in one transaction.
 *
 * @param file the number of the file, from 0
 * @param number of the batch in its file, from 0
 * @param bytes hold the records, and perhaps more after them; not to be changed
 * @param length how many of the bytes are the records
 * @param records how many there are
 * @param firstLine the line of the file, from 1, in which the first one begins
 * @param lineEnd how lines end in the file
 * @param checksum of the records' bytes
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record CsvBatch(
        int file,
        int number,
        byte[] bytes,
        int length,
        int records,
        long firstLine,
        RecordCutter.LineEnd lineEnd,
        long checksum) {}
