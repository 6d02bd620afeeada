package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.literal;

import io.hyperferry.catalog.CompressionSizes;

/** Around compressed tuples that travel as they are. */
public final class CompressedSql {
    private CompressedSql() {}

    /**
     * Compresses an empty chunk, and says how it is called.
     *
     * @param compress what compresses it
     */
    public static String named(String compress) {
        return "WITH x(chunk) AS (" + compress
                + ") SELECT n.nspname, c.relname FROM x JOIN pg_catalog.pg_class c ON c.oid = x.chunk"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace";
    }

    /**
     * States the sizes from which TimescaleDB tells how well a chunk is compressed; it found nothing in the empty chunk. For superusers, since
     * it writes to TimescaleDB's catalog.
     *
     * @param relation the chunk's relation of compressed tuples, quoted
     */
    public static String stateSizes(String relation, CompressionSizes sizes) {
        return "UPDATE _timescaledb_catalog.compression_chunk_size SET uncompressed_heap_size = " + sizes.heapBefore()
                + ", uncompressed_toast_size = " + sizes.toastBefore() + ", uncompressed_index_size = "
                + sizes.indexesBefore() + ", compressed_heap_size = " + sizes.heapAfter() + ", compressed_toast_size = "
                + sizes.toastAfter() + ", compressed_index_size = " + sizes.indexesAfter()
                + ", numrows_pre_compression = " + sizes.rows() + ", numrows_post_compression = " + sizes.tuples()
                + " WHERE chunk_id = (SELECT _timescaledb_functions.chunk_id_from_relid(s.relid)"
                + " FROM _timescaledb_catalog.compression_settings s WHERE s.compress_relid = " + literal(relation)
                + "::regclass)";
    }
}
