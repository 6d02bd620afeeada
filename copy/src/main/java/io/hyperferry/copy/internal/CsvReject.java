package io.hyperferry.copy.internal;

/**
 * A record that the server refused.
 *
 * @param file its name
 * @param line where the record begins, from 1
 * @param sqlState the server's code for why
 * @param reason the server's words for why; they can hold values
 * @param record as it is in the file
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record CsvReject(String file, long line, String sqlState, String reason, byte[] record) {}
