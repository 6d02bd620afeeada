package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Catch-up and repair compress chunks of the target again only if their rows stay the same. */
@RequiresCommunity
@ExtendWith(TimescaleExtension.class)
class RecompressionIT {
    private final TestDatabase from;
    private final TestDatabase to;
    private final Migration migration;

    RecompressionIT(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("equal");
        to = target.createSibling("equal");
        to.letTriggersRest();
        migration = Migrations.between(from, to);
    }

    @Test
    void values_that_are_equal_but_not_the_same_are_kept() {
        create("spans", "span interval");
        from.execute(
                "INSERT INTO spans SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 minute', '1 day', i"
                        + " FROM generate_series(0, 99) i",
                "INSERT INTO spans SELECT TIMESTAMPTZ '2026-01-02 00:00+00' + i * INTERVAL '1 minute', '1 day', i"
                        + " FROM generate_series(0, 99) i",
                "SELECT compress_chunk(show_chunks('spans'))");
        assertThat(migration.run().identical()).isTrue();
        from.execute(
                "UPDATE spans SET span = '24 hours' WHERE v = 7 AND time < '2026-01-02 00:00+00'",
                "UPDATE spans SET v = -1 WHERE v = 8 AND time >= '2026-01-02 00:00+00'");

        CatchUpReport report = migration.catchUp();

        assertThat(report.still()).as(report.toText()).isTrue();
        assertSame("spans");
        assertThat(compressedOnly("spans")).as("the chunk without such values").isEqualTo(1);

        to.execute("UPDATE spans SET v = 0 WHERE v = 9 AND time < '2026-01-02 00:00+00'");
        migration.repair();
        assertSame("spans");
    }

    @Test
    void a_chunk_that_the_source_compressed_stays_as_it_is_where_its_rows_would_change() {
        create("spans", "span interval");
        from.execute("INSERT INTO spans SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 minute',"
                + " CASE WHEN i % 2 = 0 THEN INTERVAL '1 day' ELSE '24 hours' END, i FROM generate_series(0, 99) i");
        assertThat(migration.run().identical()).isTrue();
        from.execute(
                "CREATE TABLE former AS TABLE spans",
                "SELECT compress_chunk(show_chunks('spans'))",
                "INSERT INTO spans SELECT time, span, -v FROM former",
                "DELETE FROM spans WHERE v > 0",
                "DROP TABLE former");

        CatchUpReport report = migration.catchUp();

        assertThat(report.still()).as(report.toText()).isTrue();
        assertSame("spans");
    }

    @Test
    void a_chunk_that_cannot_be_compressed_again_has_its_rows() {
        create("named", "label name");
        from.execute(
                "INSERT INTO named SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 minute', 'n' || i % 2, i"
                        + " FROM generate_series(0, 99) i",
                "SELECT compress_chunk(show_chunks('named'))");
        assertThat(migration.run().identical()).isTrue();
        from.execute(
                "UPDATE named SET v = -1 WHERE v = 7", "INSERT INTO named VALUES ('2026-01-02 00:00+00', 'n1', 1)");

        CatchUpReport report = migration.catchUp();

        assertThat(report.still()).as(report.toText()).isTrue();
        assertSame("named");
    }

    private void create(String table, String segment) {
        String column = segment.substring(0, segment.indexOf(' '));
        from.execute(
                "CREATE TABLE " + table + " (time timestamptz NOT NULL, " + segment + ", v int)",
                "SELECT create_hypertable('" + table + "', 'time', chunk_time_interval => INTERVAL '1 day')",
                "ALTER TABLE " + table + " SET (timescaledb.compress, timescaledb.compress_segmentby = '" + column
                        + "', timescaledb.compress_orderby = 'time')");
    }

    private void assertSame(String table) {
        String rows = "SELECT " + table + "::text FROM " + table + " ORDER BY 1";
        assertThat(to.rows(rows)).isEqualTo(from.rows(rows));
    }

    /** The chunks all of whose rows are compressed. */
    private int compressedOnly(String table) {
        List<List<String>> chunks = to.rows("SELECT c::text FROM show_chunks('" + table + "') c");
        return (int) chunks.stream()
                .filter(chunk -> to.count("SELECT count(*) FROM ONLY " + chunk.get(0)) == 0)
                .count();
    }
}
