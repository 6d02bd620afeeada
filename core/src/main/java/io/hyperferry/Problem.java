package io.hyperferry;

import java.util.Locale;
import java.util.Objects;

/**
 * Something that was found before anything was changed.
 *
 * @param code a stable name for programs, for example {@code TARGET_NOT_EMPTY}
 * @param severity whether the migration can run in spite of it
 * @param object what it is about: a database, a table, a tool
 * @param message what is wrong, in one sentence
 * @param remedy what to do about it
 */
public record Problem(Code code, Severity severity, String object, String message, String remedy) {
    /** Whether the migration can run in spite of a problem. */
    public enum Severity {
        /** It cannot. */
        BLOCKING,
        /** It can; the report repeats the warning. */
        WARNING
    }

    /** What can be wrong. The names are stable. */
    public enum Code {
        /** The source does not answer, or refuses the login. */
        SOURCE_UNREACHABLE,
        /** The target does not answer, or refuses the login. */
        TARGET_UNREACHABLE,
        /** A side is behind a pooler that gives each transaction another session, so that nothing stays in a session. */
        POOLED_BY_TRANSACTION,
        /** A side is in TimescaleDB's restoring mode, in which hypertables hide their chunks. */
        RESTORING_MODE,
        /** The target's transactions are read-only by default. */
        TARGET_READ_ONLY,
        /** Sessions of a side begin with a setting that a run depends on, and their role may not change it. */
        SETTING_NOT_ALLOWED,
        /** Source and target are one and the same database. */
        SAME_DATABASE,
        /** The source has no TimescaleDB: it is moved as a plain PostgreSQL database. */
        SOURCE_WITHOUT_TIMESCALEDB,
        /** The target has no TimescaleDB. */
        TARGET_WITHOUT_TIMESCALEDB,
        /** The target's TimescaleDB is older than the source's. */
        TARGET_TIMESCALEDB_OLDER,
        /** The target's PostgreSQL is older than the source's. */
        TARGET_POSTGRES_OLDER,
        /** There is something in the target already. */
        TARGET_NOT_EMPTY,
        /** The target is a standby and cannot be written to. */
        TARGET_IS_STANDBY,
        /** The role of a side lacks a right; the remedy has the statement that gives it. */
        PRIVILEGE_MISSING,
        /** Something of the source can be created by superusers alone, and the target's role is none. */
        SUPERUSER_NEEDED,
        /** Source and target store text in different encodings, so rows cannot be compared as they are. */
        ENCODING_DIFFERS,
        /** TimescaleDB is in another schema on the target than on the source. */
        TIMESCALEDB_IN_OTHER_SCHEMA,
        /** A role that privileges, policies, settings or owners name does not exist on the target. */
        ROLE_MISSING,
        /** The target's role may not act as a role to which something is to belong. */
        ROLE_NOT_GRANTED,
        /** Jobs are to run as a role that may not log in, which TimescaleDB requires. */
        ROLE_CANNOT_RUN_JOBS,
        /** An extension that the source uses is not installed on the target's server. */
        EXTENSION_MISSING,
        /** A repair or a catch-up would fire triggers or rules on the target: they always fire, or its role may not suppress them. */
        REPAIR_FIRES_TRIGGERS,
        /** A repair or a catch-up cannot remove rows on the target, because they are published and their table has no replica identity. */
        REPLICA_IDENTITY_MISSING,
        /** A table, a type or a continuous aggregate has changed on the source after it was copied, so that rows do not fit on the target. */
        TABLE_CHANGED,
        /** An extension is in another schema on the target than on the source. */
        EXTENSION_IN_OTHER_SCHEMA,
        /** The target's server has an older version of an extension. */
        EXTENSION_OLDER,
        /** Rows in an extension's own tables stay behind. */
        EXTENSION_ROWS_STAY,
        /** A tablespace of the source does not exist on the target. */
        TABLESPACE_MISSING,
        /** An access method of tables of the source does not exist on the target. */
        ACCESS_METHOD_MISSING,
        /** A setting of the database or of a role in it cannot be made by the target's role. */
        SETTING_LEFT_OUT,
        /** Event triggers stay behind, because only a superuser can create them. */
        EVENT_TRIGGER_LEFT_OUT,
        /** Subscriptions stay behind: two servers that receive the same changes would take them from each other. */
        SUBSCRIPTION_LEFT_OUT,
        /** A pattern matches no table and no view. */
        FILTER_MATCHES_NOTHING,
        /** A pattern includes a table or a view that cannot be migrated without something that is skipped. */
        INCLUDE_INCOMPLETE,
        /** An exclude pattern takes away what a table needs that is migrated. */
        EXCLUDE_INCOMPLETE,
        /** The source's catalog contradicts itself, or what is there. */
        CATALOG_DAMAGED,
        /** The target's server refuses a statement of the schema. */
        SCHEMA_REFUSED,
        /** Not all of the schema could be tried on the target. */
        SCHEMA_NOT_TRIED,
        /** The plan has no table to copy. */
        NOTHING_TO_COPY,
        /** Objects of migrated tables are skipped because they need something that is skipped. */
        DEPENDENTS_LEFT_OUT,
        /** A mapped role does not exist on the source, or nothing refers to it. */
        MAPPED_ROLE_UNUSED,
        /** An inheriting table has its columns in another order on the target. */
        COLUMN_ORDER_DIFFERS,
        /** pg_dump or pg_restore cannot be started. */
        TOOL_MISSING,
        /** pg_dump or pg_restore is older than the servers. */
        TOOL_TOO_OLD,
        /** pg_dump does not reach the source, or is refused there. */
        TOOL_CANNOT_CONNECT,
        /** The run needs more connections than a server allows. */
        TOO_FEW_CONNECTIONS,
        /** The target has no room for the locks on all chunks of a hypertable. */
        TOO_FEW_LOCKS,
        /** The target will be slowed down by checkpoints, as it takes little WAL between two of them. */
        WAL_LIMIT_LOW,
        /** Something is ordered by a collation that the target's database does not have. */
        COLLATION_MISSING,
        /** Text that names no collation is in another order on the target. */
        COLLATION_DIFFERS,
        /** Jobs of the source may remove or rewrite rows while they are read. */
        SOURCE_JOBS_ACTIVE,
        /** The split is so narrow that the plan would have too many slices. */
        TOO_MANY_SLICES,
        /** A table has integer time, and nothing says what its 1 means, so it cannot be split or chosen from by time. */
        INTEGER_TIME_UNIT_UNKNOWN,
        /** A table has time of a type whose rows cannot be chosen by a range. */
        RANGE_NOT_EXPRESSIBLE,
        /** A foreign key refers to a hypertable of which only a range of time travels. */
        RANGE_CUTS_REFERENCES,
        /** The target cannot create chunks by their bounds, so it cuts them by the table's present interval. */
        CHUNKS_CUT_ANEW,
        /** The target's TimescaleDB has no chunk intervals that adapt to the data. */
        ADAPTIVE_CHUNKING_LEFT_OUT,
        /** The target's TimescaleDB has no ranges of further columns that exclude chunks. */
        CHUNK_SKIPPING_LEFT_OUT,
        /** A hypertable's chunks are on other servers. */
        DISTRIBUTED_HYPERTABLE,
        /** A hypertable has chunks in object storage. */
        TIERED_CHUNKS,
        /** The target's TimescaleDB has no foreign keys to hypertables. */
        FOREIGN_KEY_TO_HYPERTABLE,
        /** The directory to export into cannot be used. */
        EXPORT_DIRECTORY,
        /** There is no export where one is to be imported from. */
        EXPORT_MISSING,
        /** An export that is to be imported has not come to its end. */
        EXPORT_NOT_FINISHED,
        /** A file of an export is missing, is not as it was written, or belongs to another export. */
        EXPORT_DAMAGED,
        /** The target cannot take rows as they were exported. */
        EXPORT_DOES_NOT_FIT,
        /** The source holds large objects, which do not travel yet. */
        LARGE_OBJECTS,
        /** The target's edition has no columnstore: compressed rows arrive as plain rows. */
        COLUMNSTORE_LEFT_OUT,
        /** The target's TimescaleDB lacks something that the settings of the columnstore use. */
        COLUMNSTORE_SETTING_LEFT_OUT,
        /** The target's edition has no continuous aggregates. */
        AGGREGATES_NOT_ON_TARGET,
        /** A continuous aggregate keeps partial states instead of values, which newer servers cannot have. */
        AGGREGATE_NOT_FINALIZED,
        /** A continuous aggregate has buckets of an experimental function that the target lacks. */
        AGGREGATE_EXPERIMENTAL,
        /** A continuous aggregate has changes to follow that the target cannot be told of. */
        AGGREGATE_OUT_OF_DATE,
        /** The target's edition has no policies and other jobs. */
        JOBS_LEFT_OUT,
        /** A job runs something that does not exist. */
        JOB_LEFT_OUT,
        /** The target's TimescaleDB lacks something that a job has. */
        JOB_SETTING_LEFT_OUT,
        /** Jobs of the source are to be paused, and cannot be. */
        JOBS_NOT_PAUSABLE,
        /** A foreign table's rows stay where they are. */
        FOREIGN_TABLE_ROWS_STAY,
        /** Compressed chunks of the source hold rows that no query shows. */
        HIDDEN_ROWS,
        /** Chunks of the source hold rows outside of their bounds, so that rows are compared, and can be replaced, in no range of time. */
        ROWS_OUTSIDE_CHUNKS
    }

    public Problem {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(object, "object");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(remedy, "remedy");
    }

    /** A problem that keeps the migration from running. */
    public static Problem blocking(Code code, String object, String message, String remedy) {
        return new Problem(code, Severity.BLOCKING, object, message, remedy);
    }

    /** A problem that the report repeats. */
    public static Problem warning(Code code, String object, String message, String remedy) {
        return new Problem(code, Severity.WARNING, object, message, remedy);
    }

    /** Whether it keeps the migration from running. */
    public boolean blocks() {
        return severity == Severity.BLOCKING;
    }

    /** All of it in one line. */
    @Override
    public String toString() {
        return severity.name().toLowerCase(Locale.ROOT) + " " + code + " (" + object + "): " + message + " " + remedy;
    }
}
