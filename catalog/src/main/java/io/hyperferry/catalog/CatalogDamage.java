package io.hyperferry.catalog;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A contradiction between TimescaleDB's catalog and what is there. A sound database has none.
 *
 * @param kind what contradicts what
 * @param relation the hypertable, or the view of the continuous aggregate, that it is about, if that can be named
 * @param object what is damaged, human-readable: a chunk, a hypertable, a job
 */
public record CatalogDamage(Kind kind, @Nullable QualifiedName relation, String object) {
    /** What can contradict. */
    public enum Kind {
        /** A chunk whose relation does not exist. */
        CHUNK_WITHOUT_RELATION,
        /** A relation that inherits from a hypertable and that the catalog does not know as a chunk. */
        RELATION_WITHOUT_CHUNK,
        /** A chunk that is marked as compressed and has no compressed relation. Servers crash when they read it. */
        COMPRESSED_WITHOUT_RELATION,
        /** A chunk with a compressed relation that is not marked as compressed, so that no query shows its compressed rows. */
        RELATION_WITHOUT_COMPRESSED,
        /** A chunk without a range in a dimension of its hypertable. */
        CHUNK_WITHOUT_RANGE,
        /** Two chunks of a hypertable with the same values in their ranges. */
        OVERLAPPING_CHUNKS,
        /** Settings of the columnstore for a relation that does not exist. */
        SETTINGS_WITHOUT_RELATION,
        /** A hypertable whose relation does not exist. */
        HYPERTABLE_WITHOUT_RELATION,
        /** A hypertable without a dimension of time, or with one whose column does not exist. */
        HYPERTABLE_WITHOUT_DIMENSION,
        /** A continuous aggregate whose view does not exist. */
        AGGREGATE_WITHOUT_VIEW,
        /** A continuous aggregate without the view that holds its definition. */
        AGGREGATE_WITHOUT_DEFINITION,
        /** A continuous aggregate without the hypertable that holds its rows. */
        AGGREGATE_WITHOUT_STORAGE,
        /** A continuous aggregate without the hypertable that it reads. */
        AGGREGATE_WITHOUT_SOURCE,
        /** A job of a hypertable that does not exist. */
        JOB_WITHOUT_HYPERTABLE
    }

    public CatalogDamage {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(object, "object");
    }
}
