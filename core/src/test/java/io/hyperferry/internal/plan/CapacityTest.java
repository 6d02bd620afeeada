package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.Migration;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.Index;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ServerSettings;
import io.hyperferry.catalog.Table;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What the target's settings are too small for, without a database. */
class CapacityTest {
    private static final QualifiedName READINGS = QualifiedName.of("public", "readings");
    private static final long GB = 1L << 30;
    private static final long DAY = 87_808_000_000L;

    private final Migration migration =
            Migration.from("postgres://nowhere/source").to("postgres://nowhere/target");

    @Test
    void an_index_on_more_chunks_than_there_are_locks_for_blocks_and_says_how_many_it_takes() {
        Index index = new Index(READINGS, "i", "CREATE INDEX i ON public.readings USING btree (time)");
        DatabaseCatalog enough =
                readings(4_494, 0).toBuilder().indexes(List.of(index)).build();
        DatabaseCatalog more =
                readings(4_495, 0).toBuilder().indexes(List.of(index)).build();

        assertThat(problems(enough, ServerSettings.DEFAULTS)).isEmpty();
        assertThat(problems(readings(4_495, 0), ServerSettings.DEFAULTS)).isEmpty();
        assertThat(problems(more, ServerSettings.DEFAULTS)).singleElement().satisfies(it -> {
            assertThat(it.code()).isEqualTo(Code.TOO_FEW_LOCKS);
            assertThat(it.blocks()).isTrue();
            assertThat(it.object()).isEqualTo("public.readings");
            assertThat(it.message()).contains("8,990 locks", "room for 7,808");
            assertThat(it.remedy()).startsWith("ALTER SYSTEM SET max_locks_per_transaction = 180;");
        });
    }

    @Test
    void rows_that_force_many_checkpoints_are_worth_a_warning_and_the_remedy_silences_it() {
        assertThat(problems(readings(3, 8 * GB), ServerSettings.DEFAULTS)).isEmpty();
        Problem problem =
                problems(readings(3, 100 * GB), ServerSettings.DEFAULTS).get(0);

        assertThat(problem.code()).isEqualTo(Code.WAL_LIMIT_LOW);
        assertThat(problem.blocks()).isFalse();
        assertThat(problem.message()).contains("1.0 GB of WAL", "100 GB of rows");
        assertThat(problem.remedy()).startsWith("ALTER SYSTEM SET max_wal_size = '16384MB'; SELECT pg_reload_conf();");
        assertThat(problems(readings(3, 100 * GB), new ServerSettings(100, 7_808, 16 * GB)))
                .isEmpty();
        assertThat(problems(readings(3, 100_000 * GB), new ServerSettings(100, 7_808, 64 * GB)))
                .as("more than anybody would set")
                .isEmpty();
    }

    @Test
    void the_text_of_a_plan_says_how_much_room_its_rows_take() {
        String text = migration.plan(readings(4, 4 * GB), TestCatalogs.target()).toText();

        assertThat(text).contains("room on the target, without indexes: 4.0 GB\n");
    }

    private List<Problem> problems(DatabaseCatalog source, ServerSettings settings) {
        DatabaseCatalog target =
                DatabaseCatalog.empty(TestCatalogs.server("target").withSettings(settings));
        return migration.plan(source, target).problems();
    }

    private static DatabaseCatalog readings(int chunks, long bytes) {
        DatabaseCatalog source = TestCatalogs.source();
        Table table = source.table(READINGS).orElseThrow();
        Hypertable hypertable = source.hypertable(READINGS).orElseThrow();
        return DatabaseCatalog.builder(source.server())
                .tables(List.of(new Table(READINGS, 10, Table.Kind.HYPERTABLE, table.columns(), 1, bytes)))
                .hypertables(List.of(Hypertable.of(
                        READINGS,
                        List.of(hypertable.time()),
                        LongStream.range(0, chunks)
                                .mapToObj(i -> new Chunk(
                                        QualifiedName.of("_timescaledb_internal", "c" + i),
                                        i,
                                        List.of(new DimensionRange("time", i * DAY, (i + 1) * DAY)),
                                        0,
                                        1,
                                        bytes / chunks))
                                .toList())))
                .build();
    }
}
