package io.hyperferry;

/** What of the rows is compared at the end. */
public enum Verification {
    /** The digest of every row, so that a single changed value is found. */
    DIGESTS,
    /** The number of rows of each slice: a fraction of the work, for a copy that is proved some other way. Changed values are not found. */
    COUNTS
}
