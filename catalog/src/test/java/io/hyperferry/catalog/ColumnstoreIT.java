package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.ColumnstoreSettings.SparseIndex;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresTimescale;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Settings of the columnstore, and what else only some versions of TimescaleDB have. */
@RequiresCommunity
class ColumnstoreIT {
    private static final long DAY = 86_400_000_000L;

    @Test
    void settings_are_read_of_the_hypertable_and_of_the_chunks_that_were_compressed_before_they_changed(
            @Source TestDatabase source) {
        source.execute(
                "CREATE TABLE laid_out (at timestamptz NOT NULL, \"D x\" int, v int)",
                "SELECT create_hypertable('laid_out', 'at', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO laid_out VALUES ('2024-01-01', 1, 1), ('2024-02-01', 1, 1)",
                "ALTER TABLE laid_out SET (timescaledb.compress, timescaledb.compress_segmentby = '\"D x\"',"
                        + " timescaledb.compress_orderby = 'at DESC NULLS LAST, v',"
                        + " timescaledb.compress_chunk_time_interval = '7 days')",
                "SELECT compress_chunk(c) FROM show_chunks('laid_out') c LIMIT 1");
        List<Order> order = List.of(new Order("at", true, false), new Order("v", false, false));

        Hypertable hypertable = Reading.hypertable(source, "laid_out");

        assertThat(hypertable.columnstore())
                .isEqualTo(new ColumnstoreSettings(List.of("D x"), order, 7 * DAY, List.of(), false));
        assertThat(hypertable.chunks())
                .extracting(Chunk::columnstore)
                .containsExactly(ColumnstoreSettings.of(List.of("D x"), order), null);
        assertThat(hypertable.chunks()).noneMatch(Chunk::tiered);
        assertThat(hypertable.distributed()).isFalse();
    }

    @Test
    @RequiresTimescale("2.14+")
    void a_chunk_keeps_the_settings_with_which_it_was_compressed(@Source TestDatabase source) {
        source.execute(
                "CREATE TABLE changed (at timestamptz NOT NULL, a int, b int)",
                "SELECT create_hypertable('changed', 'at', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO changed VALUES ('2024-01-01', 1, 1), ('2024-02-01', 1, 1)",
                "ALTER TABLE changed SET (timescaledb.compress, timescaledb.compress_segmentby = 'a',"
                        + " timescaledb.compress_orderby = 'at')",
                "SELECT compress_chunk(c) FROM show_chunks('changed', older_than => '2024-01-20'::timestamptz) c",
                "ALTER TABLE changed SET (timescaledb.compress, timescaledb.compress_segmentby = 'b',"
                        + " timescaledb.compress_orderby = 'at')",
                "SELECT compress_chunk(c) FROM show_chunks('changed', newer_than => '2024-01-20'::timestamptz) c");

        Hypertable hypertable = Reading.hypertable(source, "changed");

        assertThat(settings(hypertable).segmentBy()).isEqualTo(List.of("b"));
        assertThat(hypertable.chunks().stream()
                        .map(it -> Objects.requireNonNull(it.columnstore()).segmentBy())
                        .toList())
                .isEqualTo(List.of(List.of("a"), List.of("b")));
    }

    @Test
    void segments_that_nobody_chose_are_none_or_left_to_the_server(@Source TestDatabase source) {
        source.execute(
                "CREATE TABLE unchosen (at timestamptz NOT NULL)",
                "SELECT create_hypertable('unchosen', 'at')",
                "INSERT INTO unchosen VALUES ('2024-01-01')",
                "ALTER TABLE unchosen SET (timescaledb.compress)",
                "SELECT compress_chunk(c) FROM show_chunks('unchosen') c");
        DatabaseCatalog catalog = Reading.of(source);
        boolean serverDecides = catalog.timescale().orElseThrow().has(TimescaleFeature.COLUMNSTORE_INDEX);

        Hypertable hypertable = catalog.hypertable(Reading.name("unchosen")).orElseThrow();

        assertThat(settings(hypertable).segmentBy()).isEqualTo(serverDecides ? null : List.of());
        assertThat(hypertable.chunks())
                .singleElement()
                .extracting(it -> Objects.requireNonNull(it.columnstore()).segmentBy())
                .as("of a chunk, everything is decided")
                .isEqualTo(List.of());
    }

    @Test
    @RequiresTimescale("2.14+")
    void compressed_tuples_are_found_where_they_can_be_read_by_themselves(@Source TestDatabase source)
            throws SQLException {
        source.execute(
                "CREATE TABLE tuples (at timestamptz NOT NULL, a text, v int)",
                "SELECT create_hypertable('tuples', 'at', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO tuples VALUES ('2024-01-01', 'x', 1), ('2024-01-02', 'x', 1)",
                "ALTER TABLE tuples SET (timescaledb.compress, timescaledb.compress_segmentby = 'a',"
                        + " timescaledb.compress_orderby = 'at DESC')",
                "SELECT compress_chunk(c) FROM show_chunks('tuples', older_than => TIMESTAMPTZ '2024-01-02') c");

        List<Chunk> chunks = Reading.hypertable(source, "tuples").chunks();
        CompressedRelation compressed = Objects.requireNonNull(chunks.get(0).compressed());

        assertThat(chunks.get(1).compressed()).isNull();
        assertThat(compressed.layout().columns())
                .extracting(Column::name)
                .contains("_ts_meta_count", "at", "a", "v", "_ts_meta_min_1", "_ts_meta_max_1");
        assertThat(compressed.layout().settings()).contains("{a} {at} {t}");
        try (Connection connection = source.connect()) {
            CompressedChunks now = CompressedChunks.of(connection);
            assertThat(now.find(connection, chunks.get(0).name())).contains(compressed);
            assertThat(now.find(connection, chunks.get(1).name())).isEmpty();
            assertThat(now.sizes(connection, chunks.get(0).name()).orElseThrow().rows())
                    .isEqualTo(1);
        }
        source.execute("ALTER TABLE tuples ADD COLUMN place text DEFAULT 'here'");
        assertThat(Reading.hypertable(source, "tuples").chunks())
                .extracting(Chunk::compressed)
                .as("where a null stands for the default")
                .containsOnlyNulls();
    }

