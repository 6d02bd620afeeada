package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.Consistency;
import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Slice;
import io.hyperferry.Slice.Mode;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Table;
import io.hyperferry.catalog.Version;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Large plain tables in ranges of pages. */
class PageRangesTest {
    private static final long PAGE = 8192;
    private static final long MB = 1L << 20;
    private static final long GB = 1L << 30;
    private static final int ROUNDS = 2_000;

    private final Migration migration =
            Migration.from("postgres://nowhere/source").to("postgres://nowhere/target");

    private MigrationPlan plan(Migration how, ServerInfo server, long bytes, long pages) {
        DatabaseCatalog source = DatabaseCatalog.builder(server)
                .tables(List.of(new Table(
                        QualifiedName.of("public", "orders"),
                        1,
                        Table.Kind.PLAIN,
                        List.of(Column.of("id", "bigint")),
                        bytes / 100,
                        bytes,
                        List.of(),
                        pages)))
                .build();
        return how.plan(source, TestCatalogs.target());
    }

    private List<Slice> slices(long bytes, long pages) {
        return plan(migration, TestCatalogs.server("metrics"), bytes, pages)
                .slices()
                .toList();
    }

    @Test
    void pages_are_tiled_from_the_first_to_beyond_the_last() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            // Rows that are stored out of line take bytes, and no pages.
            long bytes = 1 + Math.floorMod(random.nextLong(), 300 * GB);
            long pages = Math.max(1, bytes / PAGE / (1 + random.nextInt(20)));
            List<Slice> slices = slices(bytes, pages);
            String context = "seed " + seed + ", round " + round;
            if (slices.size() == 1) {
                assertThat(slices.get(0).mode()).as(context).isEqualTo(Mode.WHOLE);
                assertThat(bytes).as(context).isLessThan(128 * MB);
                continue;
            }
            assertThat(slices).as(context).allMatch(it -> it.mode() == Mode.CTID);
            assertThat(slices.get(0).from()).as(context).isZero();
            assertThat(slices.get(slices.size() - 1).to()).as(context).isEqualTo(Long.MAX_VALUE);
            for (int i = 0; i < slices.size(); i++) {
                assertThat(slices.get(i).from())
                        .as(context)
                        .isLessThan(slices.get(i).to());
                assertThat(slices.get(i).estimatedBytes())
                        .as(context)
                        .isBetween(PageRanges.SMALLEST_BYTES, PageRanges.LARGEST_BYTES);
                if (i > 0) {
                    assertThat(slices.get(i).from())
                            .as(context)
                            .isEqualTo(slices.get(i - 1).to());
                }
            }
        }
    }

    @Test
    void the_size_decides_how_many_pieces_there_are() {
        assertThat(slices(128 * MB - 1, 128 * MB / PAGE)).hasSize(1);
        assertThat(slices(128 * MB, 128 * MB / PAGE)).hasSize(2);
        assertThat(slices(4 * GB, 4 * GB / PAGE)).hasSize(16);
        assertThat(slices(100 * GB, 100 * GB / PAGE)).hasSize(100);
    }

    @Test
    void a_piece_is_read_by_its_pages_and_the_last_one_has_no_end() {
        String sql = plan(migration, TestCatalogs.server("metrics"), 128 * MB, 16_384)
                .toSql();

        assertThat(sql)
                .contains("COPY (SELECT \"id\" FROM ONLY \"public\".\"orders\" WHERE ctid >= '(0,0)'::tid"
                        + " AND ctid < '(8192,0)'::tid) TO STDOUT (FORMAT binary);")
                .contains("COPY (SELECT \"id\" FROM ONLY \"public\".\"orders\" WHERE ctid >= '(8192,0)'::tid)"
                        + " TO STDOUT (FORMAT binary);")
                .contains("AS digest FROM ONLY \"public\".\"orders\" WHERE ctid >= '(8192,0)'::tid;");
    }

    @Test
    void pages_are_not_used_where_they_mean_nothing_or_cannot_be_read_by_range() {
        ServerInfo now = TestCatalogs.server("metrics");
        ServerInfo old = now.withPostgres(Version.parse("13.22"));

        assertThat(List.of(
                        plan(migration.consistency(Consistency.EACH_SLICE), now, GB, GB / PAGE),
                        plan(migration, old, GB, GB / PAGE),
                        plan(migration, now, GB, 0)))
                .allSatisfy(plan -> assertThat(plan.slices())
                        .singleElement()
                        .satisfies(it -> assertThat(it.mode()).isEqualTo(Mode.WHOLE)));
    }

    @Test
    void a_plan_with_pages_survives_json() {
        MigrationPlan plan = plan(migration, TestCatalogs.server("metrics"), GB, GB / PAGE);

        assertThat(MigrationPlan.fromJson(plan.toJson())).isEqualTo(plan);
    }
}
