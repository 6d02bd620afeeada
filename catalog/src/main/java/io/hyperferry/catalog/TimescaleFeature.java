package io.hyperferry.catalog;

/** Something that not every TimescaleDB can do; found by looking at what the extension has, not at its version. */
public enum TimescaleFeature {
    /** Chunk intervals that adapt to the data (until 2.27). */
    ADAPTIVE_CHUNKING,
    /** Ranges of further columns that exclude chunks from a query (2.16 and later). */
    CHUNK_SKIPPING,
    /** Sparse indexes of the columnstore that users choose, and segmenting that the server chooses (2.22 and later). */
    COLUMNSTORE_INDEX,
    /** Loading straight into the columnstore as a property of the table (2.29 and later). */
    DIRECT_COMPRESS,
    /** Foreign keys that point to hypertables (2.16 and later). */
    FOREIGN_KEY_TO_HYPERTABLE,
    /** Transactions whose changes continuous aggregates do not follow (2.28 and later). */
    SKIP_AGGREGATE_INVALIDATION,
    /** The functions of {@code timescaledb_experimental} by which old continuous aggregates cut time into buckets. */
    EXPERIMENTAL_BUCKETS
}
