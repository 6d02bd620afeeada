package io.hyperferry.copy.internal;

import io.hyperferry.copy.CsvInputException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of an import is done, in the target: a batch's mark is written in the transaction of its rows. Who writes the same mark at the same time
 * waits for that transaction, so two processes with one import id load nothing twice. Thread-safe.
 */
final class CsvMarks {

    private static final String TABLES = """
            CREATE SCHEMA IF NOT EXISTS hyperferry_load;
            CREATE TABLE IF NOT EXISTS hyperferry_load.import (
              id text PRIMARY KEY,
              definition text NOT NULL,
              begun timestamptz NOT NULL DEFAULT now());
            CREATE TABLE IF NOT EXISTS hyperferry_load.batch (
              import text NOT NULL REFERENCES hyperferry_load.import ON DELETE CASCADE,
              file int NOT NULL,
              number int NOT NULL,
              first_line bigint NOT NULL,
              records int NOT NULL,
              bytes int NOT NULL,
              checksum bigint NOT NULL,
              PRIMARY KEY (import, file, number));
            REVOKE ALL ON SCHEMA hyperferry_load FROM PUBLIC;
            REVOKE ALL ON hyperferry_load.import, hyperferry_load.batch FROM PUBLIC""";

    /** Two sessions that make the same schema at the same time would both fail. */
    private static final String ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7517038213)";

    private final String importId;
    private final Map<Long, Long> done;

    private CsvMarks(String importId, Map<Long, Long> done) {
        this.importId = importId;
        this.done = done;
    }

    /**
     * Begins an import or goes on with it, in the connection's transaction.
     *
     * @param definition all that decides which record is in which batch, a line each
     * @throws CsvInputException when the import was begun with another definition
     */
    static CsvMarks open(Connection connection, String importId, String definition) throws SQLException {
        makeTables(connection);
        boolean begun = update(
                        connection,
                        "INSERT INTO hyperferry_load.import (id, definition) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        importId,
                        definition)
                > 0;
        if (begun) {
            return new CsvMarks(importId, new HashMap<>());
        }
        compare(importId, earlierDefinition(connection, importId), definition);
        return new CsvMarks(importId, marks(connection, importId));
    }

    private static void makeTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(ONE_AT_A_TIME);
            try (ResultSet row = statement.executeQuery(
                    "SELECT to_regclass('hyperferry_load.import') IS NULL OR to_regclass('hyperferry_load.batch') IS NULL")) {
                if (!row.next() || !row.getBoolean(1)) {
                    return;
                }
            }
            statement.execute(TABLES);
        }
    }

    private static String earlierDefinition(Connection connection, String importId) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT definition FROM hyperferry_load.import WHERE id = ?")) {
            statement.setString(1, importId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    private static void compare(String importId, String earlier, String now) {
        if (earlier.equals(now)) {
            return;
        }
        List<String> before = new ArrayList<>(earlier.lines().toList());
        List<String> after = new ArrayList<>(now.lines().toList());
        before.removeAll(now.lines().toList());
        after.removeAll(earlier.lines().toList());
        throw new CsvInputException("the import '" + importId + "' was begun otherwise; then: " + before + ", now: "
                + after + ". Go on with the same files and options, or choose another import id for another load");
    }

    private static Map<Long, Long> marks(Connection connection, String importId) throws SQLException {
        Map<Long, Long> marks = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT file, number, checksum FROM hyperferry_load.batch WHERE import = ?")) {
            statement.setString(1, importId);
            statement.setFetchSize(10_000);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    marks.put(key(rows.getInt(1), rows.getInt(2)), rows.getLong(3));
                }
            }
        }
        return marks;
    }

    private static long key(int file, int number) {
        return ((long) file << 32) | number;
    }

    /**
     * Whether an earlier load has done the batch, as far as was known at the beginning.
     *
     * @throws SQLException when it was another batch then
     */
    boolean isDone(CsvBatch batch, String name) throws SQLException {
        @Nullable Long checksum = done.get(key(batch.file(), batch.number()));
        if (checksum == null) {
            return false;
        }
        requireSame(checksum, batch, name);
        return true;
    }

    /**
     * Writes the mark of a batch, in the transaction that its rows will be in.
     *
     * @return false when it is there: the batch is done
     * @throws SQLException also when it was another batch
     */
    boolean take(Connection target, CsvBatch batch, String name) throws SQLException {
        int written = update(
                target,
                """
                INSERT INTO hyperferry_load.batch (import, file, number, first_line, records, bytes, checksum)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                importId,
                batch.file(),
                batch.number(),
                batch.firstLine(),
                batch.records(),
                batch.length(),
                batch.checksum());
        if (written > 0) {
            return true;
        }
        try (PreparedStatement statement = target.prepareStatement(
                "SELECT checksum FROM hyperferry_load.batch WHERE import = ? AND file = ? AND number = ?")) {
            statement.setString(1, importId);
            statement.setInt(2, batch.file());
            statement.setInt(3, batch.number());
            try (ResultSet row = statement.executeQuery()) {
                requireSame(row.next() ? row.getLong(1) : ~batch.checksum(), batch, name);
            }
        }
        return false;
    }

    private void requireSame(long checksum, CsvBatch batch, String name) throws SQLException {
        if (checksum != batch.checksum()) {
            throw new SQLException(name + " has changed since the import '" + importId
                    + "' began: other records are in the batch" + " from line " + batch.firstLine()
                    + " on. Go on with the file as it was; its rows so far are in the table");
        }
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }
}
