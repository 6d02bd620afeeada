package io.hyperferry.internal.plan;

import static java.util.stream.Collectors.joining;

import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.CatalogDiff.Kind;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every kind of change that a source can have after it was migrated, and what a catch-up does about it. The table in {@code docs/cut-over.md} is
 * generated from this enum.
 */
public enum SourceChange {
    /** Rows. */
    ROWS(
            Treatment.FOLLOWED,
            "Rows inserted, updated, deleted or truncated",
            "The range in which rows changed is replaced in one transaction."),
    /** Which chunks there are. */
    CHUNKS(
            Treatment.FOLLOWED,
            "Chunks created or dropped",
            "The target gets chunks with the same bounds; chunks that the source dropped are dropped."),
    /** How chunks are stored. */
    CHUNK_STATE(
            Treatment.FOLLOWED,
            "Chunks compressed, decompressed, frozen or unfrozen",
            "The target's chunk gets the same state."),
    /** Where sequences are. */
    SEQUENCE_VALUE(
            Treatment.FOLLOWED,
            "Values that sequences handed out",
            "The target's sequences are set to the same value."),
    /** Aggregates' rows. */
    AGGREGATE_ROWS(
            Treatment.FOLLOWED,
            "Rows, watermark and pending invalidations of continuous aggregates (keep-history)",
            "The rows are copied. A superuser of the target also gets the watermark and the invalidations; another role sees"
                    + " them listed where they differ."),
    /** What the source got. */
    NEW_OBJECT(
            Treatment.FOLLOWED,
            "New tables, partitions, hypertables, continuous aggregates, views, sequences, types, functions, indexes,"
                    + " constraints, triggers, rules, policies",
            "They are created from a new dump of the source (pg_dump is needed), hypertables with their chunks and columnstore"
                    + " settings; then their rows are copied. What cannot be created is listed with the server's reason."),
    /** A column that rows depend on. */
    COLUMN(
            Treatment.REFUSED,
            "A column added, dropped, renamed, or given another type, generated expression or no NOT NULL",
            "Run the printed ALTER TABLE on the target."),
    /** A constraint that rows may violate. */
    CONSTRAINT(
            Treatment.REFUSED,
            "A CHECK, UNIQUE, PRIMARY KEY or EXCLUDE constraint or a unique index dropped or changed",
            "Run the printed ALTER TABLE or DROP INDEX on the target."),
    /** A type that values depend on. */
    TYPE(
            Treatment.REFUSED,
            "Labels of an enum, attributes of a composite type, base type or constraints of a domain",
            "Run the printed ALTER TYPE or ALTER DOMAIN on the target."),
    /** What a table is. */
    TABLE_KIND(
            Treatment.REFUSED,
            "A table that became a hypertable, partitioned or plain; other dimensions; another partition bound",
            "Drop the table on the target: the next catch-up creates and copies it again."),
    /** What an aggregate computes. */
    AGGREGATE_DEFINITION(
            Treatment.REFUSED,
            "A continuous aggregate created again with another definition",
            "Drop it on the target: the next catch-up creates and copies it again."),
    /** What would fire. */
    TRIGGER(
            Treatment.REFUSED,
            "Triggers and rules on the target that also fire for replicas (ENABLE ALWAYS, ENABLE REPLICA)",
            "Run the printed ALTER TABLE on the target, and undo it after the cut-over."),
    /** What cannot be deleted. */
    PUBLISHED_ROWS(
            Treatment.REFUSED,
            "Tables that a publication of the target publishes and that have no replica identity",
            "Give them a replica identity, or drop the publication on the target until the cut-over."),
    /** What the source lost. */
    GONE(
            Treatment.LISTED,
            "Objects dropped or renamed (under its new name an object is new)",
            "The target keeps the object and its rows. Drop it on the target."),
    /** The bounds of chunks. */
    CHUNK_BOUNDS(
            Treatment.LISTED,
            "Chunks merged or split (their rows are followed)",
            "Run catch-up again; for chunks that were merged or split, call merge_chunks or split_chunk on the target."),
    /** Where new chunks go. */
    HYPERTABLE(
            Treatment.LISTED,
            "Chunk interval, number of partitions, tablespaces and other settings of a hypertable",
            "Call set_chunk_time_interval or set_number_partitions on the target with the source's value."),
    /** The columnstore. */
    COLUMNSTORE(
            Treatment.LISTED,
            "Settings of the columnstore",
            "Run ALTER TABLE … SET (timescaledb.…) on the target with the source's settings."),
    /** A sequence's definition. */
    SEQUENCE(
            Treatment.LISTED,
            "Type, increment, bounds, cache or owner of a sequence",
            "Run ALTER SEQUENCE on the target with the source's values."),
    /** Publications. */
    PUBLICATION(
            Treatment.LISTED,
            "Publications",
            "Create or change the publication on the target after the last catch-up: published rows need a replica identity to be"
                    + " replaced."),
    /** A definition that rows do not depend on. */
    DEFINITION(
            Treatment.LISTED,
            "Definitions of views, functions, triggers, rules, policies, indexes, defaults, statistics and other objects",
            "Create the object again on the target, or drop it: the next catch-up creates it."),
    /** Rows of materialized views. */
    MATERIALIZED_VIEW(
            Treatment.LISTED,
            "Rows of materialized views",
            "Run REFRESH MATERIALIZED VIEW on the target after the last catch-up."),
    /** Who may do what. */
    PRIVILEGE(
            Treatment.LISTED,
            "Owners; privileges and comments that were there before",
            "Run GRANT, REVOKE, ALTER … OWNER TO or COMMENT ON on the target."),
    /** Jobs. */
    JOB(
            Treatment.LISTED,
            "Policies and user-defined jobs",
            "Add, change or delete the job on the target as on the source."),
    /** Settings. */
    SETTING(
            Treatment.LISTED,
            "Settings of the database and its roles, extensions",
            "Run ALTER DATABASE … SET or CREATE EXTENSION on the target.");

