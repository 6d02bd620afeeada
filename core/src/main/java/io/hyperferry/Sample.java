package io.hyperferry;

/**
 * A part of a database that is compared in place of all of it: of each table so many of its slices, and at least one. Chance decides which, and the
 * same seed decides the same way as long as the slices are the same.
 *
 * @param percent how many of a table's slices, more than 0 and up to 100
 * @param seed what chance begins with; another one chooses other slices
 */
public record Sample(double percent, long seed) {
    /**
     * A sample.
     *
     * @throws IllegalArgumentException when the percentage is not more than 0, or is more than 100
     */
    public Sample {
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException("a sample is more than 0 and at most 100 percent, not " + percent);
        }
    }

    /**
     * A sample of this size, the same each time.
     *
     * @throws IllegalArgumentException when it is not more than 0, or is more than 100
     */
    public static Sample percent(double percent) {
        return new Sample(percent, 0);
    }

    /** A sample of the same size, chosen otherwise. */
    public Sample seed(long value) {
        return new Sample(percent, value);
    }
}
