package io.hyperferry.copy.internal;

import io.hyperferry.copy.CsvInputException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The table that CSV files are loaded into, as the server has it.
 *
 * @param name quoted, for SQL and for people
 * @param columns those that COPY can write, in the table's order
 * @param serverVersion PostgreSQL's, as in 17
 * @param encoding the server's own name for the encoding of the files
 * @param noDirectCompress why the server does not compress rows as they come; empty when it does
 */
record CsvTable(
        String name, List<String> columns, int serverVersion, String encoding, Optional<String> noDirectCompress) {

    private static final int NOT_VALID = -1;

    CsvTable {
        columns = List.copyOf(columns);
    }

    /**
     * Looks the table up, and whether rows can be put into it.
     *
     * @param table its name as SQL writes it
     * @throws CsvInputException when that does not go
     */
    static CsvTable find(Connection connection, String table, String encoding, CsvWrites writes) throws SQLException {
        String sql = """
                SELECT c.oid, format('%I.%I', n.nspname, c.relname), c.relkind IN ('r', 'p'),
                  has_any_column_privilege(c.oid, 'INSERT'), row_security_active(c.oid), pg_is_in_recovery(),
                  has_database_privilege(current_database(), 'TEMP'),
                  coalesce(pg_encoding_to_char(nullif(pg_char_to_encoding(?), -1)), '')
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.oid = to_regclass(?)""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, encoding);
            statement.setString(2, table);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new CsvInputException("there is no table " + table
                            + ": create it first, and write its name as SQL does, with its schema: public.readings");
                }
                String name = row.getString(2);
                require(row.getBoolean(3), name + " is no table");
                require(row.getBoolean(4), "the role may not insert into " + name + ": grant it INSERT");
                require(
                        !row.getBoolean(5),
                        "row-level security holds for the role on " + name
                                + ", and COPY does not go with it: load as the table's owner or with BYPASSRLS");
                require(!row.getBoolean(6), "the server is a standby that takes no rows: name the primary");
                require(
                        row.getBoolean(7) || !writes.skipConflicts(),
                        "leaving conflicts out needs a temporary table: grant the role TEMPORARY on the database");
                String known = row.getString(8);
                require(
                        !known.isEmpty(),
                        "PostgreSQL knows no encoding " + encoding + ": write for example UTF8, LATIN1 or WIN1252");
                long oid = row.getLong(1);
                return new CsvTable(
                        name,
                        columns(connection, oid),
                        connection.getMetaData().getDatabaseMajorVersion(),
                        known,
                        noDirectCompress(connection, oid, writes));
            }
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new CsvInputException(otherwise);
        }
    }

    private static List<String> columns(Connection connection, long table) throws SQLException {
        String sql = """
                SELECT attname FROM pg_attribute
                WHERE attrelid = ? AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum""";
        List<String> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                }
            }
        }
        return columns;
    }

    /** The server itself decides again with each COPY, and falls back to rows; this is for the report, and to keep its warnings away. */
    private static Optional<String> noDirectCompress(Connection connection, long table, CsvWrites writes)
            throws SQLException {
        if (!writes.directCompress()) {
            return Optional.of("it was not wanted");
        }
        if (writes.skipConflicts()) {
            return Optional.of("conflicts are to be left out");
        }
        String known = """
                SELECT to_regclass('timescaledb_information.hypertables') IS NOT NULL
                  AND EXISTS (SELECT FROM pg_settings WHERE name = 'timescaledb.enable_direct_compress_copy')""";
        if (!answer(connection, known, NOT_VALID)) {
            return Optional.of("the server cannot do it; TimescaleDB 2.21 and later can");
        }
        String columnstore = """
                SELECT EXISTS (
                  SELECT FROM timescaledb_information.hypertables h
                  WHERE format('%I.%I', h.hypertable_schema, h.hypertable_name)::regclass = ?::oid AND h.compression_enabled)""";
        if (!answer(connection, columnstore, table)) {
            return Optional.of("the table is no hypertable with a columnstore");
        }
        String constraints = """
                SELECT EXISTS (
                    SELECT FROM pg_index WHERE indrelid = ?::oid AND (indisunique OR indisexclusion))""";
        if (answer(connection, constraints, table)) {
            return Optional.of("the table has a unique index");
        }
        String triggers = """
                SELECT EXISTS (
                    SELECT FROM pg_trigger WHERE tgrelid = ?::oid AND tgname NOT IN ('ts_insert_blocker', 'ts_cagg_invalidation_trigger'))""";
        return answer(connection, triggers, table)
                ? Optional.of("the table has a trigger or a foreign key")
                : Optional.empty();
    }

    private static boolean answer(Connection connection, String sql, long table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (table != NOT_VALID) {
                statement.setLong(1, table);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
