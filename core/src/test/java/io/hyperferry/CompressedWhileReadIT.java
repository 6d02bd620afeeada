package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.slice.SliceLocation;
import io.hyperferry.internal.slice.SliceLocation.Look;
import io.hyperferry.internal.slice.SliceLocator;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Compressing a partly compressed chunk waits for nobody, and takes rows away from those who read it. */
@RequiresCommunity
class CompressedWhileReadIT {
    @Test
    void rows_that_a_reader_missed_are_a_transient_failure(@Source TestDatabase source, @Target TestDatabase target)
            throws SQLException {
        TestDatabase from = source.createSibling("compressing");
        Migrations.fillReadings(from, 1);
        from.execute(
                "ALTER TABLE readings SET (timescaledb.compress)",
                "SELECT compress_chunk(c) FROM show_chunks('readings') c",
                "INSERT INTO readings VALUES ('2026-01-01 12:00:30+00', 1, 'late')");
        MigrationPlan plan =
                Migrations.between(from, target.createSibling("compressing")).plan();
        TableData table = plan.tables().get(0);

        try (Connection reader = from.connect()) {
            reader.setAutoCommit(false);
            SliceLocation location =
                    SliceLocator.of(reader).location(table, table.slices().get(0));
            reader.rollback();
            Jdbc.execute(reader, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            assertThat(location.lock(reader)).isTrue();
            assertThat(location.look(reader)).isEqualTo(Look.HERE);
            location.requireUnchanged(reader);

            from.execute("SELECT compress_chunk(c) FROM show_chunks('readings') c");

            long read = Jdbc.one(reader, "SELECT count(*) AS n FROM " + location.rows(), row -> row.getLong("n"));
            assertThat(read).as("rows of 1,441 that the reader finds").isEqualTo(1_440);
            SQLException failure = catchThrowableOfType(SQLException.class, () -> location.requireUnchanged(reader));
            assertThat(failure.getMessage()).endsWith("was compressed while it was read");
            assertThat(failure.getSQLState()).isEqualTo("40001");
            reader.rollback();
        }
    }
}
