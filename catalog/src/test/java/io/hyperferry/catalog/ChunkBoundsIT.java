package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresTimescale;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@AnyEdition
@ExtendWith(TimescaleExtension.class)
class ChunkBoundsIT {
    @Test
    void a_chunk_s_bounds_are_read_in_all_dimensions_and_chunks_are_found_by_ranges(@Source TestDatabase source)
            throws SQLException {
        TestDatabase database = source.createSibling("hash");
        database.execute(
                "CREATE TABLE ht (at bigint NOT NULL, device int)",
                "SELECT create_hypertable('ht', 'at', 'device', 2, chunk_time_interval => 10)",
                "INSERT INTO ht SELECT i, i FROM generate_series(0, 29) i");
        Hypertable hypertable = Reading.hypertable(database, "ht");

        try (Connection connection = database.connect()) {
            ChunkBounds bounds = ChunkBounds.of(connection);
            for (Chunk chunk : hypertable.chunks()) {
                assertThat(bounds.of(connection, chunk.name())).isEqualTo(chunk.ranges());
                assertThat(bounds.overlapping(connection, hypertable.name(), chunk.ranges()))
                        .containsExactly(chunk.name());
            }
            assertThat(bounds.overlapping(connection, hypertable.name(), List.of(new DimensionRange("at", 9, 11))))
                    .containsExactlyInAnyOrderElementsOf(hypertable.chunks().stream()
                            .filter(chunk -> chunk.ranges().get(0).from() < 20)
                            .map(Chunk::name)
                            .toList());
            assertThat(bounds.overlapping(connection, hypertable.name(), List.of(new DimensionRange("at", 30, 40))))
                    .isEmpty();
            assertThat(bounds.of(connection, Reading.name("ht"))).isEmpty();
        }
    }

    @Test
    @RequiresCommunity
    @RequiresTimescale("2.18+")
    void a_chunk_that_was_merged_has_other_bounds_under_its_name(@Source TestDatabase source) throws SQLException {
        TestDatabase database = source.createSibling("merged");
        database.execute(
                "CREATE TABLE ht (at bigint NOT NULL)",
                "SELECT create_hypertable('ht', 'at', chunk_time_interval => 10)",
                "INSERT INTO ht SELECT i FROM generate_series(0, 19) i");
        List<Chunk> chunks = Reading.hypertable(database, "ht").chunks();

        database.execute("CALL merge_chunks('" + Reading.quoted(chunks.get(0).name()) + "', '"
                + Reading.quoted(chunks.get(1).name()) + "')");

        try (Connection connection = database.connect()) {
            ChunkBounds bounds = ChunkBounds.of(connection);
            assertThat(bounds.of(connection, chunks.get(0).name())).containsExactly(new DimensionRange("at", 0, 20));
            assertThat(bounds.of(connection, chunks.get(1).name())).isEmpty();
        }
    }
}
