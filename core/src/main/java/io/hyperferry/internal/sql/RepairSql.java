package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.literal;
import static io.hyperferry.internal.sql.Identifiers.quote;
import static io.hyperferry.internal.sql.Identifiers.regclass;

import io.hyperferry.TableData;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Timescale;

/** What happens on the target around rows that are copied anew, in the transaction that copies them. */
public final class RepairSql {
    /**
     * Suppresses triggers, foreign keys and rules: what they did on the source is among its rows. Those that are {@code ENABLE ALWAYS} or
     * {@code ENABLE REPLICA} still fire, see {@link ObstacleSql#firing}.
     */
    public static final String QUIET = "SET LOCAL session_replication_role = replica";

    /** Lets triggers follow again. */
    public static final String NOT_QUIET = "SET LOCAL session_replication_role = origin";

    /** Shows the rows of root tables, and takes a superuser. */
    public static final String RESTORING = "SET LOCAL timescaledb.restoring = on";

    /** Has a chunk's statistics written when it is compressed, without which queries exclude it; not every version has the setting. */
    public static final String CHUNK_SKIPPING = "SELECT set_config(name, 'on', true) FROM pg_catalog.pg_settings"
            + " WHERE name = 'timescaledb.enable_chunk_skipping'";

    private RepairSql() {}

    /** Removes the rows of a range of time of a hypertable, or of a whole plain table. */
    public static String delete(TableData data, QualifiedName relation, long from, long to) {
        return "DELETE FROM "
                + (data.time() == null
                        ? "ONLY " + quote(relation)
                        : quote(relation) + CopySql.where(data.time(), from, to));
    }

    /** Compresses what of a compressed chunk is not, with the settings that the chunk was compressed with. */
    public static String compress(QualifiedName chunk, Timescale target) {
        return "SELECT " + quote(target.schema()) + ".compress_chunk(" + regclass(chunk)
                + ", if_not_compressed => true)";
    }

    /** Lets a frozen chunk be changed. */
    public static String unfreeze(QualifiedName chunk, Timescale target) {
        return "SELECT " + quote(target.functionSchema()) + ".unfreeze_chunk(" + regclass(chunk) + ")";
    }

    /** Keeps a chunk from being changed. */
    public static String freeze(QualifiedName chunk, Timescale target) {
        return "SELECT " + quote(target.functionSchema()) + ".freeze_chunk(" + regclass(chunk) + ")";
    }

    /** Removes a chunk that the source does not have; not to be {@link #QUIET}, since TimescaleDB follows by an event trigger. */
    public static String drop(QualifiedName chunk) {
        return "DROP TABLE " + quote(chunk);
    }

    /** The rows of a chunk. Column {@code row_count}. */
    public static String count(QualifiedName chunk) {
        return "SELECT count(*) AS row_count FROM " + quote(chunk);
    }

    /** Whether a chunk has no row. Column {@code empty}. */
    public static String isEmpty(QualifiedName chunk) {
        return "SELECT NOT EXISTS (SELECT FROM " + quote(chunk) + ") AS empty";
    }

    /** Whether the role may be {@link #QUIET}. Column {@code quiet}. */
    public static String mayBeQuiet(ServerInfo target) {
        return "SELECT "
                + (target.postgres().isAtLeast(15, 0)
                        ? "has_parameter_privilege('session_replication_role', 'SET')"
                        : "(SELECT rolsuper FROM pg_roles WHERE rolname = current_user)")
                + " AS quiet";
    }

    /** Removes all rows of a chunk, whatever its metadata says; it stays a compressed one, with its settings. */
    public static String empty(QualifiedName chunk) {
        return "TRUNCATE TABLE " + quote(chunk);
    }

    /** Removes the rows of a hypertable's root table; only {@link #RESTORING}, the server finds them. */
    public static String deleteFromRoot(QualifiedName hypertable) {
        return "DELETE FROM ONLY " + quote(hypertable);
    }

    /** Resets the ranges by which queries skip chunks: no chunk is skipped by this column until it is compressed again. */
    public static String resetSkipping(QualifiedName hypertable, String column, Timescale target) {
        String arguments = "(" + regclass(hypertable) + ", " + literal(column) + ")";
        return "SELECT " + quote(target.schema()) + ".disable_chunk_skipping" + arguments + ", "
                + quote(target.schema()) + ".enable_chunk_skipping" + arguments;
    }

    /** Whether the role may be {@link #RESTORING}. Column {@code restoring}. */
    public static String mayRestore(ServerInfo target) {
        return "SELECT "
                + (target.postgres().isAtLeast(15, 0)
                        ? "has_parameter_privilege('timescaledb.restoring', 'SET')"
                        : "(SELECT rolsuper FROM pg_roles WHERE rolname = current_user)")
                + " AS restoring";
    }

    /** Builds an index again; TimescaleDB does so with those of a hypertable only together. */
    public static String reindex(QualifiedName index, boolean ofHypertable, QualifiedName hypertable) {
        return ofHypertable ? reindexTable(hypertable) : "REINDEX INDEX " + quote(index);
    }

    /** Builds the indexes of a table again. */
    public static String reindexTable(QualifiedName table) {
        return "REINDEX TABLE " + quote(table);
    }
}
