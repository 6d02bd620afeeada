package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.TestCatalogs;
import io.hyperferry.TimeRange;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Table;
import io.hyperferry.internal.plan.CompressedTransfer.Decision;
import io.hyperferry.internal.plan.Slicer.Piece;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A range of time, in the units of hypertables. */
class TimeWindowTest {
    private static final int ROUNDS = 2_000;
    private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

    private final Migration migration = Migration.from("postgres://nowhere/source")
            .to("postgres://nowhere/target")
            .integerTimeUnit(ChronoUnit.MILLIS);

    private static Hypertable hypertable(String type, List<Chunk> chunks) {
        return Hypertable.of(QualifiedName.of("s", "t"), List.of(TimeDimension.of("time", type, 1)), chunks);
    }

    private MigrationPlan planOf(Migration how, String type) {
        QualifiedName name = QualifiedName.of("s", "t");
        DatabaseCatalog source = DatabaseCatalog.builder(TestCatalogs.server("metrics"))
                .tables(List.of(new Table(name, 1, Table.Kind.HYPERTABLE, List.of(), 0, 0)))
                .hypertables(List.of(hypertable(
                        type,
                        List.of(TestCatalogs.chunk(
                                "c", List.of(new DimensionRange("time", Long.MIN_VALUE, Long.MAX_VALUE)))))))
                .build();
        return how.plan(source, TestCatalogs.target());
    }

    @ParameterizedTest
    @CsvSource({
        "timestamp with time zone, 2026-01-01T00:00:00.000000001Z, 1767225600000001",
        "timestamp without time zone, 2026-01-01T00:00:00Z, 1767225600000000",
        "timestamp with time zone, 1969-12-31T23:59:59.9999995Z, 0",
        "timestamp with time zone, -1000000000-01-01T00:00:00Z, -9223372036854775808",
        "timestamp with time zone, -4800-01-01T00:00:00Z, -9223372036854775808",
        "bigint, 2026-01-01T00:00:00.0005Z, 1767225600001",
        "integer, 1969-12-31T23:59:59.9995Z, 0",
    })
    void a_bound_is_the_first_whole_unit_from_it_on(String type, Instant from, long expected) {
        TableData table = planOf(migration.since(from), type).tables().get(0);

        assertThat(table.from()).isEqualTo(expected);
        assertThat(table.to()).isEqualTo(Long.MAX_VALUE);
        assertThat(table.slices().get(0).from()).isEqualTo(expected);
    }

    @Test
    void a_date_is_in_the_range_when_its_midnight_is() {
        String sql = planOf(
                        migration.between(Instant.parse("2026-01-01T00:00:01Z"), Instant.parse("2026-01-05T00:00:00Z")),
                        "date")
                .toSql();

        assertThat(sql).contains("WHERE \"time\" >= DATE '2026-01-02' AND \"time\" < DATE '2026-01-05'");
    }

    @Test
    void nothing_is_before_the_first_timestamp_and_its_literal_is_one() {
        assertThat(planOf(migration.until(Instant.MIN), "timestamp with time zone")
                        .toSql())
                .contains("WHERE \"time\" < TIMESTAMPTZ '4714-11-24 00:00:00+00 BC'");
    }

    /** Chunks anywhere, and a window anywhere: exactly the part of the chunks that is in it is tiled. */
    @Test
    void slices_tile_what_of_the_chunks_is_inside() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<Chunk> chunks = new ArrayList<>();
            long at = random.nextInt(1_000);
            for (int i = 0; i < 5; i++) {
                long end = at + 1 + random.nextInt(1_000);
                chunks.add(TestCatalogs.chunk(
                        "c" + i,
                        List.of(new DimensionRange(
                                "time",
                                i == 0 && random.nextInt(4) == 0 ? Long.MIN_VALUE : at,
                                i == 4 && random.nextInt(4) == 0 ? Long.MAX_VALUE : end))));
                at = end + (random.nextBoolean() ? 0 : random.nextInt(500));
            }
            long from = random.nextInt(3) == 0 ? Long.MIN_VALUE : random.nextInt(4_000);
            long to = random.nextInt(3) == 0 ? Long.MAX_VALUE : Math.max(0, from) + 1 + random.nextInt(3_000);
            TimeWindow window = new TimeWindow(from, to);
            OptionalLong width = random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(1 + random.nextInt(300));
            List<Chunk> inside = chunks.stream()
                    .filter(it -> window.touches(it.ranges().get(0)))
                    .toList();

            List<Piece> all = new Slicer(hypertable("bigint", inside), width, window).cut(Decision.LATE);

