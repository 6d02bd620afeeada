package io.hyperferry.catalog.internal;

/**
 * What the catalogs of this TimescaleDB look like, found by looking.
 *
 * @param chunkHasRelid whether chunks are named by relation ({@code chunk.relid}, 2.29 and later), not by schema and name
 * @param sliceHasChunk whether a dimension slice names its chunk (2.28 and later)
 * @param settingsHaveCompressedRelation whether {@code compression_settings} names the compressed relation (2.19 and later)
 * @param settingsPerRelation whether there is {@code compression_settings} (2.14 and later), not {@code hypertable_compression}
 * @param settingsHaveIndex whether {@code compression_settings} lists sparse indexes, and null segments are left to the server (2.22 and later)
 * @param columnStatistics whether there is {@code chunk_column_stats} (2.16 and later)
 * @param materializationRanges whether there is {@code continuous_aggs_materialization_ranges} (2.22 and later)
 * @param jobTable the table of background jobs
 * @param functionSchema the schema of TimescaleDB's internal functions
 */
public record Features(
        boolean chunkHasRelid,
        boolean sliceHasChunk,
        boolean settingsHaveCompressedRelation,
        boolean settingsPerRelation,
        boolean settingsHaveIndex,
        boolean columnStatistics,
        boolean materializationRanges,
        String jobTable,
        String functionSchema) {
    static final String CATALOG = "_timescaledb_catalog";

    public static Features of(Queries queries) {
        return new Features(
                hasColumn(queries, "chunk", "relid"),
                hasColumn(queries, "dimension_slice", "chunk_id"),
                hasColumn(queries, "compression_settings", "compress_relid"),
                hasColumn(queries, "compression_settings", "relid"),
                hasColumn(queries, "compression_settings", "index"),
                hasColumn(queries, "chunk_column_stats", "column_name"),
                hasColumn(queries, "continuous_aggs_materialization_ranges", "materialization_id"),
                queries.holds("to_regclass('_timescaledb_catalog.bgw_job') IS NOT NULL")
                        ? "_timescaledb_catalog.bgw_job"
                        : "_timescaledb_config.bgw_job",
                functionSchema(queries));
    }

    /** 2.11 has both schemas, and what matters still in the older one. */
    static String functionSchema(Queries queries) {
        return queries.holds("to_regproc('_timescaledb_functions.chunk_status') IS NOT NULL")
                ? "_timescaledb_functions"
                : "_timescaledb_internal";
    }

    static boolean hasColumn(Queries queries, String table, String column) {
        return queries.holds("""
                EXISTS (SELECT FROM pg_attribute
                    WHERE attrelid = to_regclass(?) AND attname = ? AND attnum > 0 AND NOT attisdropped)""", CATALOG + "." + table, column);
    }
}
