package io.hyperferry.internal.jdbc;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Every setting that changes what a session reads or writes, or how it fails, with the value that all sessions of a run have on source and
 * target. Databases, roles, servers and connection strings can set others; a run must not depend on them.
 *
 * <p>A session gets these values right after it connected, before its first other statement. pg_dump gets those that it does not set by
 * itself as connection options.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-client.html">client connection defaults</a>
 */
public final class PinnedSettings {
    /** Where else than in a session's first statement a value has to be set. */
    private enum Dump {
        /** pg_dump sets it by itself, or its output does not depend on it. */
        INDIFFERENT,
        /** pg_dump writes other SQL under another value. */
        NEEDED,
        /** pg_dump writes other SQL under another value where a table has a column of type money. */
        NEEDED_FOR_MONEY
    }

    /**
     * A setting with its value.
     *
     * @param name the name in {@code pg_settings}; a server that lacks it is left alone
     * @param value the value as {@code pg_settings} spells it
     */
    private record Pin(String name, String value, Dump dump) {
        Pin(String name, String value) {
            this(name, value, Dump.INDIFFERENT);
        }
    }

    private static final List<Pin> PINS = List.of(
            // Which rows a statement sees and changes.
            new Pin("timescaledb.restoring", "off", Dump.NEEDED),
            new Pin("timescaledb.enable_transparent_decompression", "on"),
            new Pin("timescaledb.enable_dml_decompression", "on"),
            new Pin("timescaledb.max_tuples_decompressed_per_dml_transaction", "0"),
            new Pin("timescaledb.enable_tiered_reads", "off"),
            new Pin("timescaledb.enable_hypertable_expansion_for_dml", "on"),
            new Pin("row_security", "off"),
            new Pin("gin_fuzzy_search_limit", "0"),
            new Pin("restrict_nonsystem_relation_kind", ""),
            new Pin("zero_damaged_pages", "off"),
            new Pin("ignore_checksum_failure", "off"),
            // A chunk that is made or compressed while chunk skipping is off has no ranges, and is excluded while it is
            // on.
            new Pin("timescaledb.enable_chunk_skipping", "on"),
            // In which form rows are stored. Where a plan wants rows compressed on arrival, its step says so.
            new Pin("timescaledb.enable_direct_compress_copy", "off"),
            new Pin("timescaledb.enable_direct_compress_copy_client_sorted", "off"),
            new Pin("timescaledb.enable_direct_compress_copy_sort_batches", "on"),
            new Pin("timescaledb.enable_direct_compress_insert", "off"),
            new Pin("timescaledb.enable_direct_compress_insert_client_sorted", "off"),
            new Pin("timescaledb.enable_direct_compress_insert_sort_batches", "on"),
            new Pin("timescaledb.enable_direct_compress_on_cagg_refresh", "off"),
            new Pin("timescaledb.enable_delete_after_compression", "off"),
            // What follows a change: triggers, foreign keys, invalidations.
            new Pin("session_replication_role", "origin"),
            new Pin("timescaledb.enable_foreign_key_propagation", "on"),
            new Pin("timescaledb.skip_cagg_invalidation", "off"),
            // What a transaction may do, and for how long.
            new Pin("default_transaction_read_only", "off"),
            new Pin("default_transaction_isolation", "read committed"),
            new Pin("default_transaction_deferrable", "off"),
            new Pin("statement_timeout", "0"),
            new Pin("lock_timeout", "0"),
            new Pin("transaction_timeout", "0"),
            new Pin("idle_in_transaction_session_timeout", "0"),
            new Pin("idle_session_timeout", "0"),
            // What SQL means.
            new Pin("search_path", "\"$user\", public"),
            new Pin("standard_conforming_strings", "on", Dump.NEEDED),
            new Pin("backslash_quote", "safe_encoding"),
            new Pin("transform_null_equals", "off"),
            new Pin("array_nulls", "on"),
            new Pin("default_tablespace", ""),
            new Pin("default_table_access_method", "heap"),
            // How values and names are spelled.
            new Pin("quote_all_identifiers", "off", Dump.NEEDED),
            new Pin("DateStyle", "ISO, YMD"),
            new Pin("IntervalStyle", "postgres"),
            new Pin("TimeZone", "UTC"),
            new Pin("extra_float_digits", "3"),
            new Pin("bytea_output", "hex"),
            new Pin("xmlbinary", "base64"),
            new Pin("xmloption", "content"),
            new Pin("lc_monetary", "C", Dump.NEEDED_FOR_MONEY));