    /** What a catch-up does. */
    public enum Treatment {
        /** The target gets the same. */
        FOLLOWED("followed"),
        /** Listed in the report; the outcome is no better than identical except for what is listed. */
        LISTED("listed"),
        /** Refused before any row is touched, with the statements that make it possible. */
        REFUSED("refused before any row is touched");

        private final String words;

        Treatment(String words) {
            this.words = words;
        }
    }

    private static final Set<String> ROWS_OF_AGGREGATES = Set.of("watermark", "pending invalidations");
    private static final Set<String> FORMS_OF_TYPES = Set.of(
            "labels",
            "attributes",
            "base type",
            "not null",
            "constraints",
            "form",
            "subtype",
            "collation",
            "input",
            "output",
            "length");
    private static final Set<String> STATES_OF_CHUNKS = Set.of("compressed", "frozen");
    private static final Set<String> DEFINITIONS_OF_AGGREGATES =
            Set.of("definition", "source", "bucket width", "columns", "finalized", "dimensions");

    private final Treatment treatment;
    private final String change;
    private final String remedy;

    SourceChange(Treatment treatment, String change, String remedy) {
        this.treatment = treatment;
        this.change = change;
        this.remedy = remedy;
    }

    /** What a catch-up does about it. */
    public Treatment treatment() {
        return treatment;
    }

    /** What a user can do about it where it was not followed, in a sentence. */
    public String remedy() {
        if (treatment != Treatment.FOLLOWED) {
            return remedy;
        }
        return this == AGGREGATE_ROWS
                ? "Refresh the continuous aggregate on the target, or catch up as a superuser of the target."
                : "Run catch-up again.";
    }

    /**
     * The kind of change that a difference of structure is. What concerns rows directly, such as columns and constraints, is found by
     * {@link TableChanges}, with the statements that mend it.
     */
    public static SourceChange of(Difference difference) {
        if (difference.object().startsWith("publication ") && difference.kind() == Kind.OTHER) {
            return PUBLICATION;
        }
        if (difference.isMissingOnTarget() && difference.kind() != Kind.CHUNK && difference.kind() != Kind.JOB) {
            return difference.kind() == Kind.COLUMNSTORE ? COLUMNSTORE : NEW_OBJECT;
        }
        return switch (difference.kind()) {
            case TABLE -> ofTable(difference);
            case HYPERTABLE -> HYPERTABLE;
            case CHUNK -> CHUNK_BOUNDS;
            case COLUMNSTORE -> STATES_OF_CHUNKS.contains(difference.aspect()) ? CHUNK_STATE : COLUMNSTORE;
            case CONSTRAINT -> CONSTRAINT;
            case INDEX, VIEW -> difference.isMissingOnSource() ? GONE : DEFINITION;
            case CONTINUOUS_AGGREGATE ->
                ROWS_OF_AGGREGATES.contains(difference.aspect())
                        ? AGGREGATE_ROWS
                        : DEFINITIONS_OF_AGGREGATES.contains(difference.aspect()) ? AGGREGATE_DEFINITION : DEFINITION;
            case SEQUENCE ->
                difference.isMissingOnSource() ? GONE : difference.aspect().isEmpty() ? SEQUENCE_VALUE : SEQUENCE;
            case JOB -> JOB;
            case EXTENSION, SETTING -> SETTING;
            case OWNER, PRIVILEGE, COMMENT -> PRIVILEGE;
            case OTHER ->
                difference.isMissingOnSource()
                        ? GONE
                        : difference.object().startsWith("type ") && FORMS_OF_TYPES.contains(difference.aspect())
                                ? TYPE
                                : DEFINITION;
        };
    }

    private static SourceChange ofTable(Difference difference) {
        if (difference.object().startsWith("column ")) {
            return difference.aspect().isEmpty() || difference.aspect().equals("generated") ? COLUMN : DEFINITION;
        }
        return difference.isMissingOnSource()
                ? GONE
                : difference.aspect().isEmpty() || difference.aspect().equals("partition bound")
                        ? TABLE_KIND
                        : DEFINITION;
    }

    /** The table of all kinds of changes in Markdown. */
    public static String table() {
        return Stream.of(values())
                .map(value -> "| " + value.change + " | " + value.treatment.words + " | " + value.remedy + " |\n")
                .collect(joining("", "| Change on the source | Catch-up | How, or what to do |\n|---|---|---|\n", ""));
    }
}
