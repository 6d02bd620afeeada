package io.hyperferry.copy.internal;

/**
 * How many workers load, and how they go about it.
 *
 * @param rateLimit in bytes a second, or {@link Workers#NO_RATE_LIMIT}
 */
public record CsvPace(int parallelism, long rateLimit, Retries retries, String threadNamePrefix) {

    public CsvPace withParallelism(int workers) {
        return new CsvPace(Workers.checkedParallelism(workers), rateLimit, retries, threadNamePrefix);
    }

    public CsvPace withRateLimit(long bytesPerSecond) {
        return new CsvPace(parallelism, Workers.checkedRateLimit(bytesPerSecond), retries, threadNamePrefix);
    }

    public CsvPace withRetries(Retries other) {
        return new CsvPace(parallelism, rateLimit, other, threadNamePrefix);
    }

    public CsvPace withThreadNamePrefix(String prefix) {
        if (prefix.isBlank()) {
            throw new IllegalArgumentException("prefix is blank: '" + prefix + "'");
        }
        return new CsvPace(parallelism, rateLimit, retries, prefix);
    }
}