    private static final String VALUES = PINS.stream()
            .map(pin -> "('" + pin.name() + "', '" + pin.value() + "', '" + pin.dump() + "')")
            .collect(joining(", ", "(VALUES ", ") p (name, value, dump)"));

    private static final String PINNED = "FROM " + VALUES + " JOIN pg_catalog.pg_settings s ON s.name = p.name WHERE ";

    private static final String DIFFERING = PINNED + "s.setting IS DISTINCT FROM p.value";

    /** Since PostgreSQL 15 the right to change a superuser's parameter can be granted. */
    private static final int GRANTED_SINCE = 15;

    private PinnedSettings() {}

    /**
     * A setting with the value that a session had.
     *
     * @param name the name in {@code pg_settings}
     * @param value the value
     */
    public record Former(String name, String value) {}

    /** The names of all pinned settings. */
    public static List<String> names() {
        return PINS.stream().map(Pin::name).toList();
    }

    /**
     * Gives a session in autocommit the pinned values, as far as its role may set them.
     *
     * @return what the session had before, of those that were changed
     */
    public static List<Former> pin(Connection connection) throws SQLException {
        String settable = connection.getMetaData().getDatabaseMajorVersion() < GRANTED_SINCE
                ? "pg_catalog.current_setting('is_superuser') = 'on'"
                : "pg_catalog.has_parameter_privilege(s.name, 'SET')";
        return Jdbc.query(
                connection,
                "WITH pinned AS MATERIALIZED (SELECT s.name, s.setting, p.value " + DIFFERING
                        + " AND (s.context = 'user' OR (s.context = 'superuser' AND " + settable + ")))"
                        + " SELECT name, setting, pg_catalog.set_config(name, value, false) FROM pinned",
                row -> new Former(row.getString("name"), row.getString("setting")));
    }

    /** Gives a session in autocommit its former values back. */
    public static void restore(Connection connection, List<Former> formers) throws SQLException {
        if (formers.isEmpty()) {
            return;
        }
        List<String> values = new ArrayList<>();
        for (Former former : formers) {
            values.add(former.name());
            values.add(former.value());
        }
        Jdbc.query(
                connection,
                formers.stream()
                        .map(former -> "pg_catalog.set_config(?, ?, false)")
                        .collect(joining(", ", "SELECT ", "")),
                row -> true,
                values.toArray());
    }

    /** The settings of a pinned session that still have another value than the pinned one, because its role may not change them. */
    public static List<Former> notPinned(Connection connection) throws SQLException {
        return Jdbc.query(
                connection,
                "SELECT s.name, s.setting " + DIFFERING + " ORDER BY s.name",
                row -> new Former(row.getString("name"), row.getString("setting")));
    }

    /**
     * The connection options with which pg_dump writes the same SQL whatever the database or the role sets; empty where they set nothing
     * that matters. A pooler may refuse options, so there are none without need.
     *
     * @param connection a pinned session of the database
     */
    static String dumpOptions(Connection connection) throws SQLException {
        return String.join(
                " ",
                Jdbc.query(
                        connection,
                        "SELECT p.name, p.value " + PINNED + """
                                s.reset_val IS DISTINCT FROM p.value AND s.setting = p.value
                                 AND (p.dump = 'NEEDED'
                                      OR p.dump = 'NEEDED_FOR_MONEY' AND s.reset_val !~* '^(C|POSIX)([.]|$)'
                                          AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
                                              WHERE a.atttypid = 'pg_catalog.money'::pg_catalog.regtype
                                                  AND a.attrelid >= 16384))
                                ORDER BY p.name""",
                        row -> "-c " + row.getString("name") + "=" + row.getString("value")));
    }
}