    @Test
    @RequiresTimescale("2.29+")
    void sparse_indexes_of_users_and_direct_compress_are_read(@Source TestDatabase source) {
        source.execute(
                "CREATE TABLE indexed (at timestamptz NOT NULL, a text, \"B c\" text, v int)",
                "SELECT create_hypertable('indexed', 'at')",
                "ALTER TABLE indexed SET (timescaledb.compress, timescaledb.compress_segmentby = '',"
                        + " timescaledb.compress_orderby = 'at',"
                        + " timescaledb.compress_index = 'bloom(\"a\"),bloom(\"a\",\"B c\"),minmax(\"v\")')",
                "CREATE TABLE direct (at timestamptz NOT NULL)",
                "SELECT create_hypertable('direct', 'at')",
                "ALTER TABLE direct SET (timescaledb.compress)",
                "ALTER TABLE direct SET (timescaledb.direct_compress)");

        ColumnstoreSettings indexed = settings(Reading.hypertable(source, "indexed"));
        assertThat(indexed.indexes())
                .containsExactly(
                        new SparseIndex("bloom", List.of("a")),
                        new SparseIndex("bloom", List.of("a", "B c")),
                        new SparseIndex("minmax", List.of("v")));
        assertThat(indexed.segmentBy()).isEmpty();
        assertThat(indexed.directCompress()).isFalse();
        assertThat(settings(Reading.hypertable(source, "direct")).directCompress())
                .isTrue();
    }

    @Test
    @RequiresTimescale("2.19+")
    void columns_that_exclude_chunks_are_read(@Source TestDatabase source) {
        source.execute(
                "SET timescaledb.enable_chunk_skipping = on",
                "CREATE TABLE skipping (at timestamptz NOT NULL, a int, b int)",
                "SELECT create_hypertable('skipping', 'at')",
                "ALTER TABLE skipping SET (timescaledb.compress)",
                "INSERT INTO skipping VALUES ('2024-01-01', 1, 1)",
                "SELECT enable_chunk_skipping('skipping', 'b')",
                "SELECT enable_chunk_skipping('skipping', 'a')");

        assertThat(Reading.hypertable(source, "skipping").skippingColumns()).containsExactly("a", "b");
    }

    @Test
    void adaptive_chunking_is_read_where_there_is_such_a_thing(@Source TestDatabase source) {
        DatabaseCatalog catalog = Reading.of(source);
        boolean adapts = catalog.timescale().orElseThrow().has(TimescaleFeature.ADAPTIVE_CHUNKING);
        assertThat(adapts)
                .isEqualTo(source.count("SELECT count(*) FROM pg_proc WHERE proname = 'set_adaptive_chunking'") > 0);
        if (adapts) {
            source.execute(
                    "CREATE TABLE adaptive (at timestamptz NOT NULL)",
                    "SELECT create_hypertable('adaptive', 'at')",
                    "SELECT set_adaptive_chunking('adaptive', '100MB')");

            Hypertable.AdaptiveChunking chunking = Objects.requireNonNull(
                    Reading.hypertable(source, "adaptive").adaptiveChunking());

            assertThat(chunking.targetBytes()).isEqualTo(100L << 20);
            assertThat(chunking.function().name()).isEqualTo("calculate_chunk_interval");
        }
    }

    @Test
    void tablespaces_are_read_in_the_order_in_which_they_were_attached(@Source TestDatabase source) {
        TestDatabase superuser = source.superuser();
        superuser.execute(
                "SET allow_in_place_tablespaces = on",
                "DROP TABLESPACE IF EXISTS hf_space_b",
                "DROP TABLESPACE IF EXISTS hf_space_a",
                "CREATE TABLESPACE hf_space_b LOCATION ''",
                "CREATE TABLESPACE hf_space_a LOCATION ''",
                "GRANT CREATE ON TABLESPACE hf_space_a, hf_space_b TO " + source.user(),
                "CREATE TABLE spread (at timestamptz NOT NULL)",
                "SELECT create_hypertable('spread', 'at')",
                "SELECT attach_tablespace('hf_space_b', 'spread'), attach_tablespace('hf_space_a', 'spread')");

        assertThat(Reading.hypertable(source, "spread").tablespaces()).containsExactly("hf_space_b", "hf_space_a");
        assertThat(Reading.of(source).server().inventory().tablespaces()).contains("hf_space_a", "hf_space_b");
        superuser.execute("DROP TABLE spread", "DROP TABLESPACE hf_space_a", "DROP TABLESPACE hf_space_b");
    }

    private static ColumnstoreSettings settings(Hypertable hypertable) {
        return Objects.requireNonNull(hypertable.columnstore(), "columnstore");
    }
}
