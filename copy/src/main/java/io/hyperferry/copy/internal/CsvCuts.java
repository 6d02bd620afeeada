package io.hyperferry.copy.internal;

/**
 * What of a file is loaded, and in which pieces.
 *
 * @param skipLines the lines before the header or the first record
 * @param limit the most records of all files together
 * @param batchRows the most records of a batch
 * @param batchBytes a batch that has so many bytes takes no other record
 * @param longestRecord the most bytes of a record
 */
public record CsvCuts(int skipLines, long limit, int batchRows, int batchBytes, int longestRecord) {

    public CsvCuts {
        atLeast(0, skipLines, "skipLines");
        atLeast(1, limit, "limit");
        atLeast(1, batchRows, "batchRows");
        atLeast(1, batchBytes, "batchBytes");
        atLeast(1, longestRecord, "longestRecord");
        if (batchBytes > 1 << 29 || longestRecord > 1 << 29) {
            throw new IllegalArgumentException(
                    "a batch and a record can have 512 MiB at most: " + batchBytes + ", " + longestRecord);
        }
    }

    private static void atLeast(long least, long value, String what) {
        if (value < least) {
            throw new IllegalArgumentException(what + " must be at least " + least + ": " + value);
        }
    }

    public CsvCuts withSkipLines(int lines) {
        return new CsvCuts(lines, limit, batchRows, batchBytes, longestRecord);
    }

    public CsvCuts withLimit(long records) {
        return new CsvCuts(skipLines, records, batchRows, batchBytes, longestRecord);
    }

    public CsvCuts withBatchRows(int rows) {
        return new CsvCuts(skipLines, limit, rows, batchBytes, longestRecord);
    }

    public CsvCuts withBatchBytes(int bytes) {
        return new CsvCuts(skipLines, limit, batchRows, bytes, longestRecord);
    }

    public CsvCuts withLongestRecord(int bytes) {
        return new CsvCuts(skipLines, limit, batchRows, batchBytes, bytes);
    }
}
