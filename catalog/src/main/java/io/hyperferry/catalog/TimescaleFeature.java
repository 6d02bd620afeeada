package io.hyperferry.catalog;

/** Something that not every TimescaleDB can do; found by looking at what the extension has, not at its version. */
public enum TimescaleFeature {
    /** Chunk intervals that adapt to the data (until 2.27). */
    ADAPTIVE_CHUNKING,
    /** Continuous aggregates with window functions, which a setting permits (2.20 and later). */
    AGGREGATE_WINDOW_FUNCTIONS,
    /** Ranges of further columns that exclude chunks from a query (2.16 and later). */
    CHUNK_SKIPPING,
    /** Compressed chunks under any constraint that a table can get, and triggers of theirs that are switched on and off (2.20 and later). */
    COLUMNSTORE_CONSTRAINTS,
    /** Compressed relations that belong to their chunks, so that each chunk has settings of its own (2.19 and later). */
    COMPRESSED_RELATION,
    /** Sparse indexes of the columnstore that users choose, and segmenting that the server chooses (2.22 and later). */
    COLUMNSTORE_INDEX,
    /** Rows that are compressed as COPY brings them (2.21 and later). */
    DIRECT_COMPRESS_COPY,
    /** Loading straight into the columnstore as a property of the table (2.29 and later). */
    DIRECT_COMPRESS,
    /** Foreign keys that point to hypertables (2.16 and later). */
    FOREIGN_KEY_TO_HYPERTABLE,
    /** Transactions whose changes continuous aggregates do not follow (2.28 and later). */
    SKIP_AGGREGATE_INVALIDATION,
    /** The functions of {@code timescaledb_experimental} by which old continuous aggregates cut time into buckets. */
    EXPERIMENTAL_BUCKETS,
    /** Names that users give to jobs (2.20 and later). */
    JOB_NAME,
    /** Jobs whose fixed schedule, first start and time zone can be changed (2.12 and later). */
    JOB_SCHEDULE,
    /** The columnstore as an access method of tables (2.18 to 2.21), which policies for compression could ask for. */
    HYPERCORE_ACCESS_METHOD,
    /** What became invalid is taken from the hypertable by a step of its own (2.21 to 2.26), which policies for refreshing could leave out. */
    HYPERTABLE_INVALIDATIONS
}
