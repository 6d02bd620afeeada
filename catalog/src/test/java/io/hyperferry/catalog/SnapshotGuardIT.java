package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each test takes a snapshot, lets another session do something, and asks the guard. */
@ExtendWith(TimescaleExtension.class)
class SnapshotGuardIT {
    private QualifiedName chunk = Reading.name("none");

    @BeforeEach
    void a_table_and_a_hypertable_with_one_chunk(@Source TestDatabase source) {
        source.execute(
                "DROP TABLE IF EXISTS plain",
                "DROP TABLE IF EXISTS ht",
                "CREATE TABLE plain (id int)",
                "INSERT INTO plain VALUES (1)",
                "CREATE TABLE ht (at timestamptz NOT NULL, v int)",
                "SELECT create_hypertable('ht', 'at')",
                "INSERT INTO ht VALUES ('2024-01-01', 1)");
        chunk = Reading.hypertable(source, "ht").chunks().get(0).name();
    }

    @Test
    void what_nobody_touched_is_unchanged_and_so_is_what_only_got_rows(@Source TestDatabase source)
            throws SQLException {
        assertThat(unchangedAfter(source, chunk, "SELECT 1")).isTrue();
        assertThat(unchangedAfter(source, Reading.name("plain"), "SELECT 1")).isTrue();
        assertThat(unchangedAfter(source, Reading.name("ht"), "SELECT 1")).isTrue();
        assertThat(unchangedAfter(source, chunk, "INSERT INTO ht VALUES ('2024-01-01', 2)"))
                .isTrue();
        assertThat(unchangedAfter(source, Reading.name("plain"), "DELETE FROM plain"))
                .isTrue();
    }

    @Test
    void a_truncated_table_or_chunk_is_changed(@Source TestDatabase source) throws SQLException {
        assertThat(unchangedAfter(source, Reading.name("plain"), "TRUNCATE plain"))
                .isFalse();
        assertThat(unchangedAfter(source, chunk, "TRUNCATE " + Reading.quoted(chunk)))
                .isFalse();
    }

    @Test
    void a_rewritten_table_is_changed(@Source TestDatabase source) throws SQLException {
        assertThat(unchangedAfter(source, Reading.name("plain"), "VACUUM FULL plain"))
                .isFalse();
    }

    @Test
    void a_dropped_table_or_chunk_is_changed(@Source TestDatabase source) throws SQLException {
        assertThat(unchangedAfter(source, chunk, "SELECT drop_chunks('ht', older_than => now())"))
                .isFalse();
        assertThat(unchangedAfter(source, Reading.name("plain"), "DROP TABLE plain"))
                .isFalse();
    }

    @Test
    void a_table_that_came_back_under_its_name_is_changed(@Source TestDatabase source) throws SQLException {
        assertThat(unchangedAfter(
                        source, Reading.name("plain"), "DROP TABLE plain", "CREATE TABLE plain AS SELECT 1 AS id"))
                .isFalse();
    }

    @Test
    void a_table_or_chunk_that_the_snapshot_has_not_is_changed(@Source TestDatabase source) throws SQLException {
        assertThat(unchangedAfter(source, Reading.name("new_table"), "CREATE TABLE new_table (id int)"))
                .isFalse();
        assertThat(unchangedAfter(source, Reading.name("never_there"), "SELECT 1"))
                .isFalse();
    }

    @Test
    @RequiresCommunity
    void a_chunk_that_was_compressed_is_changed(@Source TestDatabase source) throws SQLException {
        source.execute("ALTER TABLE ht SET (timescaledb.compress)");

        assertThat(unchangedAfter(source, chunk, "SELECT compress_chunk(c) FROM show_chunks('ht') c"))
                .isFalse();
    }

    @Test
    @RequiresCommunity
    void a_compressed_chunk_is_unchanged_until_it_is_decompressed_or_takes_rows(@Source TestDatabase source)
            throws SQLException {
        source.execute(
                "ALTER TABLE ht SET (timescaledb.compress)", "SELECT compress_chunk(c) FROM show_chunks('ht') c");

        assertThat(unchangedAfter(source, chunk, "SELECT 1")).isTrue();
        assertThat(unchangedAfter(source, chunk, "INSERT INTO ht VALUES ('2024-01-01', 2)"))
                .as("became partially compressed")
                .isFalse();
        assertThat(unchangedAfter(source, chunk, "SELECT decompress_chunk(c) FROM show_chunks('ht') c"))
                .isFalse();
    }

    @Test
    void the_guard_works_without_timescaledb(@Source TestDatabase source) throws SQLException {
        TestDatabase plain = source.createEmptySibling("guard");
        plain.execute("CREATE TABLE t (id int)");

        assertThat(unchangedAfter(plain, Reading.name("t"), "SELECT 1")).isTrue();
        assertThat(unchangedAfter(plain, Reading.name("t"), "TRUNCATE t")).isFalse();
    }

    private static boolean unchangedAfter(TestDatabase source, QualifiedName relation, String... changes)
            throws SQLException {
        try (Connection connection = source.connect()) {
            SnapshotGuard guard = SnapshotGuard.of(connection);
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            Reading.value(connection, "SELECT count(*) FROM pg_class");
            source.execute(changes);
            boolean unchanged = guard.unchanged(connection, relation);
            connection.rollback();
            return unchanged;
        }
    }
}
