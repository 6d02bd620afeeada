package io.hyperferry.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.CompressedMode;
import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Step;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.SliceQueries.Claimed;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The queue of slices and compressions: who gets what, with three daily chunks of readings, each cut in two and to be compressed. */
@ExtendWith(TimescaleExtension.class)
class SliceQueriesIT {
    private static final ColumnstoreSettings SETTINGS =
            ColumnstoreSettings.of(List.of(), List.of(new Order("time", true, true)));

    private Connection one;
    private Connection other;
    private int attempt;

    @BeforeEach
    void ledger(@Target TestDatabase target) throws SQLException {
        TestDatabase database = target.createSibling("queue");
        one = database.connect();
        other = database.connect();
        MigrationPlan plan = Migration.from("postgres://nowhere/source")
                .to("postgres://nowhere/target")
                .include("public.readings")
                .splitBy(Duration.ofHours(12))
                .compressed(CompressedMode.RECOMPRESS)
                .plan(source(), TestCatalogs.target());
        assertThat(plan.copyData().orElseThrow().compressions())
                .extracting(Step.Compression::slices)
                .containsExactly(List.of(1, 2), List.of(3, 4), List.of(5, 6));
        Ledger.create(one, plan);
        attempt = Attempts.begin(one, 2);
        one.setAutoCommit(false);
        other.setAutoCommit(false);
    }

    private static DatabaseCatalog source() {
        DatabaseCatalog source = TestCatalogs.source();
        return source.toBuilder()
                .hypertables(source.hypertables().stream()
                        .map(it -> it.withColumnstore(SETTINGS)
                                .withChunks(it.chunks().stream()
                                        .map(SliceQueriesIT::compressed)
                                        .toList()))
                        .toList())
                .build();
    }

    private static Chunk compressed(Chunk chunk) {
        return new Chunk(chunk.name(), chunk.oid(), chunk.ranges(), 1, 1_000, 100, 100, SETTINGS, false, null);
    }

    @AfterEach
    void close() throws SQLException {
        one.close();
        other.close();
    }

    @Test
    void a_slice_belongs_to_one_worker_until_its_transaction_ends() throws SQLException {
        assertThat(claim(one, null)).isEqualTo(1);
        assertThat(claim(other, null)).isEqualTo(2);

        one.rollback();

        assertThat(claim(one, null)).isEqualTo(1);
    }

    @Test
    void a_chunk_is_compressed_when_all_its_slices_are_there() throws SQLException {
        copy(one, 1);
        assertThat(SliceQueries.claimCompression(one)).isEmpty();
        copy(one, 2);

        assertThat(SliceQueries.claimCompression(one)).contains(1);
        assertThat(SliceQueries.claimCompression(other)).as("held by another").isEmpty();
        SliceQueries.markCompression(one, 1, new Doer(attempt, "w"), Duration.ZERO);
        one.commit();
        assertThat(SliceQueries.claimCompression(other)).isEmpty();
        assertThat(SliceQueries.isAnyOpen(other)).isTrue();
    }

    @Test
    void beyond_the_bound_chunks_that_were_begun_are_finished_and_none_is_begun() throws SQLException {
        copy(one, 1);
        assertThat(claim(one, 101L)).as("below the bound").isEqualTo(2);
        assertThat(claim(other, 101L)).isEqualTo(3);
        other.rollback();

        assertThat(SliceQueries.claimSlice(other, 100L)).as("at the bound").isEmpty();

        one.rollback();
        assertThat(claim(other, 100L)).as("of the chunk that was begun").isEqualTo(2);
        other.rollback();
        copy(other, 2);
        assertThat(SliceQueries.claimSlice(other, 100L))
                .as("not compressed yet")
                .isEmpty();
        SliceQueries.markCompression(other, 1, new Doer(attempt, "w"), Duration.ZERO);
        other.commit();
        assertThat(claim(other, 100L)).isEqualTo(3);
    }

    @Test
    void compressed_tuples_are_let_in_at_any_time() throws SQLException {
        copy(one, 1);
        SliceQueries.acceptTuples(one, 3, "there");
        one.commit();

        Optional<Claimed> claimed = SliceQueries.claimSlice(other, 2L);
        assertThat(claimed).contains(new Claimed(2, null, false));
        assertThat(SliceQueries.claimSlice(one, 2L)).contains(new Claimed(3, "there", false));
    }

    private static int claim(Connection connection, @Nullable Long bound) throws SQLException {
        return SliceQueries.claimSlice(connection, bound).orElseThrow().position();
    }

    private void copy(Connection connection, int position) throws SQLException {
        Jdbc.execute(connection, "SELECT 1");
        SliceQueries.markSlice(
                connection,
                position,
                new Doer(attempt, "w"),
                new SliceMark(Reading.SNAPSHOT, false, new Digest(1, BigDecimal.ONE)),
                1,
                Duration.ZERO);
        connection.commit();
    }
}