            String context = "seed " + seed + ", round " + round;
            for (Chunk chunk : chunks) {
                DimensionRange range = chunk.ranges().get(0);
                List<Piece> pieces =
                        all.stream().filter(it -> it.chunk().equals(chunk)).toList();
                long first = Math.max(range.from(), from);
                long end = Math.min(range.to(), to);
                if (first >= end) {
                    assertThat(pieces).as(context).isEmpty();
                    continue;
                }
                assertThat(pieces.get(0).from()).as(context).isEqualTo(first);
                assertThat(pieces.get(pieces.size() - 1).to()).as(context).isEqualTo(end);
                for (int i = 1; i < pieces.size(); i++) {
                    assertThat(pieces.get(i).from())
                            .as(context)
                            .isEqualTo(pieces.get(i - 1).to());
                }
                boolean whole = first == range.from() && end == range.to() && pieces.size() == 1;
                assertThat(pieces).as(context).allMatch(it -> it.wholeChunk() == whole);
            }
        }
    }

    @Test
    void chunks_outside_are_not_made_and_those_on_a_bound_travel_in_part() {
        MigrationPlan plan = migration
                .between(NEW_YEAR.plus(36, ChronoUnit.HOURS), NEW_YEAR.plus(48, ChronoUnit.HOURS))
                .plan(TestCatalogs.source(), TestCatalogs.target());

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.toSql())
                .contains(
                        "create_chunk('\"public\".\"readings\"'::regclass, '{\"time\": [1767312000000000, 1767398400000000]}')")
                .doesNotContain("[1767225600000000", "[1767398400000000", "Events\"'::regclass, '{");
        assertThat(plan.tables())
                .extracting(it -> it.table().name(), it -> it.slices().size())
                .containsExactly(tuple("readings", 1), tuple("sensors", 1), tuple("Events", 0));
        assertThat(plan.tables().get(0).slices().get(0).wholeChunk()).isFalse();
        assertThat(plan.tables().get(1).slices().get(0).mode()).isEqualTo(Slice.Mode.WHOLE);
        assertThat(plan.toText())
                .contains("rows of hypertables and continuous aggregates other than those"
                        + " from 2026-01-02T12:00:00Z to before 2026-01-03T00:00:00Z");
        assertThat(MigrationPlan.fromJson(plan.toJson())).isEqualTo(plan);
    }

    @Test
    void a_bucket_that_reaches_into_the_range_travels_and_no_bound_is_refreshed_over() {
        Instant from = NEW_YEAR.plus(90, ChronoUnit.MINUTES);
        Instant to = NEW_YEAR.plus(4_290, ChronoUnit.MINUTES);
        Hypertable storage = TestCatalogs.withAggregates().aggregates().get(0).storage();

        Scope scope = Scope.of(TestCatalogs.withAggregates(), planOptions(migration.between(from, to)));

        assertThat(storage.chunks()).hasSize(1);
        assertThat(scope.kept().aggregates().get(0).state().covered())
                .as(
                        "without the days of both bounds, by which the aggregate over it counts, and the hour that clocks may be moved by")
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.lowest()).isEqualTo(TestCatalogs.NEW_YEAR + (90 + 1_500L) * 60_000_000);
                    assertThat(it.greatest()).isEqualTo(TestCatalogs.NEW_YEAR + (4_290 - 1_500L) * 60_000_000 - 1);
                });
        MigrationPlan plan = migration.between(from, to).plan(TestCatalogs.withAggregates(), TestCatalogs.target());
        assertThat(plan.toSql())
                .contains("\"bucket\" >= TIMESTAMPTZ '2026-01-01 00:30:00.000001+00'"
                        + " AND \"bucket\" < TIMESTAMPTZ '2026-01-03 00:00:00+00'");
    }

    private PlanOptions planOptions(Migration how) {
        return how.plan(TestCatalogs.withAggregates(), TestCatalogs.target()).options();
    }

    @Test
    void integer_time_without_a_unit_and_time_without_ranges_block() {
        Migration unknown = Migration.from("postgres://nowhere/source").to("postgres://nowhere/target");

        assertThat(planOf(unknown.since(NEW_YEAR), "bigint").problems())
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.code()).isEqualTo(Problem.Code.INTEGER_TIME_UNIT_UNKNOWN);
                    assertThat(it.blocks()).isTrue();
                    assertThat(it.remedy()).contains("--integer-time-unit");
                });
        assertThat(planOf(migration.since(NEW_YEAR), "uuid").problems())
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.code()).isEqualTo(Problem.Code.RANGE_NOT_EXPRESSIBLE);
                    assertThat(it.blocks()).isTrue();
                });
    }

    @Test
    void a_range_is_said_once_and_ends_after_it_begins() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> migration.between(NEW_YEAR, NEW_YEAR))
                .withMessageContaining("2026-01-01T00:00:00Z");
        assertThatIllegalStateException()
                .isThrownBy(() -> migration.since(NEW_YEAR).until(NEW_YEAR.plusSeconds(1)))
                .withMessageContaining("from 2026-01-01T00:00:00Z on already");
        assertThat(new TimeRange(null, NEW_YEAR)).hasToString("before 2026-01-01T00:00:00Z");
    }
}
